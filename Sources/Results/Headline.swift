import Basics
import Evaluation

/// What a run amounts to, in one line: the score, whether training helped, and what to be careful about.
public struct Headline: Sendable, Equatable {
    /// The sentences, each with its full stop.
    public let text: String

    /// Sums up an evaluation.
    public init(_ evaluation: EvaluationResult) {
        text = [Self.finding(evaluation), Self.warning(evaluation.contract), evaluation.training?.advice]
            .compactMap(\.self).joined(separator: " ")
    }

    private static func finding(_ evaluation: EvaluationResult) -> String {
        if let effect = evaluation.training { return effect.finding + "." }
        guard let pooled = evaluation.pooled.summary else {
            return "No query has an answer in the database, so there is no score."
        }
        let contract = evaluation.contract
        let ends = pooled.interval.map { " (95% interval \(NumberText.interval($0, 3)))" } ?? ""
        return "\(contract.metric) \(NumberText.fixed(pooled.map, 3))\(ends) over "
            + NumberText.counted(contract.queries, "query", "queries")
            + "; the right animal is first for \(NumberText.percent(pooled.top1, 0))."
            + (contract.trained ? "" : " Nothing was trained.")
    }

    /// What makes the score better than it is.
    private static func warning(_ contract: EvaluationContract) -> String? {
        contract.encountersKnown
            ? nil : "No encounters are known: the score is flattering where query and answer were taken together."
    }
}
