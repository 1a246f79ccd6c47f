import Algorithms
import Basics

/// The non-decreasing curve with the least squared errors: a probability that only ever rises with the score.
///
/// Equal to scikit-learn's `IsotonicRegression` with `out_of_bounds="clip"`: linear between knots, constant beyond them.
///
/// Source: Ayer et al., Annals of Mathematical Statistics 26, 1955 (pooling of adjacent violators).
public struct IsotonicRegression: Sendable, Equatable {
    /// The scores of the knots, ascending.
    public let scores: [Double]
    /// Their probabilities, in `0...1`, not descending.
    public let probabilities: [Double]

    /// Fits the curve; nil without samples, or if a score is not finite.
    ///
    /// - Complexity: O(n log n).
    public init?(_ samples: [(score: Double, isPositive: Bool)]) {
        guard !samples.isEmpty, samples.allSatisfy(\.score.isFinite) else { return nil }
        var pooled: [Block] = []
        // Equal scores have one probability.
        for (score, equal) in samples.sorted(by: { $0.score < $1.score }).chunked(on: \.score) {
            var block = Block(score: score, positives: equal.count { $0.isPositive }, count: equal.count)
            while let last = pooled.last, last.mean >= block.mean {
                pooled.removeLast()
                var joined = last
                joined.add(block)
                block = joined
            }
            pooled.append(block)
        }
        var (scores, probabilities) = ([Double](), [Double]())
        for block in pooled {
            scores.append(block.lowest)
            probabilities.append(block.mean)
            guard block.highest > block.lowest else { continue }
            scores.append(block.highest)
            probabilities.append(block.mean)
        }
        self.scores = scores
        self.probabilities = probabilities
    }

    /// Samples with one probability.
    private struct Block {
        let lowest: Double
        private(set) var highest: Double
        private var positives: Int
        private var count: Int

        init(score: Double, positives: Int, count: Int) {
            (lowest, highest) = (score, score)
            (self.positives, self.count) = (positives, count)
        }

        var mean: Double { Double(positives) / Double(count) }

        mutating func add(_ other: Block) {
            highest = other.highest
            positives += other.positives
            count += other.count
        }
    }

    /// The probability at a score.
    ///
    /// - Complexity: O(log knots).
    public func probability(of score: Double) -> Double {
        // Not `>`, so that NaN has the lowest probability.
        let after = scores.partitioningIndex { !($0 <= score) }
        guard after > 0 else { return probabilities[0] }
        guard after < scores.count else { return probabilities[scores.count - 1] }
        let (low, high) = (scores[after - 1], scores[after])
        let share = (score - low) / (high - low)
        return probabilities[after - 1] + share * (probabilities[after] - probabilities[after - 1])
    }
}

extension IsotonicRegression: Codable {
    private enum CodingKeys: CodingKey { case scores, probabilities }

    /// Reads the knots.
    ///
    /// - Throws: `DecodingError`, also if there are none, or scores or probabilities do not rise.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        scores = try container.decode([Double].self, forKey: .scores)
        probabilities = try container.decode([Double].self, forKey: .probabilities)
        guard !scores.isEmpty, scores.count == probabilities.count,
            scores.adjacentPairs().allSatisfy({ $0 < $1 }),
            probabilities.adjacentPairs().allSatisfy({ $0 <= $1 }),
            probabilities.allSatisfy({ (0...1).contains($0) })
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .scores, in: container, debugDescription: "are not ascending with a probability each")
        }
    }
}
