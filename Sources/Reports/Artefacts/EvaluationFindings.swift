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
    /// Whether query extension helps.
    let `extension`: String
    /// Whether the probabilities of new animals can be trusted; nil if none were predicted.
    @OrNull private(set) var probabilities: String?

    init(_ evaluation: EvaluationResult, _ queries: [QueryRow]) {
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
            let ends = comparison.interval.map {
                ", 95% interval \(NumberText.signed($0.lowerBound, 3)) to \(NumberText.signed($0.upperBound, 3))"
            }
            self.extension =
                "\(verdict): mAP@\(AveragePrecision.limit) went from \(NumberText.fixed(before.map, 3)) to "
                + "\(NumberText.fixed(after.map, 3)) (\(NumberText.change(from: before.map, to: after.map, 3))\(ends ?? "")); "
                + "\(expanded.gained) queries gained, \(expanded.lost) lost and \(expanded.unchanged) did not change."
        } else {
            self.extension = "No query has a match in the database, so its effect is unknown."
        }
        probabilities = evaluation.novelty.brier.map { brier in
            let error = evaluation.novelty.calibrationError.map {
                " On average they are \(NumberText.fixed(100 * $0, 1)) percentage points from the observed shares."
            }
            // Always saying 50% is off by a half each time, whose square is the score.
            let constant = 0.25
            let gain = 1 - brier / constant
            let conclusion =
                gain > 0
                ? "so the probabilities remove \(NumberText.percent(gain, 0)) of that error"
                : "so the probabilities are no better than that"
            return "The Brier score is \(NumberText.fixed(brier, 3)); always saying 50% scores "
                + "\(NumberText.fixed(constant, 3)), \(conclusion).\(error ?? "")"
        }
    }
}
