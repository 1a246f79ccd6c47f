import Algorithms
import Basics

/// Turns a score of two photographs into the probability that they show the same animal.
///
/// Fit it on pairs that neither trained the model nor belong to the test: on its training photographs a network looks
/// perfect, and its score would outweigh all others.
public enum ScoreCalibration: Sendable, Equatable {
    /// An isotonic regression, smoothed by a monotone spline.
    ///
    /// Source: Cermak et al., arXiv 2408.12934, 2024 (WildFusion), as in wildlife-tools.
    case isotonic(SmoothIsotonic)
    /// A logistic curve.
    case logistic(PlattScaling)

    /// How a calibration is fitted.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case isotonic, logistic
    }

    /// Fits a calibration to the scores of pairs of photographs, which are positive if both show the same animal.
    ///
    /// Nil if a score is not finite, if all pairs or none are positive, or if all scores of an isotonic regression are
    /// equal.
    ///
    /// - Complexity: O(n log n) for isotonic regression; O(n) per iteration, at most 100, for a logistic curve.
    public init?(_ kind: Kind, _ samples: [(score: Double, isPositive: Bool)]) {
        guard samples.allSatisfy(\.score.isFinite), samples.contains(where: \.isPositive),
            samples.contains(where: { !$0.isPositive })
        else { return nil }
        switch kind {
        case .isotonic:
            guard let curve = SmoothIsotonic(samples) else { return nil }
            self = .isotonic(curve)
        case .logistic:
            // The penalty of scikit-learn's C = 1 keeps the curve finite if the score separates the classes.
            guard let curve = PlattScaling(samples, targets: .certain, penalty: 1) else { return nil }
            self = .logistic(curve)
        }
    }

    /// The probability that two photographs with this score show the same animal.
    public func probability(of score: Double) -> Double {
        switch self {
        case .isotonic(let curve): curve.probability(of: score)
        case .logistic(let curve): curve.probability(of: score)
        }
    }
}

extension ScoreCalibration: Codable {
    private enum CodingKeys: CodingKey { case kind, slope, offset }

    /// The kind of curve.
    public var kind: Kind {
        switch self {
        case .isotonic: .isotonic
        case .logistic: .logistic
        }
    }

    /// Reads the kind and the curve's numbers.
    ///
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(Kind.self, forKey: .kind) {
        case .isotonic: self = .isotonic(try SmoothIsotonic(from: decoder))
        case .logistic:
            let slope = try container.decode(Double.self, forKey: .slope)
            self = .logistic(PlattScaling(slope: slope, offset: try container.decode(Double.self, forKey: .offset)))
        }
    }

    /// Writes the kind and the curve's numbers.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        switch self {
        case .isotonic(let curve): try curve.encode(to: encoder)
        case .logistic(let curve):
            try container.encode(curve.slope, forKey: .slope)
            try container.encode(curve.offset, forKey: .offset)
        }
    }
}

/// An isotonic regression whose steps a monotone spline rounds, so that scores within a step still differ.
///
/// The spline runs through the regression's values in the middle between its knots, and at the lowest and the highest
/// score. Below the lowest score the probability is 0, above the highest 1.
public struct SmoothIsotonic: Sendable, Equatable, Codable {
    /// The regression that the spline smooths.
    public let regression: IsotonicRegression
    private let spline: MonotoneSpline

    /// Fits the curve; nil for fewer than two different scores, or if a score is not finite.
    public init?(_ samples: [(score: Double, isPositive: Bool)]) {
        guard let regression = IsotonicRegression(samples) else { return nil }
        self.init(regression)
    }

    /// The curve over a regression; nil if that has only one knot.
    public init?(_ regression: IsotonicRegression) {
        let knots = regression.scores
        guard knots.count > 1 else { return nil }
        let middles = knots.adjacentPairs().map { ($0 + $1) / 2 }
        let places = [knots[0]] + middles + [knots[knots.count - 1]]
        guard let spline = MonotoneSpline(x: places, y: places.map(regression.probability)) else { return nil }
        self.regression = regression
        self.spline = spline
    }

    /// Reads the regression.
    ///
    /// - Throws: `DecodingError`, also for a single knot.
    public init(from decoder: any Decoder) throws {
        guard let curve = Self(try IsotonicRegression(from: decoder)) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a curve needs two knots"))
        }
        self = curve
    }

    /// Writes the regression.
    public func encode(to encoder: any Encoder) throws { try regression.encode(to: encoder) }

    /// The probability at a score.
    ///
    /// - Complexity: O(log knots).
    public func probability(of score: Double) -> Double {
        let knots = regression.scores
        if score < knots[0] { return 0 }
        if score > knots[knots.count - 1] { return 1 }
        return min(max(spline(score), 0), 1)
    }
}
