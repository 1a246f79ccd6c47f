import Basics
import Foundation

/// A map of embeddings in the plane that keeps neighbours near each other.
///
/// Distances between far groups and the sizes of groups have no meaning on it. It computes every pair, without
/// approximation, and starts from the first two principal components, so it does not depend on a random draw.
///
/// Sources: van der Maaten & Hinton, JMLR 9, 2008; exaggeration, rate and initial positions after Kobak & Berens,
/// Nature Communications 10, 2019, and Belkina et al., ibid.
public struct TSNE: Sendable {
    /// Each row's place.
    public let coordinates: [SIMD2<Float>]
    /// The remaining Kullback-Leibler divergence, in nats.
    public let divergence: Double
    /// The effective number of neighbours of a point.
    public let perplexity: Double

    private static let exaggeration: Float = 12
    private static let exaggeratedSteps = 250

    /// The learning rate for `count` points.
    private static func rate(_ count: Int) -> Float { max(Float(count) / exaggeration / 4, 50) }

    /// Computes the map.
    ///
    /// - Parameters:
    ///   - matrix: At least 4 rows of at most unit length.
    ///   - components: At least two components of the same rows.
    ///   - perplexity: The effective number of neighbours of a point, at least 1; it is limited to a third of the
    ///     others.
    ///   - steps: The number of steps; the first 250 exaggerate the attraction.
    ///   - progress: Receives the number of steps taken, every 20 steps; throws to stop.
    /// - Throws: ``RetrievalError`` for rows longer than 1 or not finite.
    /// - Complexity: O(N²·(C + steps)) time, O(N²) memory.
    public init(
        of matrix: EmbeddingMatrix, from components: PrincipalComponents, perplexity: Double, steps: Int,
        progress: (Int) throws -> Void
    ) throws {
        let perplexity = min(perplexity, Double(matrix.rows - 1) / 3)
        let affinities = try Affinities(of: matrix, perplexity: perplexity)
        var points = Self.beginning(components)
        var speed = [SIMD2<Float>](repeating: .zero, count: points.count)
        var gains = [SIMD2<Float>](repeating: .one, count: points.count)
        let rate = Self.rate(points.count)
        for step in 0..<steps {
            if step.isMultiple(of: 20) { try progress(step) }
            let isEarly = step < Self.exaggeratedSteps
            let gradient = PlanePoints(points).gradient(affinities, exaggeration: isEarly ? Self.exaggeration : 1)
            for index in points.indices {
                // The gain of a coordinate that keeps its direction increases (Jacobs 1988).
                let turns = (speed[index] * gradient[index]) .>= 0
                gains[index] = (gains[index] + 0.2).replacing(with: gains[index] * 0.8, where: turns)
                gains[index].clamp(lowerBound: SIMD2(repeating: 0.01), upperBound: SIMD2(repeating: .infinity))
                speed[index] = (isEarly ? 0.5 : 0.8) * speed[index] - rate * gains[index] * gradient[index]
                points[index] += speed[index]
            }
        }
        coordinates = points
        divergence = PlanePoints(points).divergence(affinities)
        self.perplexity = perplexity
    }

    /// The first two components, scaled so small that only their directions matter.
    private static func beginning(_ components: PrincipalComponents) -> [SIMD2<Float>] {
        let places = components.coordinates.map { SIMD2($0.first ?? 0, $0.count > 1 ? $0[1] : 0) }
        let variance = places.reduce(0) { $0 + $1.x * $1.x } / Double(max(1, places.count))
        let scale = variance > 0 ? 1e-4 / variance.squareRoot() : 0
        return places.map { SIMD2<Float>($0 * scale) }
    }
}

/// The joint probabilities of t-SNE that one point of each pair picks the other as its neighbour.
///
/// Every point picks by a normal distribution around it, whose width gives all points the same `perplexity`.
///
/// Source: van der Maaten & Hinton, JMLR 9, 2008, section 2 and equation 1.
struct Affinities {
    /// Numbers from one row to the next.
    private let stride: Int
    /// Row by row; they add up to 1. A point's own and those after the last point are 0.
    private let values: [Float]
    private let count: Int

