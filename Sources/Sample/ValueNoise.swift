import Basics

/// A smooth random surface over the plane that repeats after 64 units; its bumps are about two units wide.
struct ValueNoise: Sendable {
    private static let side = 64
    private let lattice: [Float]

    init(generator: inout SeededGenerator) {
        lattice = (0..<Self.side * Self.side).map { _ in Float(generator.uniform(-1...1)) }
    }

    /// The surface's height at a point, within -1...1 (value noise).
    func callAsFunction(_ x: Float, _ y: Float) -> Float {
        let (column, row) = (x.rounded(.down), y.rounded(.down))
        let (u, v) = (x - column, y - row)
        let (us, vs) = (u * u * (3 - 2 * u), v * v * (3 - 2 * v))
        let mask = Self.side - 1
        let (left, top) = (Int(column) & mask, (Int(row) & mask) * Self.side)
        let (right, bottom) = ((left + 1) & mask, (top + Self.side) & (Self.side * Self.side - 1))
        return lattice.withUnsafeBufferPointer { lattice in
            let upper = lattice[top + left] + (lattice[top + right] - lattice[top + left]) * us
            let lower = lattice[bottom + left] + (lattice[bottom + right] - lattice[bottom + left]) * us
            return upper + (lower - upper) * vs
        }
    }
}
