import Basics
import Foundation

/// Some rows with a weight each, by row.
typealias Membership = [(row: Int32, weight: Float)]

/// Who looks at the database: one of its rows, or a query that does not stand in it.
struct Visitor {
    /// The rows most similar to it, itself left out.
    let nearest: [Neighbour]
    /// Its cosine distance to the row that is least like it.
    let largest: Double
    /// Its similarity to a row.
    let cosine: (Int) -> Float

    /// The cosine distance over the largest one; 0 where all rows are the visitor's equal.
    func distance(to row: Int) -> Double { largest > 0 ? (1 - Double(cosine(row))) / largest : 0 }
}

/// The neighbourhoods of all database rows; see ``KReciprocal``.
///
/// They are kept as lists of their members, and the other way round: for each row the neighbourhoods that it is in.
struct ReciprocalGraph: Sendable {
    /// Each row's neighbourhood, averaged over those of its nearest rows.
    let averaged: [Membership]
    private let plain: [Membership]
    private let lists: [[Neighbour]]
    /// Who lists each other within half the reach.
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
        /// The row itself and who lists it in turn, both within the first `reach` of their lists.
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

    /// The neighbourhood of somebody who does not stand in the database, without the visitor itself.
    func averaged(of visitor: Visitor) -> Membership {
        let mutual = visitor.nearest.prefix(k1).filter { neighbour in
            // It would stand in the row's list if it is more similar than the last who does.
            lists[neighbour.row].count < k1 || neighbour.score > lists[neighbour.row][k1 - 1].score
        }
        let own = Self.weighed(Self.grown(Set(mutual.map(\.row)), by: close), of: visitor, selfWeight: 1)
        return Self.mean([own] + visitor.nearest.prefix(k2 - 1).map { plain[$0.row] })
    }

    /// The rows whose neighbourhood shares members with the given one, in database order, each with the sum of the
    /// lesser weights.
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

    /// numpy's rounding, which the source uses: halves to the even number.
    private static func half(_ k1: Int) -> Int { Int((Double(k1) / 2).rounded(.toNearestOrEven)) }

    /// The neighbourhood and the close ones of its members that lie in it by more than two thirds.
    private static func grown(_ neighbourhood: Set<Int>, by close: [Set<Int>]) -> Set<Int> {
        var grown = neighbourhood
        for member in neighbourhood {
            let shared = close[member].count { neighbourhood.contains($0) }
            if 3 * shared > 2 * close[member].count { grown.formUnion(close[member]) }
        }
        return grown
    }

    /// Members by `exp(-distance)`, as shares of all; `selfWeight` is the visitor's own, where it is no member.
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
