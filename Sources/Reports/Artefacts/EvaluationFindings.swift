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
    /// What marks change on top of the networks, and networks on top of marks; nil if that was not tested.
    @OrNull private(set) var marks: String?
    @OrNull private(set) var network: String?
    /// Which of the two leads on validation, and whether it does so on the test; nil without a choice between them.
    @OrNull private(set) var validation: String?
    /// Whether training helped; nil if that is not known.
    @OrNull private(set) var training: String?
    /// What training changes for the networks alone; nil if marks are not matched, or that is not known.
    @OrNull private(set) var networkTraining: String?
    /// Whether query extension helps.
    let `extension`: String
    /// How many queries it changed.
    let extensionQueries: String
    /// Whether the probabilities of new animals can be trusted; nil if none were predicted.
    @OrNull private(set) var probabilities: String?

    private enum CodingKeys: String, CodingKey {
        case score, parts, marks, network, validation, training, `extension`, probabilities
        case networkTraining = "network_training"
        case extensionQueries = "extension_queries"
    }

    init(_ evaluation: EvaluationResult, _ queries: [QueryRow]) {
        let headline = Headline(evaluation)
        (score, parts) = (headline.score, headline.parts)
        training = headline.training.map { finding in
            let first = evaluation.untrained?.summary.map {
                " Without training, the correct animal comes first for \(NumberText.percent($0.top1))."
            }
            return finding + (first ?? "")
        }
        if let fusion = evaluation.fusion {
            networkTraining = fusion.trainingFinding
            validation = fusion.validationLead
            marks = Self.effect(
                fusion.tests.both, from: fusion.network.pooled, to: fusion.both.pooled,
                isPlural: true, with: fusion.parts.contains(.geometry) ? "With the geometric check, " : "")
            network = fusion.tests.network.flatMap {
                Self.effect($0, from: fusion.marks.pooled, to: fusion.both.pooled)
            }
        }
        let expanded = evaluation.expanded
        if expanded.steps.isEmpty {
            self.extension = "There was no query extension."
            extensionQueries = "No query changed."
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
                + "\(NumberText.fixed(after.map, 3)) (\(NumberText.change(from: before.map, to: after.map, 3))\(ends ?? ""))."
            extensionQueries =
                "The average precision rose for \(NumberText.counted(expanded.gained, "query", "queries")), fell for "
                + "\(expanded.lost) and stayed the same for \(expanded.unchanged)."
        } else {
            self.extension = "No query has a match in the database, so its effect is unknown."
            extensionQueries = "No query could be compared."
        }
        probabilities = evaluation.novelty.brier.map { brier in
            let error = evaluation.novelty.calibrationError.map {
                "; on average they are \(NumberText.fixed(100 * $0, 1)) percentage points from the observed shares"
            }
            // Always saying 50% is off by a half each time, whose square is the score.
            let constant = 0.25
            let gain = 1 - brier / constant
            let finding =
                if gain <= 0 {
                    "Do not rely on the probabilities: they are no better than always saying 50%"
                } else if gain < 0.1 {
                    "Do not rely on the probabilities: they are hardly better than always saying 50%"
                } else {
                    "The probabilities remove \(NumberText.percent(gain, 0)) of the error of always saying 50%"
                }
            return "\(finding) (Brier score \(NumberText.fixed(brier, 3)) against "
                + "\(NumberText.fixed(constant, 3)))\(error ?? "")."
        }
    }

    /// What joining a score changes, after the opening words `circumstance`; nil without an answerable query.
    private static func effect(
        _ test: FusionMeasures.Test, from old: Summary?, to new: Summary?, isPlural: Bool = false,
        with circumstance: String = ""
    ) -> String? {
        guard let old, let new else { return nil }
        let score = "mAP@\(AveragePrecision.limit)"
        let (before, after) = (NumberText.fixed(old.map, 3), NumberText.fixed(new.map, 3))
        let numbers = "\(score) from \(before) to \(after)"
        let probability = NumberText.probability(test.probability)
        func subject(_ verb: String) -> String {
            "\(circumstance)\(isPlural ? "they \(verb)" : "it \(verb)s")".capitalisingFirst
        }
        return switch test.verdict {
        case .better: "\(subject("raise")) \(numbers) (\(probability))."
        case .worse: "\(subject("lower")) \(numbers) (\(probability))."
        case .undecided where before == after: "\(subject("leave")) \(score) at \(after)."
        case .undecided: "\(subject("change")) \(numbers), which may be chance (\(probability))."
        }
    }
}
