import Basics

/// Queries and the database that is ranked for them.
///
/// If a query's own photograph is in the database, it neither appears in the query's ranking nor expands the query.
public struct RetrievalSet: Sendable, Equatable {
    /// Shape `[Q, C]`, rows of unit length.
    public let queries: EmbeddingMatrix
    /// Shape `[D, C]`, rows of unit length; their order breaks ties.
    public let database: EmbeddingMatrix
    /// For each query the database row of its own photograph, or nil if the database does not have it.
    public let ownRows: [Int?]

    /// Joins queries and database; without `ownRows`, which has one entry for each query, no query is in the database.
    ///
    /// - Throws: ``RetrievalError`` for different widths, rows longer than 1 or not finite, and own rows that do not
    ///   fit.
    public init(queries: EmbeddingMatrix, database: EmbeddingMatrix, ownRows: [Int?]? = nil) throws {
        guard queries.columns == database.columns else {
            throw RetrievalError.widthMismatch(queries: queries.columns, database: database.columns)
        }
        let ownRows = ownRows ?? Array(repeating: nil, count: queries.rows)
        guard ownRows.count == queries.rows else {
            throw RetrievalError.ownRowsMismatch(queries: queries.rows, ownRows: ownRows.count)
        }
        for row in ownRows.lazy.compactMap({ $0 }) where row < 0 || row >= database.rows {
            throw RetrievalError.rowOutOfRange(row: row, rows: database.rows)
        }
        try queries.requireAtMostUnitLength(named: "queries")
        try database.requireAtMostUnitLength(named: "database")
        self.queries = queries
        self.database = database
        self.ownRows = ownRows
    }

    /// The database rows most similar to each query.
    ///
    /// The similarity is the cosine, summed in double precision and rounded to `Float`, so that it does not depend on
    /// blocks, threads or the processor's kernels; equally similar rows are in database order.
    ///
    /// - Parameter count: The number of neighbours of a query, at least 1; all rows if the database is smaller.
    /// - Returns: For each query its neighbours, the most similar first.
    /// - Throws: ``RetrievalError/countOutOfRange(count:)``, ``RetrievalError/noOpenBLAS(reason:)``,
    ///   `ThreadCount.SettingError`.
    /// - Complexity: O(Q·D·C) time; O(Q·count + tile · threads) memory.
    public func neighbours(count: Int) throws -> [[Neighbour]] {
        guard count > 0 else { throw RetrievalError.countOutOfRange(count: count) }
        return try CosineSearch(
            queries: queries, database: database, excluded: ownRows, count: count, threads: try ThreadCount.wanted()
        ).perform()
    }
}

/// A database row returned for a query.
public struct Neighbour: Sendable, Equatable {
    /// The row of the database, from 0.
    public let row: Int
    /// The cosine similarity, within [-1, 1] up to rounding.
    public let score: Float

    /// Creates a neighbour.
    public init(row: Int, score: Float) {
        self.row = row
        self.score = score
    }

    /// Whether one is before another in a ranking: the more similar first, equally similar ones in database order.
    public static func isBefore(_ one: Neighbour, _ other: Neighbour) -> Bool {
        (other.score, one.row) < (one.score, other.row)
    }

    /// The best of a query's neighbours in the parts of a database, which are those of the whole database if each part
    /// has its own `count` best.
    public static func merged(_ parts: [[Neighbour]], count: Int) -> [Neighbour] {
        Array(parts.joined().sorted(by: isBefore).prefix(count))
    }
}
