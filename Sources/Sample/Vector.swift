/// A place or direction in space; lengths are shares of the body's.
///
/// The whale lies along x, its head towards positive x; y points to its left, z up.
typealias Vector = SIMD3<Float>

extension SIMD3<Float> {
    func dot(_ other: Vector) -> Float { (self * other).sum() }

    func cross(_ other: Vector) -> Vector {
        Vector(y, z, x) * Vector(other.z, other.x, other.y) - Vector(z, x, y) * Vector(other.y, other.z, other.x)
    }

    var unit: Vector {
        let square = dot(self)
        return square > 0 ? self / square.squareRoot() : self
    }
}

extension Float {
    func clamped(_ low: Float = 0, _ high: Float = 1) -> Float { Swift.min(high, Swift.max(low, self)) }

    /// From 0 to 1, smoothly, as the number goes from `low` to `high`.
    func step(_ low: Float, _ high: Float) -> Float {
        let share = ((self - low) / (high - low)).clamped()
        return share * share * (3 - 2 * share)
    }
}
