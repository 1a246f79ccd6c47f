import Foundation

/// A map of the plane that keeps parallels: p becomes `linear` p + `shift`.
public struct AffineMap: Sendable, Equatable {
    /// The columns of the linear part.
    public let across: SIMD2<Double>
    public let down: SIMD2<Double>
    /// In pixels.
    public let shift: SIMD2<Double>

    /// Creates a map from the columns of its linear part and its shift.
    public init(across: SIMD2<Double>, down: SIMD2<Double>, shift: SIMD2<Double>) {
        (self.across, self.down, self.shift) = (across, down, shift)
    }

    /// The point that a point becomes.
    public func callAsFunction(_ point: SIMD2<Double>) -> SIMD2<Double> {
        across * point.x + down * point.y + shift
    }

    /// The least and the greatest factor by which lengths change.
    public var singularValues: ClosedRange<Double> {
        let sum = (across * across + down * down).sum()
        let area = abs(across.x * down.y - across.y * down.x)
        // The squares s of both have the sum `sum` and the product `area`².
        let root = max(0, sum * sum - 4 * area * area).squareRoot()
        let greatest = ((sum + root) / 2).squareRoot()
        return (greatest > 0 ? min(area / greatest, greatest) : 0)...greatest
    }

    /// The map with the least squared errors; nil for fewer than three points, or if all are on one line.
    ///
    /// - Complexity: O(points).
    init?(_ pairs: [(from: SIMD2<Double>, to: SIMD2<Double>)]) {
        guard pairs.count >= 3 else { return nil }
        let count = Double(pairs.count)
        let from = pairs.reduce(SIMD2<Double>.zero) { $0 + $1.from } / count
        let to = pairs.reduce(SIMD2<Double>.zero) { $0 + $1.to } / count
        var (xx, xy, yy) = (0.0, 0.0, 0.0)
        var (tx, ty) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
        for pair in pairs {
            let (p, q) = (pair.from - from, pair.to - to)
            xx += p.x * p.x
            xy += p.x * p.y
            yy += p.y * p.y
            tx += q * p.x
            ty += q * p.y
        }
        let determinant = xx * yy - xy * xy
        guard determinant > 1e-9 * xx * yy else { return nil }
        across = (tx * yy - ty * xy) / determinant
        down = (ty * xx - tx * xy) / determinant
        shift = to - across * from.x - down * from.y
    }
}
