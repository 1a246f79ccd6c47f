import Basics

/// Counts the matches of two photographs that one affine map explains, as it should if both show the same flank.
///
/// Draws three matches at a time, keeps the map that explains most, and fits it to all that it explains.
///
/// Source: Fischler and Bolles, CACM 1981 (RANSAC).
public struct AffineVerification: Sendable, Equatable {
    /// The greatest distance in pixels between a keypoint's place and where the map puts it.
    public let tolerance: Double
    /// The number of maps tried.
    public let iterations: Int
    /// The factors by which a map may change lengths.
    public let stretch: ClosedRange<Double>
    public let seed: UInt64

    /// The ratio below which mutual matches are worth verifying.
    public static let rule = MutualRule.ratio(below: 0.9)

    /// Creates the rule.
    ///
    /// - Throws: ``MatchingError/badSetting(name:value:range:)``.
    public init(
        tolerance: Double = 10, iterations: Int = 200, stretch: ClosedRange<Double> = 0.2...5, seed: UInt64
    ) throws(MatchingError) {
        guard tolerance > 0, tolerance.isFinite else {
            throw .badSetting(name: "The tolerance of verification", value: "\(tolerance)", range: "pixels above 0")
        }
        guard (1...1_000_000).contains(iterations) else {
            throw .badSetting(
                name: "The iterations of verification", value: "\(iterations)", range: "a number from 1 to 1000000")
        }
        guard stretch.lowerBound > 0, stretch.upperBound.isFinite else {
            throw .badSetting(
                name: "The stretch of verification", value: "\(stretch)", range: "two factors above 0")
        }
        self.tolerance = tolerance
        self.iterations = iterations
        self.stretch = stretch
        self.seed = seed
    }

    /// The matches that one map explains.
    public struct Result: Sendable, Equatable {
        /// The map from the query to the database photograph, in pixels of the pictures with the keypoints; nil if no
        /// map explains three matches.
        public let map: AffineMap?
        /// The matches that it explains, in their order.
        public let inliers: [DescriptorMatch]

        /// max(0, inliers - 3): any three matches have a map.
        public var score: Int { max(0, inliers.count - 3) }
    }

    /// Verifies the matches of a query and a database photograph.
    ///
    /// - Parameters:
    ///   - matches: Matches of keypoints of `query` with keypoints of `database`.
    ///   - query: The features of the query.
    ///   - database: The features of the database photograph.
    ///   - pair: The ids of both; with the seed they determine the draws, so that a result does not depend on other
    ///     pairs.
    /// - Returns: The map that explains most matches, and those matches; no map and no matches if no map
    ///   explains three.
    /// - Complexity: O(iterations · matches).
    public func verify(
        _ matches: [DescriptorMatch], of query: LocalFeatures, in database: LocalFeatures,
        pair: (query: String, database: String)
    ) -> Result {
        let pairs = matches.map {
            (from: query.keypoints[$0.query].place, to: database.keypoints[$0.database].place)
        }
        var generator = SeededGenerator(seed: seed, pair.query, pair.database)
        guard let map = best(pairs, &generator) else { return Result(map: nil, inliers: []) }
        return Result(map: map, inliers: explained(pairs, by: map).map { matches[$0] })
    }

    private typealias Pair = (from: SIMD2<Double>, to: SIMD2<Double>)

    private func best(_ pairs: [Pair], _ generator: inout SeededGenerator) -> AffineMap? {
        guard pairs.count >= 3 else { return nil }
        var best: (map: AffineMap, count: Int)?
        for _ in 0..<iterations {
            guard let map = allowed(AffineMap(Self.three(of: pairs, &generator))) else { continue }
            let count = pairs.count { explains(map, $0) }
            if count > best?.count ?? 2 { best = (map, count) }
        }
        guard let best else { return nil }
        let inliers = explained(pairs, by: best.map)
        guard let fitted = allowed(AffineMap(inliers.map { pairs[$0] })),
            pairs.count(where: { explains(fitted, $0) }) >= best.count
        else { return best.map }
        return fitted
    }

    private static func three(of pairs: [Pair], _ generator: inout SeededGenerator) -> [Pair] {
        let first = generator.integer(in: 0..<pairs.count)
        var second = generator.integer(in: 0..<pairs.count - 1)
        if second >= first { second += 1 }
        var third = generator.integer(in: 0..<pairs.count - 2)
        if third >= min(first, second) { third += 1 }
        if third >= max(first, second) { third += 1 }
        return [pairs[first], pairs[second], pairs[third]]
    }

    private func allowed(_ map: AffineMap?) -> AffineMap? {
        map.flatMap { map in
            let values = map.singularValues
            return stretch.contains(values.lowerBound) && stretch.contains(values.upperBound) ? map : nil
        }
    }

    private func explains(_ map: AffineMap, _ pair: Pair) -> Bool {
        let error = map(pair.from) - pair.to
        return (error * error).sum() <= tolerance * tolerance
    }

    private func explained(_ pairs: [Pair], by map: AffineMap) -> [Int] {
        pairs.indices.filter { explains(map, pairs[$0]) }
    }
}
