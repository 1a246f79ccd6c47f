import Foundation

/// The angle that training adds between a photograph and its own class, radians.
public enum MarginRule: Sendable, Equatable {
    /// The same for every class.
    case fixed(Double)
    /// Drawn anew for each photograph of each batch, from a normal distribution that is not cut off.
    ///
    /// Source: Boutros et al., CVPR Workshops 2022 (ElasticFace-Arc).
    case elastic(mean: Double, deviation: Double)
    /// factor · n^-exponent + offset for a class of n photographs: rare animals get more room.
    ///
    /// Source: Ha et al., arXiv 2010.05350.
    case power(factor: Double, exponent: Double, offset: Double)
    /// n^-exponent mapped linearly, so that the class with the most photographs has `low` and the one with the fewest
    /// `high`; `low` for all where they have as many.
    ///
    /// Source: the 4th place of "Where's Whale-do?", with the exponent 1/4.
    case range(low: Double, high: Double, exponent: Double)

    /// The margin of every class, or its mean where margins are drawn, from its number of training photographs.
    public func margins(counts: [Int]) -> [Double] {
        func falling(_ exponent: Double) -> [Double] { counts.map { pow(Double(max($0, 1)), -exponent) } }
        switch self {
        case .fixed(let margin), .elastic(let margin, _): return counts.map { _ in margin }
        case .power(let factor, let exponent, let offset): return falling(exponent).map { factor * $0 + offset }
        case .range(let low, let high, let exponent):
            let shares = falling(exponent)
            guard let least = shares.min(), let most = shares.max(), least < most else {
                return counts.map { _ in low }
            }
            return shares.map { low + (high - low) * ($0 - least) / (most - least) }
        }
    }

    /// How far drawn margins lie around their mean; 0 where none are drawn.
    var deviation: Double { if case .elastic(_, let deviation) = self { deviation } else { 0 } }
}
