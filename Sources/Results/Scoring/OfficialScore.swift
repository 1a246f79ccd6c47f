import Basics
import Evaluation

/// The competition's score of a submission.
public struct OfficialScore: Sendable, Equatable {
    /// By query, for the queries that both submission and labels have.
    public let averagePrecision: [String: Double]

    /// The mean over those queries, 0 where there is none.
    public var meanAveragePrecision: Double {
        let values = averagePrecision.sorted { $0.key < $1.key }.map(\.value)
        return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    /// Scores a submission as the official script does: it drops queries that are left out, ignores those that the
    /// labels do not have, and counts repeated and surplus rows.
    ///
    /// - Parameters:
    ///   - strict: Refuses all of that instead, and with `questions` a query's own photograph among its answers.
    ///   - questions: The photograph of each query, where it is known; see ``StrictScoring``.
    /// - Throws: ``ScoringError/refused(_:)`` with every finding, when strict.
    public init(
        _ submission: Submission, labels: Labels, strict: Bool = false, questions: [String: String] = [:]
    ) throws {
        if strict {
            let problems = StrictScoring(submission, labels: labels, questions: questions).problems
            guard problems.isEmpty else { throw ScoringError.refused(problems) }
        }
        let rows = Dictionary(grouping: submission.rows, by: \.queryID)
        var result: [String: Double] = [:]
        for (query, answers) in labels.answers {
            guard let rows = rows[query] else { continue }
            result[query] = AveragePrecision.official(
                rows.map { .init(score: $0.score, isRelevant: answers.contains($0.imageID)) }, relevant: answers.count)
        }
        averagePrecision = result
    }
}
