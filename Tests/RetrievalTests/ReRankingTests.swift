import Basics
import Foundation
import Testing

@testable import Retrieval

@Suite struct ReRankingTests {
    /// The reference graph includes the queries, so here the database includes them too.
    private func reference() throws -> (set: RetrievalSet, rule: KReciprocal, golden: Golden, queries: Int) {
        let golden = try Golden()
        let queries = try golden.matrix("queries")
        let all = try EmbeddingMatrix(
            rows: 150, columns: 24, values: Array(queries.values) + golden.matrix("db").values)
        let set = try RetrievalSet(queries: queries, database: all, ownRows: Array(0..<30))
        let k1 = try #require(golden.values[path: "k_reciprocal.k1"]?.integer)
        let k2 = try #require(golden.values[path: "k_reciprocal.k2"]?.integer)
        let lambda = try #require(golden.values[path: "k_reciprocal.lambda_"]?.double)
        return (set, try KReciprocal(k1: k1, k2: k2, lambda: lambda), golden, 30)
    }

    @Test func `k-reciprocal distances and rankings equal those of the authors' code`() throws {
        let (set, rule, golden, queries) = try reference()
        let distances = golden.scores("k_reciprocal.distances")
        let rankings = golden.rankings("k_reciprocal.indices")
        let found = try rule.neighbours(in: set, count: 149).map { $0.filter { $0.row >= queries } }
        #expect(found.map { $0.prefix(10).map { $0.row - queries } } == rankings)
        for (query, neighbours) in found.enumerated() {
            #expect(neighbours.count == 120)
            // Weights and scores are stored in single precision.
            #expect(neighbours.allSatisfy { abs(1 - Double($0.score) - distances[query][$0.row - queries]) < 1e-6 })
        }
    }

