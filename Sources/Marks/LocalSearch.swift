import Algorithms
import Basics
import Configuration
import Evaluation
import Matching
import Results

/// Scores pairs of photographs by their matched marks.
public struct LocalSearch: Sendable {
    private let asked: MarkedPhotographs
    private let known: MarkedPhotographs
    private let rule: LNBNN
    private let verification: AffineVerification
    /// The photographs of each query, those with the best scores, whose matches are verified.
    private let verified: Int

    /// The queries matched at a time, which limits memory.
    public static let block = 64
    /// Fixed, so that a pair's score does not change with the training's seed.
    private static let seed: UInt64 = 1

    /// Matches photographs of `asked` with those of `known`.
    ///
    /// - Throws: ``MatchingError/badSetting(name:value:range:)``.
    public init(_ asked: MarkedPhotographs, _ known: MarkedPhotographs, _ settings: MatchSettings) throws {
        self.asked = asked
        self.known = known
        rule = try LNBNN(neighbours: settings.neighbours)
        verification = try AffineVerification(seed: Self.seed)
        verified = settings.verify == .off ? 0 : settings.verified
    }

    /// Scores every pair of some queries. A query's scores do not depend on the others.
    ///
    /// - Parameters:
    ///   - pairs: The photographs; those that a shortlist leaves out have no matches.
    ///   - range: The queries; nil for all.
    ///   - progress: Receives the number of queries done since the last call; throws to stop.
    /// - Returns: The columns of `LocalScores` for each pair, by query, then by database photograph.
    /// - Throws: `FileError` for a photograph without marks, `RetrievalError.noOpenBLAS`, or the error of `progress`.
    /// - Complexity: O(q·d) products for q and d marks of queries and database photographs.
    public func scores(
        of pairs: PhotographPairs, queries range: Range<Int>? = nil, progress: (Int) throws -> Void = { _ in }
    ) throws -> [Float] {
        let range = range ?? pairs.queries.indices
        let database = try known.descriptors(of: pairs.database)
        var values: [Float] = []
        values.reserveCapacity(range.count * pairs.database.count * LocalScores.columns)
        for range in range.chunks(ofCount: Self.block) {
            let set = try matchSet(pairs, range, database)
            let marks = try rule.scores(set, among: pairs.shortlist.map { Array($0[range]) })
            let best = marks.map { scores in
                scores.indices.filter { scores[$0] > 0 }.min(count: verified) { (scores[$1], $0) < (scores[$0], $1) }
            }
            let counts = try agreeing(set, pairs, range, with: best)
            for (offset, scores) in marks.enumerated() {
                var row = Array(repeating: Float(0), count: scores.count * LocalScores.columns)
                for (photograph, score) in scores.enumerated() { row[photograph * LocalScores.columns] = Float(score) }
                for (photograph, count) in zip(best[offset], counts[offset]) {
                    row[photograph * LocalScores.columns + 1] = Float(count)
                }
                values += row
            }
            try progress(range.count)
        }
        return values
    }

    /// Counts the matches that one map explains, less the three that any map explains.
    ///
    /// - Parameters:
    ///   - pairs: The photographs.
    ///   - range: The queries.
    ///   - photographs: For each query in the range the positions of database photographs.
    /// - Returns: A count for each query in the range and each of its photographs.
    /// - Throws: `FileError` for a photograph without marks, `RetrievalError.noOpenBLAS`.
    /// - Complexity: O(q·d) products for q and d marks of queries and their photographs.
    public func agreeing(
        of pairs: PhotographPairs, queries range: Range<Int>, with photographs: [[Int]]
    ) throws -> [[Int]] {
        try agreeing(matchSet(pairs, range, known.descriptors(of: pairs.database)), pairs, range, with: photographs)
    }

    private func matchSet(_ pairs: PhotographPairs, _ range: Range<Int>, _ database: DescriptorSet) throws -> MatchSet {
        try MatchSet(
            queries: asked.descriptors(of: Array(pairs.queries[range])), database: database,
            ownPhotographs: Array(pairs.own[range]))
    }

    private func agreeing(
        _ set: MatchSet, _ pairs: PhotographPairs, _ range: Range<Int>, with photographs: [[Int]]
    ) throws -> [[Int]] {
        let matches = try set.mutualMatches(AffineVerification.rule, with: photographs)
        let queries = try range.map { try asked.features(of: pairs.queries[$0]) }
        let database = try Dictionary(
            uniqueKeysWithValues: Set(photographs.joined()).map { ($0, try known.features(of: pairs.database[$0])) })
        let work = photographs.enumerated().flatMap { query, some in
            some.enumerated().map { (query: query, place: $0, photograph: $1) }
        }
        let found = parallelMap(work.count) { number -> Int in
            let item = work[number]
            let matches = matches[item.query][item.place]
            guard matches.count > 3, let features = database[item.photograph] else { return 0 }
            return verification.verify(
                matches, of: queries[item.query], in: features,
                pair: (pairs.queries[range.lowerBound + item.query], pairs.database[item.photograph])
            ).score
        }
        var counts = photographs.map { Array(repeating: 0, count: $0.count) }
        for (item, count) in zip(work, found) { counts[item.query][item.place] = count }
        return counts
    }

    /// The matches of two photographs, at most `count`: first those that one map explains, then the others, each the
    /// most similar first.
    ///
    /// - Throws: `FileError` for a photograph without marks, `RetrievalError.noOpenBLAS`.
    public func matches(of query: String, with database: String, count: Int) throws -> [MarkMatch] {
        let set = try MatchSet(
            queries: asked.descriptors(of: [query]), database: known.descriptors(of: [database]))
        let all = try set.mutualMatches(AffineVerification.rule, with: [[0]])[0][0]
        let (one, other) = (try asked.features(of: query), try known.features(of: database))
        let explained = verification.verify(all, of: one, in: other, pair: (query, database)).inliers
        let inliers = Set(explained.map(\.query))
        return all.map { match in
            MarkMatch(
                query: one.relative(match.query), database: other.relative(match.database), similarity: match.cosine,
                isExplained: inliers.contains(match.query))
        }.min(count: count) {
            ($0.isExplained ? 0 : 1, -$0.similarity) < ($1.isExplained ? 0 : 1, -$1.similarity)
        }
    }
}

extension LocalFeatures {
    /// The place and size of a mark as shares of the picture.
    fileprivate func relative(_ number: Int) -> MarkPlace {
        let point = keypoints[number]
        return MarkPlace(
            x: (Double(point.x) + 0.5) / Double(width), y: (Double(point.y) + 0.5) / Double(height),
            radius: Double(point.size) / 2 / Double(max(width, height)))
    }
}
