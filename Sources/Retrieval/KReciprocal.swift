import Basics
import Foundation

/// k-reciprocal re-ranking: rows are similar if they are in each other's lists, and their neighbours are too.
///
/// A row's neighbourhood consists of the rows that are among its `k1` nearest and have it among theirs. Neighbourhoods
/// of half the reach join it if more than two thirds of them are in it. Each member's weight depends on its distance.
/// The neighbourhoods of the `k2` nearest rows, the row itself first, are averaged. The distance is then `(1 - lambda)
/// · Jaccard + lambda · d`, with d the cosine distance over the row's largest one.
///
/// The database's neighbourhoods do not depend on queries: a query in the database has its row's neighbourhood, and any
/// other query has the one that it would have if it alone were added. So no query changes another's ranking, as the
/// competition requires; if all queries are in the database, the rule is that of the source.
///
/// Source: Zhong, Zheng, Cao, Li, CVPR 2017, and its code.
public struct KReciprocal: Sendable, Equatable, CustomStringConvertible {
    /// The number of nearest rows whose lists count, at least 1.
    public let k1: Int
    /// The number of neighbourhoods to average, at least 1; 1 does not change them.
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
        try require(counts.contains(k1), "needs k1 \(counts.words), not \(k1)")
        try require(counts.contains(k2), "needs k2 \(counts.words), not \(k2)")
        try require((0...1).contains(lambda), "needs lambda from 0 to 1, not \(lambda)")
    }

    public var description: String { "\(Self.name):\(k1):\(k2):\(lambda.shortest)" }

    /// The rows with the smallest distance, equal ones in database order; a score is 1 minus the distance.
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
            // Of the rows that share no members, only the nearest can be among the best.
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
    /// For each query, the cosine distance of the least similar database row.
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

/// Rows with their weights, in the order of the rows.
typealias Membership = [(row: Int32, weight: Float)]

/// A vector whose neighbourhood is computed: a row of the database, or a query that is not in it.
struct Visitor {
    /// The rows most similar to it, without itself.
    let nearest: [Neighbour]
    /// Its cosine distance to the least similar row.
    let largest: Double
    /// Its similarity to a row.
    let cosine: (Int) -> Float

    /// The cosine distance over the largest one; 0 if all rows equal the visitor.
    func distance(to row: Int) -> Double { largest > 0 ? (1 - Double(cosine(row))) / largest : 0 }
}

/// The neighbourhoods of all database rows; see ``KReciprocal``.
///
/// They are stored as lists of their members, and inversely: for each row, the neighbourhoods that it is in.
struct ReciprocalGraph: Sendable {
    /// Each row's neighbourhood, averaged over those of its nearest rows.
    let averaged: [Membership]
    private let plain: [Membership]
    private let lists: [[Neighbour]]
    /// For each row, itself and the rows that list each other with it within half the reach.
    private let close: [Set<Int>]
    private let memberOf: [Membership]
    private let k1: Int
    private let k2: Int

    init(_ database: EmbeddingMatrix, k1: Int, k2: Int) throws {
        let set = try RetrievalSet(queries: database, database: database, ownRows: Array(0..<database.rows))
        let lists = try set.neighbours(count: max(k1, k2 - 1))
        let largest = try set.largestDistances()
        let ranks = parallelMap(database.rows) { row in
            Dictionary(uniqueKeysWithValues: lists[row].enumerated().map { ($1.row, $0) })
        }
        /// The row itself and the rows that list each other with it, within the first `reach` of their lists.
        @Sendable func reciprocal(_ row: Int, _ reach: Int) -> Set<Int> {
            Set(lists[row].prefix(reach).map(\.row).filter { (ranks[$0][row] ?? .max) < reach }).union([row])
        }
        let half = Self.half(k1)
        let close = parallelMap(database.rows) { reciprocal($0, half) }
        let plain = parallelMap(database.rows) { row in
            let visitor = Visitor(
                nearest: lists[row], largest: largest[row],
                cosine: { other in ExactCosine.over(database, database) { $0(row, other) } })
            return Self.weighed(Self.grown(reciprocal(row, k1), by: close), of: visitor, selfWeight: 0)
        }
        let averaged = parallelMap(database.rows) { row in
            Self.mean([plain[row]] + lists[row].prefix(k2 - 1).map { plain[$0.row] })
        }
        var memberOf = [Membership](repeating: [], count: database.rows)
        for (row, members) in averaged.enumerated() {
            for member in members { memberOf[Int(member.row)].append((Int32(row), member.weight)) }
        }
        self.lists = lists
        self.close = close
        self.plain = plain
        self.averaged = averaged
        self.memberOf = memberOf
        self.k1 = k1
        self.k2 = k2
    }

    /// The neighbourhood of a visitor that is not in the database, without the visitor itself.
    func averaged(of visitor: Visitor) -> Membership {
        let mutual = visitor.nearest.prefix(k1).filter { neighbour in
            // The visitor would be in the row's list if it is more similar than the last in it.
            lists[neighbour.row].count < k1 || neighbour.score > lists[neighbour.row][k1 - 1].score
        }
        let own = Self.weighed(Self.grown(Set(mutual.map(\.row)), by: close), of: visitor, selfWeight: 1)
        return Self.mean([own] + visitor.nearest.prefix(k2 - 1).map { plain[$0.row] })
    }

    /// The rows whose neighbourhoods share members with the given one, in database order, each with the sum of the
    /// smaller weights.
    func overlaps(with members: Membership) -> [(row: Int, overlap: Double)] {
        var sums = [Double](repeating: 0, count: memberOf.count)
        var touched: [Int] = []
        for member in members {
            for other in memberOf[Int(member.row)] {
                if sums[Int(other.row)] == 0 { touched.append(Int(other.row)) }
                sums[Int(other.row)] += Double(min(member.weight, other.weight))
            }
        }
        return touched.sorted().map { ($0, sums[$0]) }
    }

    /// Half of k1, rounded half to even, as numpy does in the source.
    private static func half(_ k1: Int) -> Int { Int((Double(k1) / 2).rounded(.toNearestOrEven)) }

    /// The neighbourhood, joined by its members' close neighbourhoods of which more than two thirds are in it.
    private static func grown(_ neighbourhood: Set<Int>, by close: [Set<Int>]) -> Set<Int> {
        var grown = neighbourhood
        for member in neighbourhood {
            let shared = close[member].count { neighbourhood.contains($0) }
            if 3 * shared > 2 * close[member].count { grown.formUnion(close[member]) }
        }
        return grown
    }

    /// The members' weights, `exp(-distance)` as shares of the total; `selfWeight` is the visitor's own, if it is not a
    /// member.
    private static func weighed(_ members: Set<Int>, of visitor: Visitor, selfWeight: Double) -> Membership {
        let weights = members.sorted().map { (row: $0, weight: exp(-visitor.distance(to: $0))) }
        let total = weights.reduce(selfWeight) { $0 + $1.weight }
        return weights.map { (Int32($0.row), Float($0.weight / total)) }
    }

    private static func mean(_ neighbourhoods: [Membership]) -> Membership {
        guard neighbourhoods.count > 1 else { return neighbourhoods[0] }
        var sums: [Int32: Double] = [:]
        for member in neighbourhoods.joined() { sums[member.row, default: 0] += Double(member.weight) }
        let share = 1 / Double(neighbourhoods.count)
        return sums.sorted { $0.key < $1.key }.map { ($0.key, Float($0.value * share)) }
    }
}
