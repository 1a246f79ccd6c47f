import Basics
import Foundation

/// How well the probabilities agree with what people decided: of all pairs with a probability and an agreed decision.
///
/// The comparison refits no curve, for four reasons:
/// - People decide first about pairs near one half. That alone does no harm within a bin, since the choice depends on
///   the probability only; but over all pairs the Brier score is that of hard pairs, so it is shown next to the score
///   that correct probabilities would have on the same pairs.
/// - Pairs near one half show where the curve crosses one half, and hardly how steep it is.
/// - Suspect names and failed queries are chosen by their labels, and a curve fitted to them would learn that choice.
///   They have no probability, so they are not compared.
/// - Validation has as many new as known animals; a season has its own share. A curve fitted to both would be right for
///   neither. And people see the probability before they decide, so the decisions are no independent evidence.
///
/// With many decisions that differ from the probabilities, the remedy is `catalog --apply`: the decided photographs join
/// the catalogue, and the next run fits its curve to them as to any others.
public struct DecidedCalibration: Sendable, Equatable {
    /// The pairs with a probability in one range.
    public struct Bin: Sendable, Equatable {
        public let range: Range<Double>
        public let pairs: Int
        /// The mean probability.
        public let expected: Double
        /// The share that people decided are one animal.
        public let decided: Double
        /// The 95% interval of ``decided``.
        ///
        /// Source: Wilson, Journal of the American Statistical Association 22, 1927.
        public let interval: ClosedRange<Double>
    }

    /// The ranges of the probability that have pairs, the lowest first: fifths, because decided pairs are few.
    public let bins: [Bin]
    public let pairs: Int
    /// The pairs that people decided are one animal.
    public let same: Int
    /// The mean probability that a pair is one animal.
    public let expected: Double
    /// The mean squared difference of probability and decision, from 0 to 1.
    ///
    /// Source: Brier, 1950.
    public let brier: Double
    /// The Brier score that correct probabilities would have on these pairs: the mean of p (1 - p).
    public let correctBrier: Double
    /// The standard deviation of the decided share, if the probabilities are correct and the pairs independent.
    public let deviation: Double
    /// Pairs decided different whose photograph was decided to show another animal of the catalogue.
    ///
    /// The probability is that of any animal of the catalogue, but a pair names one, so these count against it.
    public let rivals: Int
    /// Pairs with a probability on which people disagree.
    public let disputed: Int
    /// Pairs with a probability about which nobody could tell.
    public let unclear: Int

    /// The fewest pairs of each kind for a verdict about the probabilities.
    ///
    /// With 20 of each, the standard deviation of the decided share is at most √(1/4 / 40) = 8%, so that a difference of
    /// 16% shows; with fewer, only differences that nobody would miss do.
    public static let fewest = 20
    private static let binCount = 5
    /// The two-sided 95% quantile of the normal distribution.
    private static let quantile = 1.96

    fileprivate struct Outcome {
        let probability: Double
        /// 1 for the same animal, otherwise 0.
        let decided: Double
        /// Whether the photograph shows another animal of the catalogue.
        let isRival: Bool
    }

    /// Takes the decisions of a file; nil without a pair to compare.
    public init?(_ decisions: [PairDecision]) {
        let all = Verdicts.all(decisions).map(\.verdicts)
        let known = Set(
            all.filter { $0.agreed == .same }.compactMap(\.latest.last?.question)
                .filter { $0.source == .season }.map(\.queryImageID))
        var (disputed, unclear) = (0, 0)
        let outcomes = all.compactMap { verdicts -> Outcome? in
            guard let question = verdicts.latest.last?.question, let probability = question.probability else {
                return nil
            }
            switch verdicts.agreed {
            case nil:
                if verdicts.isDisputed { disputed += 1 } else { unclear += 1 }
                return nil
            case .notUsable: return nil
            case let verdict:
                return Outcome(
                    probability: probability, decided: verdict == .same ? 1 : 0,
                    isRival: verdict == .different && known.contains(question.queryImageID))
            }
        }
        guard !outcomes.isEmpty else { return nil }
        pairs = outcomes.count
        same = outcomes.count { $0.decided == 1 }
        rivals = outcomes.count(where: \.isRival)
        (self.disputed, self.unclear) = (disputed, unclear)
        expected = outcomes.mean(\.probability)
        brier = outcomes.mean { ($0.probability - $0.decided) * ($0.probability - $0.decided) }
        correctBrier = outcomes.mean { $0.probability * (1 - $0.probability) }
        deviation = (correctBrier / Double(outcomes.count)).squareRoot()
        bins = (0..<Self.binCount).compactMap { Self.bin($0, outcomes) }
    }

