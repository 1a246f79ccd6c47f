extension RetrievalSet {
    /// The most similar database row of each group, for every query.
    ///
    /// The product picks the row and one exact sum scores it, so of rows that are equally similar but for rounding either
    /// may be told.
    ///
    /// - Parameters:
    ///   - groups: The group of each database row, from 0; nil for a row that takes no part.
    ///   - count: The number of groups.
    ///   - families: Where given, the family of each query and of each database row: a query's own family takes no part in
    ///     its answers; nil belongs to none.
    /// - Returns: For each query one entry a group; nil where no row of it takes part.
    /// - Throws: ``RetrievalError/noOpenBLAS(reason:)``.
    /// - Complexity: O(Q·D·C) time, O(block·D + Q·count) memory.
    public func nearest(
        inGroups groups: [Int?], count: Int, families: (queries: [Int?], database: [Int?])? = nil
    ) throws -> [[Neighbour?]] {
        precondition(groups.count == database.rows, "\(groups.count) groups for \(database.rows) rows")
        return try mapSimilarities { cosine, query, similarities in
            let own = ownRows[query]
            let family = families?.queries[query]
            var rows = Array(repeating: -1, count: count)
            for (row, similarity) in similarities.enumerated() {
                guard let group = groups[row], row != own else { continue }
                if let family, families?.database[row] == family { continue }
                if rows[group] < 0 || similarity > similarities[rows[group]] { rows[group] = row }
            }
            return rows.map { $0 < 0 ? nil : Neighbour(row: $0, score: cosine(query, $0)) }
        }
    }
}