    /// Computes the probabilities; `perplexity` is the effective number of neighbours of a point, less than the number
    /// of the others.
    ///
    /// - Throws: ``RetrievalError`` for rows longer than 1 or not finite.
    /// - Complexity: O(N²·C) time, O(N²) memory.
    init(of matrix: EmbeddingMatrix, perplexity: Double) throws {
        let squares = (0..<matrix.rows).map { row in Float(pow(matrix.length(ofRow: row), 2)) }
        try matrix.requireAtMostUnitLength(named: "points")
        // Exact, because a descent of a thousand steps turns a different last bit into a different map.
        let rows = ExactCosine.over(matrix, matrix) { cosine in
            parallelMap(matrix.rows) { own in
                // Rounding can make the distance of two equal points negative.
                let distances = (0..<matrix.rows).map { max(0, squares[own] + squares[$0] - 2 * cosine(own, $0)) }
                return Self.probabilities(distances, own: own, entropy: log(perplexity))
            }
        }
        count = matrix.rows
        stride = PlanePoints.stride(of: count)
        values = Self.joined(rows, stride: stride)
    }

    /// The probabilities of a point with each other point.
    func row(_ point: Int) -> ArraySlice<Float> { values[point * stride..<point * stride + count] }

    /// Calls `body` with the bytes of a point's row, padded to whole vectors.
    func withRow(_ point: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
        values[point * stride..<(point + 1) * stride].withUnsafeBytes(body)
    }

    private static let mostSteps = 100
    private static let tolerance = 1e-6

    /// The probabilities that a point picks each other one: exp(-β d²) as shares, with the β that gives an entropy.
    ///
    /// Takes Newton's steps on β, and bisects if a step would leave the bounds found so far.
    private static func probabilities(_ distances: [Float], own: Int, entropy wanted: Double) -> [Float] {
        let nearest = distances.indices.reduce(Float.infinity) { $1 == own ? $0 : min($0, distances[$1]) }
        var weights = [Float](repeating: 0, count: distances.count)
        var beta = 1.0
        var bounds = (low: 0.0, high: Double.infinity)
        var total = 1.0
        for _ in 0..<mostSteps {
            var (sum, first, second) = (0.0, 0.0, 0.0)
            let factor = -Float(beta)
            for (place, distance) in distances.enumerated() where place != own {
                // Relative to the nearest, so that the largest weight is 1.
                let excess = distance - nearest
                let weight = exp(factor * excess)
                weights[place] = weight
                sum += Double(weight)
                first += Double(weight * excess)
                second += Double(weight * excess * excess)
            }
            total = sum
            let mean = first / sum
            let surplus = log(sum) + beta * mean - wanted
            if abs(surplus) < tolerance { break }
            if surplus > 0 { bounds.low = beta } else { bounds.high = beta }
            // The entropy's derivative by β is -β times the variance of d².
            let newton = beta + surplus / max(beta * (second / sum - mean * mean), 1e-300)
            let middle = bounds.high.isFinite ? (bounds.low + bounds.high) / 2 : 2 * beta
            beta = newton > bounds.low && newton < min(bounds.high, 4 * beta) ? newton : middle
        }
        return weights.map { Float(Double($0) / total) }
    }

    /// The mean of the probabilities that the points of a pair give each other, as shares of the total.
    private static func joined(_ rows: [[Float]], stride: Int) -> [Float] {
        let scale = 1 / Float(2 * max(1, rows.count))
        var values = [Float](repeating: 0, count: rows.count * stride)
        for (first, row) in rows.enumerated() {
            for second in row.indices { values[first * stride + second] = (row[second] + rows[second][first]) * scale }
        }
        return values
    }
}
