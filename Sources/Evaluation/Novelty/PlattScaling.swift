import Basics
import Foundation

/// A probability from a score by a logistic curve: 1 / (1 + exp(slope · score + offset)).
///
/// Sources: Platt, Advances in Large Margin Classifiers, 1999 (targets away from 0 and 1); Lin, Lin, Weng, Machine
/// Learning 68, 2007 (Newton's method with backtracking).
public struct PlattScaling: Sendable, Equatable {
    public let slope: Double
    public let offset: Double

    /// Creates a curve from its coefficients.
    public init(slope: Double, offset: Double) {
        self.slope = slope
        self.offset = offset
    }

    /// The probabilities that the curve is fitted to.
    public enum Targets: Sendable {
        /// Platt's, away from 0 and 1, as if each class had one more sample.
        case smoothed
        /// 0 and 1: plain logistic regression.
        case certain
    }

    /// Fits the curve; nil unless there are both classes.
    ///
    /// - Parameters:
    ///   - samples: Finite scores, and whether each belongs to the positive class.
    ///   - targets: The probabilities that the curve is fitted to.
    ///   - penalty: The weight of half the slope's square in the loss, at least 0: 1 / C in scikit-learn.
    /// - Complexity: O(samples) per iteration, at most 100 iterations.
    public init?(
        _ samples: [(score: Double, isPositive: Bool)], targets: Targets = .smoothed, penalty: Double = 0
    ) {
        let positives = Double(samples.count { $0.isPositive })
        let negatives = Double(samples.count) - positives
        guard positives > 0, negatives > 0 else { return nil }
        let (high, low) =
            switch targets {
            case .smoothed: ((positives + 1) / (positives + 2), 1 / (negatives + 2))
            case .certain: (1.0, 0.0)
            }
        let data = samples.map { (score: $0.score, target: $0.isPositive ? high : low) }
        func loss(_ slope: Double, _ offset: Double) -> Double {
            data.reduce(penalty / 2 * slope * slope) { sum, sample in
                let z = sample.score * slope + offset
                // log(1 + exp(±z)) without overflow.
                return sum + (z >= 0 ? sample.target * z : (sample.target - 1) * z) + log1p(exp(-abs(z)))
            }
        }
        var (slope, offset) = (0.0, log((negatives + 1) / (positives + 1)))
        var value = loss(slope, offset)
        for _ in 0..<100 {
            // A ridge keeps the Hessian invertible if all scores are equal.
            var (h11, h22, h21, g1, g2) = (1e-12 + penalty, 1e-12, 0.0, penalty * slope, 0.0)
            for sample in data {
                let p = Self.probability(sample.score * slope + offset)
                let weight = p * (1 - p), difference = sample.target - p
                h11 += sample.score * sample.score * weight
                h22 += weight
                h21 += sample.score * weight
                g1 += sample.score * difference
                g2 += difference
            }
            if abs(g1) < 1e-9, abs(g2) < 1e-9 { break }
            let determinant = h11 * h22 - h21 * h21
            let stepSlope = -(h22 * g1 - h21 * g2) / determinant
            let stepOffset = -(h11 * g2 - h21 * g1) / determinant
            let descent = g1 * stepSlope + g2 * stepOffset
            var length = 1.0
            while length >= 1e-10 {
                let next = loss(slope + length * stepSlope, offset + length * stepOffset)
                if next < value + 1e-4 * length * descent {
                    (slope, offset) = (slope + length * stepSlope, offset + length * stepOffset)
                    value = next
                    break
                }
                length /= 2
            }
            if length < 1e-10 { break }
        }
        self.init(slope: slope, offset: offset)
    }

    /// The probability of the positive class.
    public func probability(of score: Double) -> Double { Self.probability(slope * score + offset) }

    private static func probability(_ z: Double) -> Double {
        z >= 0 ? exp(-z) / (1 + exp(-z)) : 1 / (1 + exp(z))
    }
}

/// How similarities become the scores of a submission, which must be within 0…1; the order does not change.
public enum ScoreMapping: String, Sendable, CaseIterable {
    /// `clamp((v + 1) · 0.49, 0, 0.9999)`, as in the 3rd-place write-up.
    case writeUp = "write-up"
    /// `clamp((v + 1) / 2, 0, 1)`: the whole range.
    case unit

    /// The score of a similarity, which is a cosine or a re-ranked value.
    public func callAsFunction(_ similarity: Float) -> Double {
        switch self {
        case .writeUp: min(max((Double(similarity) + 1) * 0.49, 0), 0.9999)
        case .unit: min(max((Double(similarity) + 1) / 2, 0), 1)
        }
    }
}
