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
