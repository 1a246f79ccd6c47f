import Basics
import Configuration
import Evaluation

/// What a run amounts to, in one line: the score, whether training helped, and what to be careful about.
public struct Headline: Sendable, Equatable {
    private let evaluation: JSONValue
    private let isTrained: Bool

    /// - Parameter isTrained: Whether the configuration trains any member.
    init(evaluation: JSONValue, isTrained: Bool) {
        self.evaluation = evaluation
        self.isTrained = isTrained
    }

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
        let first = evaluation[path: "pooled.top1"]?.double
            .map { "; the right animal is first for \(NumberText.percent($0, 0))" } ?? ""
        return "\(metric) \(NumberText.fixed(map, 3))\(ends) over "
            + NumberText.counted(queries, "query", "queries") + first + "."
            + (isTrained ? "" : " Nothing was trained.")
    }

    /// What makes the score better than it is.
    private var warning: String? {
        guard evaluation[path: "contract.encounters_known"]?.bool == false else { return nil }
        return "No encounters are known: the score is flattering where query and answer were taken together."
    }
}

extension Project {
    /// The headline of the evaluation that is there and current; nil where there is none.
    public func headline() async throws -> Headline? { try headline(await inspector(of: [.evaluate])) }

    func headline(_ inspector: Inspector) throws -> Headline? {
        guard let status = inspector.statuses[Node(.evaluate)], status.state.isUsable, let key = status.key else {
            return nil
        }
        let file = store.folder(of: .evaluate, key: key).appending(path: EvaluateStage.evaluation)
        return Headline(
            evaluation: try JSONValue.read(file),
            isTrained: configuration.train.members.contains(where: configuration.train.trains))
    }
}
