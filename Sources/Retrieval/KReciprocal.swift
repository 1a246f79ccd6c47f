import Basics

/// k-reciprocal re-ranking: rows are alike that stand in each other's lists, and whose neighbours do.
///
/// A row's neighbourhood is who it lists among its `k1` nearest and who lists it in turn, grown by the neighbourhoods of
/// half the reach that lie in it by more than two thirds; each member weighs by how near it is. The neighbourhoods of
/// the `k2` nearest rows, the row itself first, are averaged. The distance is then
/// `(1 - lambda) · Jaccard + lambda · d`, with d the cosine distance over the row's largest one.
///
/// The database's neighbourhoods are its own: a query that stands in it has its row's, and any other has the one that it
/// would have if it alone stood there too. So no query changes another's ranking, as the competition demands; with all
/// queries in the database the rule is that of the source.
///
/// Source: Zhong, Zheng, Cao, Li, CVPR 2017, and its code.
public struct KReciprocal: Sendable, Equatable, CustomStringConvertible {
    /// Nearest rows that are asked for their lists, at least 1.
    public let k1: Int
    /// Neighbourhoods that are averaged, at least 1; 1 leaves them as they are.
    public let k2: Int
    /// The share of the cosine distance, within `0...1`.
    public let lambda: Double

    static let name = "k-reciprocal"

    /// Creates the rule.
    ///
    /// - Throws: ``RetrievalError/badReRanking(text:problem:)`` for numbers out of range.
    public init(k1: Int = 20, k2: Int = 6, lambda: Double = 0.3) throws {
        self.k1 = k1
        self.k2 = k2
        self.lambda = lambda
        func require(_ holds: Bool, _ problem: String) throws {
            guard holds else { throw RetrievalError.badReRanking(text: description, problem: problem) }
        }
        let counts = ExpansionStep.counts
        try require(counts.contains(k1), "has k1 \(k1), not one \(counts.words)")
        try require(counts.contains(k2), "has k2 \(k2), not one \(counts.words)")
        try require((0...1).contains(lambda), "has lambda \(lambda), not one from 0 to 1")
    }

    public var description: String { "\(Self.name):\(k1):\(k2):\(lambda.shortest)" }

    /// The rows of the least distance, equal ones in database order; a score is 1 less the distance.
    ///
    /// - Complexity: O((Q + D)·D·C) time for the searches; O((Q + D)·(k1 + count) + D·k1·k2) memory.
    func neighbours(in set: RetrievalSet, count: Int) throws -> [[Neighbour]] {
        guard count > 0 else { throw RetrievalError.countOutOfRange(count: count) }
        guard set.database.rows > 0 else { return Array(repeating: [], count: set.queries.rows) }
        let graph = try ReciprocalGraph(set.database, k1: k1, k2: k2)
        let lists = try set.neighbours(count: max(count, k1, k2 - 1))
        let reach = try set.largestDistances()
        return parallelMap(set.queries.rows) { query in
            let own = set.ownRows[query]
            let visitor = Visitor(
                nearest: lists[query], largest: reach[query],
                cosine: { row in
                    ExactCosine.over(set.queries, set.database) { $0(query, row) }
                })
            let members = own.map { graph.averaged[$0] } ?? graph.averaged(of: visitor)
            let overlaps = graph.overlaps(with: members)
            let known = Set(overlaps.map(\.row))
            // Of rows that share nothing only the nearest can be among the best.
            let others = lists[query].prefix(count).lazy.map(\.row).filter { !known.contains($0) }
            var ranked = (overlaps + others.map { ($0, 0) }).filter { $0.row != own }.map { row, overlap in
                let jaccard = 1 - overlap / (2 - overlap)
                return (row: row, distance: (1 - lambda) * jaccard + lambda * visitor.distance(to: row))
            }
            ranked.sort { ($0.distance, $0.row) < ($1.distance, $1.row) }
            return ranked.prefix(count).map { Neighbour(row: $0.row, score: Float(1 - $0.distance)) }
        }
    }
}

extension RetrievalSet {
    /// For each query the cosine distance of the database row that is least like it.
    ///
    /// - Complexity: O(Q·D·C).
    func largestDistances() throws -> [Double] {
        let opposite = EmbeddingMatrix(
            unchecked: .init(queries.values.map { -$0 }), rows: queries.rows, columns: queries.columns)
        return try RetrievalSet(queries: opposite, database: database).neighbours(count: 1).map { found in
            1 + Double(found.first?.score ?? 0)
        }
    }
}
