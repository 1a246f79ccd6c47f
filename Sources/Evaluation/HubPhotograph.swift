import Basics

/// A photograph that comes up in unusually many lists where it is wrong.
public struct HubPhotograph: Sendable, Equatable {
    public let imageID: String
    public let scenario: String
    /// Queries of the scenario that have it, wrong, among their first answers.
    public let wrong: Int
    public let queries: Int
    /// What the mean photograph of the database has in place of ``wrong``.
    public let mean: Double

    /// How many answers of a list count.
    public static let depth = Hubs.depth

    init(imageID: String, scenario: String, wrong: Int, queries: Int, mean: Double) {
        self.imageID = imageID
        self.scenario = scenario
        self.wrong = wrong
        self.queries = queries
        self.mean = mean
    }

    /// An element of `causes.hubs` in `evaluation.json`.
    var json: JSONValue {
        [
            "image_id": .string(imageID), "scenario": .string(scenario), "wrong": .number(Double(wrong)),
            "queries": .number(Double(queries)), "mean": .number(mean),
        ]
    }

    /// Reads ``json`` back; nil where a part is missing.
    public init?(_ json: JSONValue) {
        guard let image = json["image_id"]?.string, let scenario = json["scenario"]?.string,
            let wrong = json["wrong"]?.integer, let queries = json["queries"]?.integer, let mean = json["mean"]?.double
        else { return nil }
        self.init(imageID: image, scenario: scenario, wrong: wrong, queries: queries, mean: mean)
    }
}
