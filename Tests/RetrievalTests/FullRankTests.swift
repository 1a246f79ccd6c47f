import Basics
import Testing

@testable import Retrieval

@Suite struct FullRankTests {
    @Test func `Ranks are positions in the ranking of the whole database, with ties in its order`() throws {
        let base = try EmbeddingMatrix.random(rows: 40, columns: 29, seed: 7)
        var generator = SeededGenerator(seed: 8)
        // Rows repeat, so most similarities are tied.
        let copies = (0..<300).map { _ in generator.integer(in: 0..<40) }
        let database = try base.selecting(rows: copies)
        let own = (0..<40).map { $0 % 3 == 0 ? copies.firstIndex(of: $0) : nil }
        let set = try RetrievalSet(queries: base, database: database, ownRows: own)
        let wanted = (0..<40).map { query in
            generator.shuffled((0..<300).filter { $0 != own[query] }).prefix(query).map { $0 }
        }
        let rankings = set.naiveNeighbours(count: 300)
        for (query, ranks) in try set.ranks(of: wanted).enumerated() {
            let places = Dictionary(uniqueKeysWithValues: rankings[query].enumerated().map { ($1, $0 + 1) })
            #expect(ranks == wanted[query].map { places[$0] })
        }
    }

    @Test func `Without wanted rows or without a database there are no ranks`() throws {
        let queries = try EmbeddingMatrix.random(rows: 2, columns: 4, seed: 1)
        let empty = try EmbeddingMatrix(rows: 0, columns: 4, values: [])
        #expect(try RetrievalSet(queries: queries, database: queries).ranks(of: [[], [0]])[0] == [])
        #expect(try RetrievalSet(queries: queries, database: empty).ranks(of: [[], []]) == [[], []])
        #expect(try RetrievalSet(queries: queries, database: empty).neighbours(count: 3) == [[], []])
    }
}
