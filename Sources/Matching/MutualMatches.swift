import Basics
import CMatching
import Retrieval

/// Two descriptors of different photographs that are each other's nearest.
public struct DescriptorMatch: Sendable, Equatable {
    /// The query's descriptor, from 0.
    public let query: Int
    /// The database photograph's descriptor, from 0.
    public let database: Int
    /// Their cosine.
    public let cosine: Double
    /// The query descriptor's distance to its nearest over that to its second nearest in the photograph, in `0...1`;
    /// nil if the photograph has no second. A small ratio is distinctive.
    public let ratio: Double?

    /// Creates a match.
    public init(query: Int, database: Int, cosine: Double, ratio: Double?) {
        (self.query, self.database, self.cosine, self.ratio) = (query, database, cosine, ratio)
    }

    fileprivate init(query: Int, database: Int, best: Float, second: Float) {
        func squaredDistance(_ cosine: Float) -> Double { max(0, 2 - 2 * Double(cosine)) }
        self.query = query
        self.database = database
        cosine = min(1, Double(best))
        let other = squaredDistance(second)
        ratio =
            second == -.infinity ? nil : other == 0 ? 1 : min(1, (squaredDistance(best) / other).squareRoot())
    }
}

/// Which mutual nearest neighbours count as a match.
public enum MutualRule: Sendable, Equatable {
    /// Those with a ratio below this, in `0...1`; none in a photograph with one descriptor. Source: Lowe, IJCV 2004,
    /// section 7.1.
    case ratio(below: Double)
    /// Those with a cosine of at least this.
    case cosine(atLeast: Double)

    fileprivate func accepts(_ match: DescriptorMatch) -> Bool {
        switch self {
        case .ratio(let limit): match.ratio.map { $0 < limit } ?? false
        case .cosine(let limit): match.cosine >= limit
        }
    }
}

extension MatchSet {
    /// The matches of queries with given database photographs, in the order of the query's descriptors.
    ///
    /// If several pairs share a descriptor and are equally similar, the first of the query and of the photograph count.
    ///
    /// - Parameters:
    ///   - rule: Which mutual nearest neighbours count as a match.
    ///   - photographs: For each query the numbers of the database photographs, from 0.
    /// - Returns: For each query and each of its photographs the matches; none for its own photograph.
    /// - Throws: `RetrievalError.noOpenBLAS`, `ThreadCount.SettingError`.
    /// - Complexity: O(q·d·C) time for q and d descriptors; the memory of the matches and of one tile per thread.
    public func mutualMatches(
        _ rule: MutualRule, with photographs: [[Int]]
    ) throws -> [[[DescriptorMatch]]] {
        precondition(
            photographs.count == queries.counts.count,
            "\(photographs.count) lists of photographs for \(queries.counts.count) queries")
        return try mapQueries(0..<photographs.count) { query, blas in
            let wanted = photographs[query]
            var found = Array(repeating: [DescriptorMatch](), count: wanted.count)
            forEachPhotograph(of: query, in: database.selecting(wanted), rule, by: blas) { place, matches in
                if wanted[place] != ownPhotographs[query] { found[place] = matches }
            }
            return found
        }
    }

    /// The number of matches of queries with every database photograph: a score that needs no list of matches.
    ///
    /// - Parameters:
    ///   - rule: Which mutual nearest neighbours count as a match.
    ///   - range: The queries to match; nil for all.
    /// - Returns: For each query in the range a number for each database photograph; 0 for its own.
    /// - Throws: `RetrievalError.noOpenBLAS`, `ThreadCount.SettingError`.
    /// - Complexity: O(q·d·C) time for q and d descriptors; O(range · D) memory for D photographs, and that of one tile
    ///   per thread.
    public func mutualCounts(_ rule: MutualRule, queries range: Range<Int>? = nil) throws -> [[Int]] {
        try mapQueries(range ?? queries.counts.indices) { query, blas in
            var counts = Array(repeating: 0, count: database.counts.count)
            forEachPhotograph(of: query, in: database, rule, by: blas) { photograph, matches in
                if photograph != ownPhotographs[query] { counts[photograph] = matches.count }
            }
            return counts
        }
    }

    /// The results of `body` for each query of a range, several at once.
    private func mapQueries<Result: Sendable>(
        _ range: Range<Int>, _ body: @Sendable @escaping (_ query: Int, OpenBLAS?) -> Result
    ) throws -> [Result] {
        var results: [Result?] = Array(repeating: nil, count: range.count)
        try results.withUnsafeMutableBufferPointer { output in
            // Safe, because each call writes its own element, and all end before the buffer's lifetime does.
            nonisolated(unsafe) let output = output
            try onThreads(range.count) { place, blas in
                output[place] = body(range.lowerBound + place, blas)
            }
        }
        return results.map { $0! }
    }

    private func forEachPhotograph(
        of query: Int, in database: DescriptorSet, _ rule: MutualRule, by blas: OpenBLAS?,
        _ body: (_ photograph: Int, [DescriptorMatch]) -> Void
    ) {
        var candidates: [Candidate] = []
        var greatest: [Float] = []
        let count = queries.counts[query]
        ProductTiles(self, database: database).forEach(query..<query + 1, by: blas) { tile, lengths in
            if tile.rows.lowerBound == 0 {
                greatest = Array(repeating: -.infinity, count: tile.columns)
                candidates = []
            }
            var start = 0
            for (segment, end) in tile.ends.enumerated() where end > start {
                defer { start = Int(end) }
                let columns = start..<Int(end)
                greatest.withUnsafeMutableBufferPointer { greatest in
                    gather(tile, columns, segment, lengths, rule, greatest.baseAddress! + start, &candidates)
                }
            }
            guard tile.rows.upperBound == count else { return }
            // By photograph, then in the order of the query's descriptors.
            candidates.sort { ($0.segment, $0.match.query) < ($1.segment, $1.match.query) }
            var matches = tile.photographs.map { _ in [DescriptorMatch]() }
            for candidate in candidates where candidate.similarity == greatest[candidate.column] {
                matches[candidate.segment].append(candidate.match)
                // No later pair has this descriptor, even if it is equally similar.
                greatest[candidate.column] = .infinity
            }
            for (photograph, matches) in zip(tile.photographs, matches) { body(photograph, matches) }
        }
    }

    /// A query descriptor's nearest in a photograph, which may have a nearer one itself.
    private struct Candidate {
        let segment: Int
        /// The column in the tile.
        let column: Int
        let similarity: Float
        let match: DescriptorMatch
    }

    private func gather(
        _ tile: ProductTiles.Tile, _ columns: Range<Int>, _ segment: Int, _ lengths: [Float],
        _ rule: MutualRule, _ greatest: UnsafeMutablePointer<Float>, _ candidates: inout [Candidate]
    ) {
        let scales = tile.scales + columns.lowerBound
        for (place, row) in tile.rows.enumerated() {
            let products = tile.row(place) + columns.lowerBound
            let two = wb_row_and_columns(products, scales, lengths[row], columns.count, greatest)
            guard rule.accepts(DescriptorMatch(query: row, database: 0, best: two.best, second: two.second)) else {
                continue
            }
            let nearest = wb_first_equal(products, scales, lengths[row], columns.count, two.best)
            candidates.append(
                Candidate(
                    segment: segment, column: columns.lowerBound + nearest, similarity: two.best,
                    match: DescriptorMatch(query: row, database: nearest, best: two.best, second: two.second)))
        }
    }
}
