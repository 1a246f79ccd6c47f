import Algorithms
import Basics

/// A smooth curve through points that rises and falls only where they do (PCHIP).
///
/// Equal to SciPy's `PchipInterpolator`.
///
/// Source: Fritsch and Butland, SIAM Journal on Scientific and Statistical Computing 5, 1984.
public struct MonotoneSpline: Sendable, Equatable {
    private let x: [Double]
    private let y: [Double]
    private let slopes: [Double]

    /// Creates the curve; nil for fewer than two points, or if `x` does not rise.
    public init?(x: [Double], y: [Double]) {
        guard x.count >= 2, x.count == y.count, x.adjacentPairs().allSatisfy({ $0 < $1 }) else { return nil }
        self.x = x
        self.y = y
        slopes = Self.slopes(x, y)
    }

    private static func slopes(_ x: [Double], _ y: [Double]) -> [Double] {
        let widths = x.adjacentPairs().map { $1 - $0 }
        let rises = zip(y.adjacentPairs().map { $1 - $0 }, widths).map { $0 / $1 }
        guard rises.count > 1 else { return [rises[0], rises[0]] }
        let inner = (1..<rises.count).map { place in
            let (before, after) = (rises[place - 1], rises[place])
            guard before * after > 0 else { return 0.0 }
            let first = 2 * widths[place] + widths[place - 1]
            let second = widths[place] + 2 * widths[place - 1]
            return (first + second) / (first / before + second / after)
        }
        let last = rises.count - 1
        return [end(widths[0], widths[1], rises[0], rises[1])] + inner
            + [end(widths[last], widths[last - 1], rises[last], rises[last - 1])]
    }

    /// The slope at an end, from the two nearest intervals, limited so that the curve stays monotonic.
    private static func end(_ width: Double, _ next: Double, _ rise: Double, _ nextRise: Double) -> Double {
        let slope = ((2 * width + next) * rise - width * nextRise) / (width + next)
        if slope * rise <= 0 { return 0 }
        if rise * nextRise <= 0, abs(slope) > 3 * abs(rise) { return 3 * rise }
        return slope
    }

    /// The value at `place`, which is moved to the nearest end if it lies outside.
    ///
    /// - Complexity: O(log points).
    public func callAsFunction(_ place: Double) -> Double {
        let place = min(max(place, x[0]), x[x.count - 1])
        let start = min(max(x.partitioningIndex { $0 > place } - 1, 0), x.count - 2)
        let width = x[start + 1] - x[start]
        let t = (place - x[start]) / width
        let (square, cube) = (t * t, t * t * t)
        // Cubic Hermite polynomials.
        return (2 * cube - 3 * square + 1) * y[start] + (cube - 2 * square + t) * width * slopes[start]
            + (3 * square - 2 * cube) * y[start + 1] + (cube - square) * width * slopes[start + 1]
    }
}
