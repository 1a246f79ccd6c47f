import Basics
import Foundation

/// A map of embeddings in the plane, on which what is near in the embedding is near.
///
/// Distances between far groups and the sizes of groups mean nothing on it. Every pair is reckoned with, none
/// approximated; it begins at the first two principal components, so that it does not depend on a draw.
///
/// Sources: van der Maaten & Hinton, JMLR 9, 2008; exaggeration, rate and beginning after Kobak & Berens, Nature
/// Communications 10, 2019, and Belkina et al., ibid.
public struct TSNE: Sendable {
    /// Of each row its place.
    public let coordinates: [SIMD2<Float>]
    /// The Kullback-Leibler divergence, in nats, that is left.
    public let divergence: Double
    /// Effective neighbours of a point.
    public let perplexity: Double

    private static let exaggeration: Float = 12
    private static let exaggeratedSteps = 250

    /// How far a point moves along the gradient.
    private static func rate(_ count: Int) -> Float { max(Float(count) / exaggeration / 4, 50) }

    /// Draws the map.
    ///
    /// - Parameters:
    ///   - matrix: Rows of at most unit length, at least 4.
    ///   - components: Of the same rows, at least two of them.
    ///   - perplexity: Effective neighbours of a point, at least 1; of few points at most a third of the others.
    ///   - steps: All of them; the first 250 with what attracts exaggerated.
    ///   - progress: Told the steps taken, now and then; throws to stop.
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
                // A coordinate that keeps its direction speeds up (Jacobs 1988).
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

    /// The first two components, so small that they decide on directions alone.
    private static func beginning(_ components: PrincipalComponents) -> [SIMD2<Float>] {
        let places = components.coordinates.map { SIMD2($0.first ?? 0, $0.count > 1 ? $0[1] : 0) }
        let variance = places.reduce(0) { $0 + $1.x * $1.x } / Double(max(1, places.count))
        let scale = variance > 0 ? 1e-4 / variance.squareRoot() : 0
        return places.map { SIMD2<Float>($0 * scale) }
    }
}

/// How likely each point would pick each other one as its neighbour: the joint probabilities of t-SNE.
///
/// Every point picks by a normal distribution around it, as wide as makes its `perplexity` the same for all.
///
/// Source: van der Maaten & Hinton, JMLR 9, 2008, section 2 and equation 1.
struct Affinities {
    /// Numbers from one row to the next.
    private let stride: Int
    /// Row by row; together 1, their own and those behind the last point 0.
    private let values: [Float]
    private let count: Int

    /// Works the probabilities out.
    ///
    /// - Parameter perplexity: Effective neighbours of a point, below the number of the others.
    /// - Throws: ``RetrievalError`` for rows longer than 1 or not finite.
    /// - Complexity: O(N²·C) time, O(N²) memory.
    init(of matrix: EmbeddingMatrix, perplexity: Double) throws {
        let squares = (0..<matrix.rows).map { row in Float(pow(matrix.length(ofRow: row), 2)) }
        try matrix.requireAtMostUnitLength(named: "points")
        // Exact: a descent of a thousand steps makes another map of another last bit.
        let rows = ExactCosine.over(matrix, matrix) { cosine in
            parallelMap(matrix.rows) { own in
                // Rounding may leave two equal points apart by less than nothing.
                let distances = (0..<matrix.rows).map { max(0, squares[own] + squares[$0] - 2 * cosine(own, $0)) }
                return Self.probabilities(distances, own: own, entropy: log(perplexity))
            }
        }
        count = matrix.rows
        stride = PlanePoints.stride(of: count)
        values = Self.joined(rows, stride: stride)
    }

    /// The probabilities of a point with each other.
    func row(_ point: Int) -> ArraySlice<Float> { values[point * stride..<point * stride + count] }

    /// The bytes of a point's row, to whole vectors.
    func withRow(_ point: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
        values[point * stride..<(point + 1) * stride].withUnsafeBytes(body)
    }

    private static let mostSteps = 100
    private static let tolerance = 1e-6

    /// How likely a point picks each other one: exp(-β d²) as shares, with the β that gives an entropy.
    ///
    /// Newton's steps on β, halving where one would leave the bounds found so far.
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
                // From the nearest on, so that the largest weight is 1.
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

    /// The mean of what either point of a pair gives the other, as shares of all.
    private static func joined(_ rows: [[Float]], stride: Int) -> [Float] {
        let scale = 1 / Float(2 * max(1, rows.count))
        var values = [Float](repeating: 0, count: rows.count * stride)
        for (first, row) in rows.enumerated() {
            for second in row.indices { values[first * stride + second] = (row[second] + rows[second][first]) * scale }
        }
        return values
    }
}