    @Test(arguments: [1, 5, 20])
    func `The first rows equal those of the whole ranking`(count: Int) throws {
        let (set, rule, _, _) = try reference()
        let power = try PowerReRanking()
        let apart = try RetrievalSet(queries: set.queries, database: set.database.selecting(rows: 30..<150))
        for set in [set, apart] {
            #expect(
                try rule.neighbours(in: set, count: count)
                    == rule.neighbours(in: set, count: 150).map { Array($0.prefix(count)) })
            #expect(
                try power.neighbours(in: set, count: count)
                    == power.neighbours(in: set, count: 150).map { Array($0.prefix(count)) })
        }
    }

    @Test(arguments: ["k-reciprocal:8:4:0.3", "power:7"])
    func `No query changes another's ranking`(text: String) throws {
        let golden = try Golden()
        let all = try RetrievalSet(queries: golden.matrix("queries"), database: golden.matrix("db"))
        let alone = try RetrievalSet(queries: all.queries.selecting(rows: [17]), database: all.database)
        let plan = SearchPlan(reRanking: try ReRanking(parsing: text))
        #expect(try alone.neighbours(count: 20, by: plan)[0] == all.neighbours(count: 20, by: plan)[17])
    }

    @Test func `A query that is in the database is ranked as its row`() throws {
        let (set, rule, _, _) = try reference()
        let inside = try rule.neighbours(in: set, count: 20)
        #expect(inside.enumerated().allSatisfy { query, rows in !rows.contains { $0.row == query } })
        // The same photograph as a visitor finds its own row first, and then nearly the same rows.
        let guests = try RetrievalSet(queries: set.queries, database: set.database)
        let outside = try rule.neighbours(in: guests, count: 20)
        let first = outside.enumerated().count { $1[0].row == $0 }
        #expect(first == 30)
        let kept = zip(inside, outside).map { Set($0.map(\.row)).intersection($1.map(\.row)).count }
        #expect(kept.reduce(0, +) > 30 * 15)
    }

    @Test func `The power rule is the weighted sum of powers over the query and its two best matches`() throws {
        let database = try EmbeddingMatrix.random(rows: 400, columns: 6, seed: 21)
        let own: [Int?] = [nil, 3, 250]
        let queries = try EmbeddingMatrix(
            rows: 3, columns: 6,
            values: Array(EmbeddingMatrix.random(rows: 1, columns: 6, seed: 22).values)
                + database.selecting(rows: [3, 250]).values)
        let set = try RetrievalSet(queries: queries, database: database, ownRows: own)
        let found = try PowerReRanking(exponent: 7).neighbours(in: set, count: 20)
        for (query, best) in try set.neighbours(count: 2).enumerated() {
            let scores = (0..<400).map { row in
                0.4 * pow(queries.cosine(query, database, row), 7)
                    + 0.4 * pow(database.cosine(best[0].row, database, row), 7)
                    + 0.2 * pow(database.cosine(best[1].row, database, row), 7)
            }
            let order = (0..<400).filter { $0 != own[query] }.sorted { scores[$0] > scores[$1] }
            #expect(found[query].map(\.row) == Array(order.prefix(20)))
            // Similarities are rounded to single precision before the power.
            #expect(found[query].allSatisfy { abs(Double($0.score) - scores[$0.row]) < 1e-6 })
        }
    }

    @Test(arguments: ["k-reciprocal:20:6:0.3", "k-reciprocal:1:1:0", "power:7", "power:0.5"])
    func `Small, empty and uniform databases return all their rows, in their order`(text: String) throws {
        let plan = SearchPlan(reRanking: try ReRanking(parsing: text))
        let query = try EmbeddingMatrix.random(rows: 1, columns: 4, seed: 7)
        let nothing = try EmbeddingMatrix(rows: 0, columns: 4, values: [])
        let alike = try query.selecting(rows: [Int](repeating: 0, count: 300))
        #expect(try RetrievalSet(queries: query, database: query).neighbours(count: 20, by: plan)[0].map(\.row) == [0])
        #expect(
            try RetrievalSet(queries: query, database: query, ownRows: [0]).neighbours(count: 20, by: plan) == [[]])
        #expect(try RetrievalSet(queries: query, database: nothing).neighbours(count: 20, by: plan) == [[]])
        #expect(try RetrievalSet(queries: nothing, database: query).neighbours(count: 20, by: plan) == [])
        let uniform = try RetrievalSet(queries: query, database: alike).neighbours(count: 3, by: plan)[0]
        #expect(uniform.count == 3)
        #expect(uniform.allSatisfy { $0.score.isFinite })
        if text.hasPrefix("power") { #expect(uniform.map(\.row) == [0, 1, 2]) }
    }

    @Test(arguments: ["k-reciprocal:20:6:0.3", "k-reciprocal:5:1:0", "power:7", "power:0.5"])
    func `A re-ranking's description is the text it was parsed from`(text: String) throws {
        #expect(try ReRanking(parsing: text).description == text)
    }

    @Test(arguments: [
        ("k-reciprocl:20:6:0.3", "did you mean 'k-reciprocal'?"), ("k-reciprocal:20:6", "has 3 parts, not 4"),
        ("power", "has 1 parts, not 2"), ("power:0", "not 0.0"), ("power:x", "exponent 'x'"),
        ("power:nan", "exponent"), ("k-reciprocal:0:6:0.3", "needs k1 from 1 to 1000000, not 0"),
        ("k-reciprocal:20:0:0.3", "needs k2 from 1 to 1000000, not 0"),
        ("k-reciprocal:20:6:1.5", "needs lambda from 0 to 1, not 1.5"), ("k-reciprocal:20:x:0", "k2 'x'"),
        ("", "unknown kind"),
    ])
    func `An invalid re-ranking is refused with the reason`(text: String, reason: String) throws {
        let error = #expect(throws: RetrievalError.self) { try ReRanking(parsing: text) }
        #expect(error?.description.contains(reason) == true)
        #expect(error?.description.contains("'\(text)'") == true)
    }
}
