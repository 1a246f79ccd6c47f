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
            let text = NumberText.fixed(brier, 3)
            return "\(Self.conclusion(brier)): the Brier score is \(text), and that of always saying 50% is 0.250."
                + (error ?? "")
        }
    }

    /// A constant prediction of 50% scores 0.25.
    private static func conclusion(_ brier: Double) -> String {
        switch brier {
        case ..<0.2: "The probabilities are informative"
        case ..<0.24: "The probabilities are a little better than none"
        case ..<0.25: "The probabilities are hardly better than none"
        default: "The probabilities are no better than none"
        }
    }
}
