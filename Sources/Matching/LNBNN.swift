/// Local naive Bayes nearest neighbours: how much nearer a photograph's descriptors are to the query's than those of
/// photographs further down the list.
///
/// For each descriptor of the query, d is 2 - 2 cosine to its nearest in each database photograph. Over photographs in
/// the order of d, the (k+1)-th d minus the j-th adds to the j-th photograph's score, for j up to k. If fewer than k+1
/// photographs have descriptors, the last one takes the place of the (k+1)-th.
///
/// Sources: McCann and Lowe, CVPR 2012; Crall et al., WACV 2013 (HotSpotter).
public struct LNBNN: Sendable, Equatable {
    /// k, the number of photographs that a descriptor adds to.
    public let neighbours: Int

    /// Creates the rule.
    ///
    /// - Throws: ``MatchingError/badSetting(name:value:range:)`` unless `neighbours` is in `1...1000`.
    public init(neighbours: Int = 5) throws(MatchingError) {
        guard (1...1000).contains(neighbours) else {
            throw .badSetting(
                name: "The number of neighbours", value: "\(neighbours)", range: "a number from 1 to 1000")
        }
        self.neighbours = neighbours
    }

    /// The scores of database photographs for queries.
    ///
    /// - Parameters:
    ///   - set: The queries and the database.
    ///   - range: The queries to score; nil for all.
    ///   - shortlists: For each query in the range the database photographs, ascending, that are its whole database; nil
    ///     for all.
    /// - Returns: For each query in the range a score for each database photograph, at least 0; 0 for its own and for
    ///   those that a shortlist leaves out.
    /// - Throws: `RetrievalError.noOpenBLAS`, `ThreadCount.SettingError`.
    /// - Complexity: O(q·d·C) time for q and d descriptors; O(range · D) memory for D photographs, and that of one tile
    ///   and of k+1 photographs for each descriptor of a query per thread.
    public func scores(
        _ set: MatchSet, queries range: Range<Int>? = nil, among shortlists: [[Int]]? = nil
    ) throws -> [[Double]] {
        let range = range ?? set.queries.counts.indices
        precondition(shortlists.map { $0.count == range.count } ?? true, "a shortlist for each query")
        let blocks =
            shortlists == nil
            ? ProductTiles.groups(set.queries.counts, in: range, limit: set.tile.rows) : range.map { $0..<$0 + 1 }
        var results = Array(repeating: [Double](), count: range.count)
        try results.withUnsafeMutableBufferPointer { output in
            // Safe, because each block writes only its own queries' scores, and all end before the buffer's lifetime.
            nonisolated(unsafe) let output = output
            try NearestSearch(set).forEach(blocks, among: shortlists, count: neighbours + 1) { number, nearest in
                for (query, scores) in zip(blocks[number], scores(of: blocks[number], set, nearest)) {
                    output[query - range.lowerBound] = scores
                }
            }
        }
        return results
    }

    private func scores(of block: Range<Int>, _ set: MatchSet, _ nearest: NearestPhotographs) -> [[Double]] {
        var scores = Array(
            repeating: Array(repeating: 0.0, count: set.database.counts.count), count: block.count)
        var row = 0
        for (place, query) in block.enumerated() {
            for _ in 0..<set.queries.counts[query] {
                nearest.add(row, to: &scores[place])
                row += 1
            }
        }
        return scores
    }
}
