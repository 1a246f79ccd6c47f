import Basics

/// How well the probabilities agree with what people decided: of all pairs with a probability and an agreed decision.
public struct DecidedCalibration: Sendable, Equatable {
    public let pairs: Int
    /// The mean probability that a pair is one animal.
    public let expected: Double
    /// The share of pairs that people decided are one animal.
    public let decided: Double
    /// The mean squared difference of probability and decision, from 0 to 1.
    ///
    /// Source: Brier, 1950.
    public let brier: Double

    private struct Outcome {
        let probability: Double
        /// 1 for the same animal, otherwise 0.
        let decided: Double
    }

    /// Takes the decisions of a file; nil without a pair to compare.
    public init?(_ decisions: [PairDecision]) {
        let outcomes = Verdicts.all(decisions).compactMap { entry -> Outcome? in
            guard let verdict = entry.verdicts.agreed, verdict != .notUsable,
                let probability = entry.verdicts.latest.last?.question.probability
            else { return nil }
            return Outcome(probability: probability, decided: verdict == .same ? 1 : 0)
        }
        guard !outcomes.isEmpty else { return nil }
        func mean(_ value: (Outcome) -> Double) -> Double {
            outcomes.reduce(0) { $0 + value($1) } / Double(outcomes.count)
        }
        pairs = outcomes.count
        expected = mean(\.probability)
        decided = mean(\.decided)
        brier = mean { ($0.probability - $0.decided) * ($0.probability - $0.decided) }
    }

    /// The comparison in words.
    public var text: String {
        "\(NumberText.counted(pairs, "decided pair has", "decided pairs have")) a probability: one animal was expected for "
            + "\(NumberText.percent(expected, 0)) and decided for \(NumberText.percent(decided, 0)); Brier score "
            + NumberText.fixed(brier, 3)
    }
}