    /// The bin with a number, from 0; nil without pairs.
    private static func bin(_ number: Int, _ outcomes: [Outcome]) -> Bin? {
        let count = Double(binCount)
        let own = outcomes.filter { min(binCount - 1, Int($0.probability * count)) == number }
        guard !own.isEmpty else { return nil }
        let same = own.count { $0.decided == 1 }
        return Bin(
            range: Double(number) / count..<Double(number + 1) / count, pairs: own.count,
            expected: own.mean(\.probability), decided: own.mean(\.decided), interval: interval(same, of: own.count))
    }

    /// The share of pairs that people decided are one animal.
    public var decided: Double { Double(same) / Double(pairs) }

    /// Whether there are enough pairs of both kinds for a verdict.
    public var isEnough: Bool { min(same, pairs - same) >= Self.fewest }

    /// The decided shares that chance explains, if the probabilities are correct.
    public var explained: ClosedRange<Double> {
        max(0, expected - Self.quantile * deviation)...min(1, expected + Self.quantile * deviation)
    }

    private static func interval(_ count: Int, of all: Int) -> ClosedRange<Double> {
        let (share, total, square) = (Double(count) / Double(all), Double(all), quantile * quantile)
        let middle = (share + square / (2 * total)) / (1 + square / total)
        let half =
            quantile / (1 + square / total)
            * (share * (1 - share) / total + square / (4 * total * total)).squareRoot()
        return max(0, middle - half)...min(1, middle + half)
    }

    // MARK: In words

    /// How pairs are counted, in sentences.
    public static let contract = """
        A pair has a probability if a new photograph and its first candidate were decided; pairs on which people disagree, \
        and those about which nobody could tell, are left out. People decide first about pairs with a probability near one \
        half, which are the hardest, so the Brier score is compared with that of correct probabilities on the same pairs. \
        No curve is fitted to the decisions.
        """

    /// The comparison in one sentence.
    public var text: String {
        let counts =
            "\(NumberText.counted(pairs, "decided pair has", "decided pairs have")) a probability: one animal was expected "
            + "for \(Self.percent(expected)) and decided for \(Self.percent(decided))"
        return "\(counts), \(verdict); Brier score \(NumberText.fixed(brier, 3)), of correct probabilities "
            + NumberText.fixed(correctBrier, 3)
    }

    private var verdict: String {
        guard isEnough else {
            return "too few for a verdict, which needs \(Self.fewest) pairs of one animal and \(Self.fewest) of two"
        }
        let range = Self.range(explained)
        if explained.contains(decided) { return "which chance explains (\(range))" }
        return decided < expected
            ? "less than chance explains (\(range)): the probabilities are too high for these photographs"
            : "more than chance explains (\(range)): the probabilities are too low for these photographs"
    }

    /// The comparison in lines: the sentence, a line for each bin, and what was left out.
    public var lines: [String] {
        let ranges = bins.map { bin in
            let ends = [bin.range.lowerBound, bin.range.upperBound].map(Self.percent).joined(separator: " to ")
            return "probability \(ends): \(NumberText.counted(bin.pairs, "pair", "pairs")), one animal expected for "
                + "\(Self.percent(bin.expected)), decided for \(Self.percent(bin.decided)) (\(Self.range(bin.interval)))"
        }
        var left: [String] = []
        if disputed > 0 { left.append("\(NumberText.counted(disputed, "pair", "pairs")) on which people disagree") }
        if unclear > 0 { left.append("\(NumberText.counted(unclear, "pair", "pairs")) about which nobody could tell") }
        var remarks = left.isEmpty ? [] : ["left out: " + left.joined(separator: ", ")]
        if rivals > 0 {
            remarks.append(
                "\(NumberText.counted(rivals, "photograph shows", "photographs show")) another animal of the catalogue than "
                    + "the first candidate; the probability is that of any animal of the catalogue")
        }
        return [text] + ranges + remarks
    }

    private static func percent(_ share: Double) -> String { NumberText.percent(share, 0) }

    private static func range(_ range: ClosedRange<Double>) -> String {
        "95%: \(percent(range.lowerBound)) to \(percent(range.upperBound))"
    }
}

extension [DecidedCalibration.Outcome] {
    /// The mean of a value; the array is not empty.
    fileprivate func mean(_ value: (Element) -> Double) -> Double {
        reduce(0) { $0 + value($1) } / Double(count)
    }
}
