import Basics
import Foundation

/// The scenarios of an evaluation as one file: names, queries and databases.
public struct ScenarioSet: Sendable, Equatable {
    public let scenarios: [Scenario]

    /// Creates a set.
    public init(_ scenarios: [Scenario]) { self.scenarios = scenarios }

    /// Writes the set as JSON: a list, since the order of scenarios is that of the submission.
    public func write(to url: URL) throws {
        let list = scenarios.map { scenario -> JSONValue in
            [
                "id": .string(scenario.id),
                "queries": .array(
                    scenario.queries.map { ["query_id": .string($0.id), "query_image_id": .string($0.imageID)] }),
                "database": .array(scenario.database.map(JSONValue.string)),
            ]
        }
        try AtomicFile.write(JSONValue.object(["scenarios": .array(list)]).text, to: url)
    }

    /// Reads what ``write(to:)`` wrote.
    ///
    /// - Throws: ``FileError``.
    public static func read(_ url: URL) throws -> ScenarioSet {
        let list = try JSONValue.read(url)["scenarios"]?.array
        let scenarios = list?.compactMap { entry -> Scenario? in
            guard let id = entry["id"]?.string, let queries = entry["queries"]?.array,
                let database = entry["database"]?.array
            else { return nil }
            let asked = queries.compactMap { query -> Scenario.Query? in
                guard let id = query["query_id"]?.string, let image = query["query_image_id"]?.string else {
                    return nil
                }
                return Scenario.Query(id: id, imageID: image)
            }
            return Scenario(id: id, queries: asked, database: database.compactMap(\.string))
        }
        guard let scenarios, scenarios.count == list?.count else {
            throw FileError.malformed(
                path: url.path, line: nil, problem: "this is no list of scenarios", remedy: "Run 'split' again.")
        }
        return ScenarioSet(scenarios)
    }
}
