import Basics

/// Joins several scores of the same pairs of photographs: the weighted mean of their calibrated probabilities.
///
/// Source: Cermak et al., arXiv 2408.12934, 2024 (WildFusion), which uses the plain mean.
public struct ScoreFusion: Sendable, Equatable {
    /// Each score's calibration and weight.
    public let parts: [Part]

    /// A score's calibration, and its share of the mean.
    public struct Part: Sendable, Equatable {
        public let calibration: ScoreCalibration
        /// At least 0.
        public let weight: Double

        /// Creates a part.
        public init(calibration: ScoreCalibration, weight: Double = 1) {
            self.calibration = calibration
            self.weight = weight
        }
    }

    /// Joins parts; nil unless the weights are at least 0, finite and not all 0.
    public init?(_ parts: [Part]) {
        let total = parts.reduce(0) { $0 + $1.weight }
        guard parts.allSatisfy({ $0.weight >= 0 }), total > 0, total.isFinite else { return nil }
        self.parts = parts
    }

    /// The probability, in `0...1`, that two photographs show the same animal, from one score for each part, in the
    /// order of ``parts``.
    public func probability(of scores: [Double]) -> Double {
        precondition(scores.count == parts.count, "\(scores.count) scores for \(parts.count) calibrations")
        let total = parts.reduce(0) { $0 + $1.weight }
        return zip(parts, scores).reduce(0) { $0 + $1.0.weight * $1.0.calibration.probability(of: $1.1) } / total
    }
}
