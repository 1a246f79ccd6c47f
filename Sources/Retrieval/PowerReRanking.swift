import Basics
import Foundation

/// Re-ranking by the query and its two best matches: `0.4 s_q^p + 0.4 s_1^p + 0.2 s_2^p` for each database row.
///
/// With a high power, a row that is very similar to one of the three wins. A negative similarity contributes minus the
/// power of its size. If the database has fewer than two matches, their terms are left out.
///
/// Source: the 1st place of the competition "Where's Whale-do?", whose power was 7.
public struct PowerReRanking: Sendable, Equatable, CustomStringConvertible {
    /// The power, from 0.001 to 1000, dimensionless.
    public let exponent: Double

    static let name = "power"
    private static let exponents = 1e-3...1e3
    private static let weights = [0.4, 0.4, 0.2]

    /// Creates the rule.
    ///
    /// - Throws: ``RetrievalError/badReRanking(text:problem:)`` for a power out of range.
    public init(exponent: Double = 7) throws {
        self.exponent = exponent
        guard Self.exponents.contains(exponent) else {
            throw RetrievalError.badReRanking(
                text: description, problem: "needs an exponent \(Self.exponents.words), not \(exponent)")
        }
    }

    public var description: String { "\(Self.name):\(exponent.shortest)" }

    /// The best rows by the sum of powers, equal ones in database order.
    ///
    /// A row outside the n most similar of all three has at most the sum of their n-th similarities' powers. Once the
    /// count-th best of the rows examined reaches that, no other row can be better; until then n grows.
    ///
    /// - Complexity: O(Q·D·C) time for the searches of the three; O(Q·n) memory.
    func neighbours(in set: RetrievalSet, count: Int) throws -> [[Neighbour]] {
        guard count > 0 else { throw RetrievalError.countOutOfRange(count: count) }
        var ranked = [[Neighbour]](repeating: [], count: set.queries.rows)
        var open = Array(0..<set.queries.rows)
        var depth = 4 * min(count, set.database.rows) + 16
        while !open.isEmpty {
            let voters = try Voters(open, of: set, depth: depth)
            let results = voters.each { votes in self.ranked(votes, in: set, count: count) }
            var left: [Int] = []
            for (query, result) in zip(open, results) {
                ranked[query] = result.rows
                if !result.isCertain { left.append(query) }
            }
            open = left
            depth *= 4
        }
        return ranked
    }

    private func ranked(_ votes: Votes, in set: RetrievalSet, count: Int) -> (rows: [Neighbour], isCertain: Bool) {
        let candidates = Set(votes.lists.joined().map(\.row)).subtracting(votes.own.map { [$0] } ?? []).sorted()
        var rows = ExactCosine.over(set.queries, set.database) { fromQuery in
            ExactCosine.over(set.database, set.database) { fromRow in
                candidates.map { row in
                    var sum = Self.weights[0] * power(fromQuery(votes.query, row))
                    for (answer, weight) in zip(votes.answers, Self.weights.dropFirst()) {
                        sum += weight * power(fromRow(answer, row))
                    }
                    return (row: row, sum: sum)
                }
            }
        }
        rows.sort { ($1.sum, $0.row) < ($0.sum, $1.row) }
        rows.removeLast(max(0, rows.count - count))
        let ranked = rows.map { Neighbour(row: $0.row, score: Float($0.sum)) }
        guard !votes.sawAll else { return (ranked, true) }
        guard rows.count == count, let last = rows.last else { return (ranked, false) }
        let bound = zip(votes.lists, Self.weights).reduce(0) { $0 + $1.1 * power($1.0.last?.score ?? -1) }
        // An unexamined row that meets the bound is as similar as the ends of all lists, and comes after them.
        let end = votes.lists.compactMap { $0.last?.row }.max() ?? 0
        return (ranked, (bound, last.row) < (last.sum, end + 1))
    }

    private func power(_ similarity: Float) -> Double {
        let size = pow(Double(abs(similarity)), exponent)
        return similarity < 0 ? -size : size
    }
}

/// Queries with their best matches, and the neighbours of each.
private struct Voters: Sendable {
    private let queries: [Int]
    private let set: RetrievalSet
    private let found: [[Neighbour]]
    private let places: [Int: Int]
    private let answersFound: [[Neighbour]]
    private let depth: Int

    init(_ queries: [Int], of set: RetrievalSet, depth: Int) throws {
        self.queries = queries
        self.set = set
        self.depth = depth
        found = try RetrievalSet(
            queries: set.queries.selecting(rows: queries), database: set.database,
            ownRows: queries.map { set.ownRows[$0] }
        ).neighbours(count: depth)
        // A match that many queries share is searched once.
        let answers = Set(found.flatMap { $0.prefix(2).map(\.row) }).sorted()
        places = Dictionary(uniqueKeysWithValues: answers.enumerated().map { ($1, $0) })
        answersFound = try RetrievalSet(queries: set.database.selecting(rows: answers), database: set.database)
            .neighbours(count: depth)
    }

    func each<Result: Sendable>(_ body: @Sendable (Votes) -> Result) -> [Result] {
        parallelMap(queries.count) { body(votes($0)) }
    }

    private func votes(_ place: Int) -> Votes {
        let answers = found[place].prefix(2).map(\.row)
        return Votes(
            query: queries[place], own: set.ownRows[queries[place]], answers: answers,
            lists: [found[place]] + answers.map { answersFound[places[$0]!] }, sawAll: depth >= set.database.rows)
    }
}

/// A query's voters (itself and its best matches) and their lists.
private struct Votes: Sendable {
    let query: Int
    let own: Int?
    /// The query's best rows, at most two.
    let answers: [Int]
    /// The neighbours of the query, then those of each match, which include itself and the query's own photograph.
    let lists: [[Neighbour]]
    /// Whether the lists hold the whole database.
    let sawAll: Bool
}
