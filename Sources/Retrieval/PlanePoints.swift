import Basics
import Foundation

/// Points in the plane, and the forces of t-SNE between them: neighbours attract, all points repel.
///
/// Source: van der Maaten & Hinton, JMLR 9, 2008, equations 4 and 5.
struct PlanePoints {
    private typealias Lanes = SIMD16<Float>

    /// Coordinates, padded to whole vectors by points too far away to have an effect.
    private let x: [Float]
    private let y: [Float]
    private let count: Int

    private static let farAway: Float = 1e18
    /// The number of points that a thread takes at once; fixed, so that sums do not depend on the threads.
    private static let block = 32

    init(_ points: [SIMD2<Float>]) {
        let rest = Array(repeating: Self.farAway, count: Self.stride(of: points.count) - points.count)
        x = points.map(\.x) + rest
        y = points.map(\.y) + rest
        count = points.count
    }

    /// The length of a row for `count` points.
    static func stride(of count: Int) -> Int { (count + Lanes.scalarCount - 1) / Lanes.scalarCount * Lanes.scalarCount }

    /// The gradient of ``divergence(_:)``, with the attraction multiplied by `exaggeration`.
    ///
    /// - Complexity: O(N²).
    func gradient(_ affinities: Affinities, exaggeration: Float) -> [SIMD2<Float>] {
        let forces = forces(affinities)
        let share = Float(1 / Self.mass(forces))
        return forces.map { 4 * (exaggeration * $0.attraction - share * $0.repulsion) }
    }

    /// The Kullback-Leibler divergence, in nats, of the neighbourhoods in the plane from `affinities`.
    ///
    /// - Complexity: O(N²).
    func divergence(_ affinities: Affinities) -> Double {
        let mass = Self.mass(forces(affinities))
        return (0..<count).reduce(0) { sum, first in
            sum
                + affinities.row(first).enumerated().reduce(0) { sum, pair in
                    let wanted = Double(pair.element)
                    guard wanted > 0 else { return sum }
                    let (across, along) = (Double(x[first] - x[pair.offset]), Double(y[first] - y[pair.offset]))
                    return sum + wanted * log(wanted * mass * (1 + across * across + along * along))
                }
        }
    }

    /// The forces on one point.
    private struct Force {
        var attraction = SIMD2<Float>.zero
        var repulsion = SIMD2<Float>.zero
        /// The sum of 1 / (1 + d²) over all points, including itself with 1.
        var mass: Float = 0
    }

    /// The sum of 1 / (1 + d²) over all pairs of different points.
    private static func mass(_ forces: [Force]) -> Double {
        max(forces.reduce(0) { $0 + Double($1.mass) } - Double(forces.count), .leastNormalMagnitude)
    }

    private func forces(_ affinities: Affinities) -> [Force] {
        parallelMap((count + Self.block - 1) / Self.block) { block in
            (block * Self.block..<min((block + 1) * Self.block, count)).map { force(on: $0, affinities) }
        }.flatMap(\.self)
    }

    private func force(on point: Int, _ affinities: Affinities) -> Force {
        var (pullX, pullY, pushX, pushY, mass) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
        let (ownX, ownY) = (Lanes(repeating: x[point]), Lanes(repeating: y[point]))
        affinities.withRow(point) { wanted in
            x.withUnsafeBytes { x in
                y.withUnsafeBytes { y in
                    for start in Swift.stride(from: 0, to: wanted.count, by: MemoryLayout<Lanes>.size) {
                        let across = ownX - x.loadUnaligned(fromByteOffset: start, as: Lanes.self)
                        let along = ownY - y.loadUnaligned(fromByteOffset: start, as: Lanes.self)
                        let near = 1 / (1 + across * across + along * along)
                        let pull = near * wanted.loadUnaligned(fromByteOffset: start, as: Lanes.self)
                        let push = near * near
                        pullX += pull * across
                        pullY += pull * along
                        pushX += push * across
                        pushY += push * along
                        mass += near
                    }
                }
            }
        }
        return Force(
            attraction: SIMD2(pullX.sum(), pullY.sum()), repulsion: SIMD2(pushX.sum(), pushY.sum()), mass: mass.sum())
    }
}
