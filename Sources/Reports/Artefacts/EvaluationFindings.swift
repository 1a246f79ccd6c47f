import Basics
import Evaluation
import Results

extension Comparison {
    /// The rankings before and after query extension, by query; queries whose ranking before is not known are left out.
    init(ofExtension queries: [QueryRow]) {
        let before = queries.compactMap { row in
            row.averagePrecisionBefore.map { precision in
                QueryRow(
                    scenario: row.scenario, id: row.id, imageID: row.imageID, whaleID: row.whaleID,
                    viewpoint: row.viewpoint, relevant: row.relevant, averagePrecision: precision,
                    averagePrecisionBefore: precision, firstHitRank: nil, cause: row.cause)
            }
        }
        self.init(old: before, new: queries, oldSeeds: [], newSeeds: [])
    }
}

/// Conclusions from an evaluation, in sentences.
struct EvaluationFindings: Codable {
    /// The score, and the reason that it is too high, if there is one.
    let score: String
    /// What marks and networks are worth; nil if marks are not matched.
    @OrNull private(set) var parts: String?
    /// Whether training helped; nil if that is not known.
    @OrNull private(set) var training: String?
    /// Whether query extension helps.
    let `extension`: String
    /// Whether the probabilities of new animals can be trusted; nil if none were predicted.
    @OrNull private(set) var probabilities: String?

    init(_ evaluation: EvaluationResult, _ queries: [QueryRow]) {
        let headline = Headline(evaluation)
        (score, parts, training) = (headline.score, headline.parts, headline.training)
        let expanded = evaluation.expanded
        if expanded.steps.isEmpty {
            self.extension = "There was no query extension."
        } else if let before = expanded.before, let after = expanded.after {
            let comparison = Comparison(ofExtension: queries)
            let verdict =
                switch comparison.verdict {
                case .better: "It helped"
                case .worse: "It harmed"
                case .undecided: "It is not shown to help"
                }
            let ends = comparison.interval.map { ", 95% interval \(NumberText.changeInterval($0, 3))" }
            self.extension =
                "\(verdict): mAP@\(AveragePrecision.limit) went from \(NumberText.fixed(before.map, 3)) to "
                + "\(NumberText.fixed(after.map, 3)) (\(NumberText.change(from: before.map, to: after.map, 3))\(ends ?? "")). "
                + "The average precision rose for \(expanded.gained) queries, fell for \(expanded.lost) and stayed the same for "
                + "\(expanded.unchanged)."
        } else {
            self.extension = "No query has a match in the database, so its effect is unknown."
        }
        probabilities = evaluation.novelty.brier.map { brier in
            let error = evaluation.novelty.calibrationError.map {
                "; on average they are \(NumberText.fixed(100 * $0, 1)) percentage points from the observed shares"
            }
            // Always saying 50% is off by a half each time, whose square is the score.
            let constant = 0.25
            let gain = 1 - brier / constant
            let finding =
                gain > 0
                ? "The probabilities remove \(NumberText.percent(gain, 0)) of the error of always saying 50%"
                : "The probabilities are no better than always saying 50%"
            return "\(finding) (Brier score \(NumberText.fixed(brier, 3)) against "
                + "\(NumberText.fixed(constant, 3)))\(error ?? "")."
        }
    }
}
