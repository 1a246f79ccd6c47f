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
    private let verification: AffineVerification?
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
        verification = settings.verify == .off ? nil : try AffineVerification(seed: Self.seed)
        verified = settings.verified
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
        let queries = try asked.descriptors(of: pairs.queries)
        let database = try known.descriptors(of: pairs.database)
        var values: [Float] = []
        values.reserveCapacity(range.count * pairs.database.count * LocalScores.columns)
        // A shortlist is another database for each query.
        for range in range.chunks(ofCount: pairs.shortlist == nil ? Self.block : 1) {
            let part = pairs.shortlist.map { $0[range.lowerBound] } ?? Array(pairs.database.indices)
            let places = Dictionary(uniqueKeysWithValues: part.enumerated().map { ($1, $0) })
            let set = try MatchSet(
                queries: queries.selecting(Array(range)),
                database: pairs.shortlist == nil ? database : database.selecting(part),
                ownPhotographs: range.map { pairs.own[$0].flatMap { places[$0] } })
            let marks = try rule.scores(set)
            let counts = try inliers(set, best: marks, pairs, range, part)
            for (offset, _) in range.enumerated() {
                var row = Array(repeating: Float(0), count: pairs.database.count * LocalScores.columns)
                for (place, photograph) in part.enumerated() {
                    row[photograph * LocalScores.columns] = Float(marks[offset][place])
                    row[photograph * LocalScores.columns + 1] = Float(counts[offset][place] ?? 0)
                }
                values += row
            }
            try progress(range.count)
        }
        return values
    }

    /// The matches that one map explains, for the best photographs of each query.
    private func inliers(
        _ set: MatchSet, best marks: [[Double]], _ pairs: PhotographPairs, _ range: Range<Int>, _ part: [Int]
    ) throws -> [[Int: Int]] {
        guard let verification else { return marks.map { _ in [:] } }
        let best = marks.map { scores in
            scores.indices.filter { scores[$0] > 0 }
                .min(count: verified) { (scores[$1], $0) < (scores[$0], $1) }
        }
        let matches = try set.mutualMatches(AffineVerification.rule, with: best)
        let queries = try range.map { try asked.features(of: pairs.queries[$0]) }
        let work = best.indices.flatMap { query in best[query].indices.map { (query: query, place: $0) } }
        let database = try Dictionary(
            uniqueKeysWithValues: Set(best.joined()).map { ($0, try known.features(of: pairs.database[part[$0]])) })
        let found = parallelMap(work.count) { number -> Int in
            let (query, place) = work[number]
            let photograph = best[query][place]
            guard let features = database[photograph], matches[query][place].count > 3 else { return 0 }
            return verification.verify(
                matches[query][place], of: queries[query], in: features,
                pair: (pairs.queries[range.lowerBound + query], pairs.database[part[photograph]])
            ).score
        }
        var result = best.map { _ in [Int: Int]() }
        for (item, score) in zip(work, found) where score > 0 {
            result[item.query][best[item.query][item.place]] = score
        }
        return result
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
        let verification = try verification ?? AffineVerification(seed: Self.seed)
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
