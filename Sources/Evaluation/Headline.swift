import Basics

/// What a run amounts to, in one line: the score, whether training helped, and what to be careful about.
public struct Headline: Sendable, Equatable {
    private let evaluation: JSONValue

    /// Takes the contents of `evaluation.json`.
    public init(_ evaluation: JSONValue) { self.evaluation = evaluation }

    /// The sentences, each with its full stop.
    public var text: String {
        ([finding] + [warning, TrainingEffect(evaluation["training"])?.advice].compactMap(\.self))
            .joined(separator: " ")
    }

    private var finding: String {
        if let effect = TrainingEffect(evaluation["training"]) { return effect.finding + "." }
        guard let map = evaluation[path: "pooled.map"]?.double,
            let queries = evaluation[path: "contract.queries"]?.integer
        else { return "No query has an answer in the database, so there is no score." }
        let metric = evaluation[path: "contract.metric"]?.string ?? "mAP"
        let interval = evaluation[path: "pooled.interval"]?.numbers ?? []
        let ends = interval.count == 2 ? " (95% interval \(NumberText.interval(interval[0]...interval[1], 3)))" : ""
        let first =
            evaluation[path: "pooled.top1"]?.double
            .map { "; the right animal is first for \(NumberText.percent($0, 0))" } ?? ""
        return "\(metric) \(NumberText.fixed(map, 3))\(ends) over "
            + NumberText.counted(queries, "query", "queries") + first + "."
            + (evaluation[path: "contract.trained"]?.bool == false ? " Nothing was trained." : "")
    }

    /// What makes the score better than it is.
    private var warning: String? {
        guard evaluation[path: "contract.encounters_known"]?.bool == false else { return nil }
        return "No encounters are known: the score is flattering where query and answer were taken together."
    }
}
