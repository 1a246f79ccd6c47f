import Basics
import Foundation
import Testing

@testable import Retrieval

@Suite struct NeighbourTests {
    @Test func `Neighbours and similarities equal numpy's`() throws {
        let golden = try Golden()
        let set = try RetrievalSet(queries: golden.matrix("queries"), database: golden.matrix("db"))
        let found = try set.neighbours(count: 10)
        let rankings = golden.rankings("knn.indices")
        #expect(rankings.count == 30)
        #expect(found.map { $0.map(\.row) } == rankings)
        // numpy rounds to single precision.
        for (neighbours, scores) in zip(found, golden.scores("knn.scores")) {
            #expect(zip(neighbours, scores).allSatisfy { abs(Double($0.score) - $1) < 2e-7 })
        }
    }

    @Test(arguments: [1, 3, 20, 299, 300, 1000])
    func `Blocked search equals sorting every similarity in double precision`(count: Int) throws {
        let database = try EmbeddingMatrix.random(rows: 300, columns: 37, seed: 1)
        let queries = try EmbeddingMatrix.random(rows: 41, columns: 37, seed: 2)
        let set = try RetrievalSet(queries: queries, database: database)
        let search = CosineSearch(
            queries: queries, database: database, excluded: set.ownRows, count: count, threads: 3,
            tile: (queries: 9, rows: 70))
        #expect(try search.perform().map { $0.map(\.row) } == set.naiveNeighbours(count: count))
        #expect(try set.neighbours(count: count) == search.perform())
    }

    @Test func `Any number of tiles and threads gives the same bytes`() throws {
        // Large enough for several threads.
        let database = try EmbeddingMatrix.random(rows: 517, columns: 64, seed: 3)
        func search(_ queries: Int, _ rows: Int, _ threads: Int) throws -> [[Neighbour]] {
            try CosineSearch(
                queries: database, database: database, excluded: Array(0..<517), count: 20, threads: threads,
                tile: (queries, rows)
            ).perform()
        }
        let whole = try search(1024, 1024, 1)
        for (queries, rows, threads) in [(9, 7, 2), (11, 40, 3), (100, 517, 2), (1024, 64, 5)] {
            #expect(try search(queries, rows, threads) == whole, "\(queries) x \(rows) on \(threads)")
        }
    }

    @Test func `Equal similarities are in database order, also at the end of the list`() throws {
        let base = try EmbeddingMatrix.random(rows: 7, columns: 33, seed: 4)
        // The database has every row 60 times, in a mixed order.
        var generator = SeededGenerator(seed: 5)
        let copies = generator.shuffled((0..<420).map { $0 % 7 })
        let set = try RetrievalSet(queries: base, database: base.selecting(rows: copies))
        for (query, neighbours) in try set.neighbours(count: 25).enumerated() {
            let expected = copies.indices.filter { copies[$0] == query }.prefix(25)
            #expect(neighbours.map(\.row) == Array(expected))
            #expect(Set(neighbours.map(\.score)).count == 1)
        }
    }

    @Test func `No more equal rows than needed are kept`() throws {
        let database = try EmbeddingMatrix(rows: 20_000, columns: 2, values: [Float](repeating: 0.6, count: 40_000))
        ExactCosine.over(database, database) { cosine in
            var top = TopCandidates(query: 0, count: 3, cosine: cosine)
            let products = [Float](repeating: 0.72, count: 1000)
            for first in stride(from: 0, to: 20_000, by: 1000) {
                products.withUnsafeBufferPointer { top.take($0, first: first) }
                #expect(top.entries.count < 1000)
            }
            #expect(top.ranked() == (0..<3).map { Neighbour(row: $0, score: 0.72) })
        }
    }

    @Test func `Rows in ascending order of similarity are found`() throws {
        let angles = (0..<3000).map { Float(0.5 * Double.pi * Double($0) / 3000) }
        let values = angles.flatMap { angle in [Float(sin(Double(angle))), Float(cos(Double(angle)))] }
        let set = try RetrievalSet(
            queries: EmbeddingMatrix(rows: 1, columns: 2, values: [1, 0]),
            database: EmbeddingMatrix(rows: 3000, columns: 2, values: values))
        #expect(try set.neighbours(count: 4).map { $0.map(\.row) } == [[2999, 2998, 2997, 2996]])
    }

    @Test func `Only a query's own photograph is left out`() throws {
        let database = try EmbeddingMatrix.random(rows: 50, columns: 16, seed: 6)
        let own: [Int?] = (0..<50).map { $0 % 3 == 0 ? nil : $0 }
        let found = try RetrievalSet(queries: database, database: database, ownRows: own).neighbours(count: 50)
        for (query, neighbours) in found.enumerated() {
            #expect(neighbours.count == (own[query] == nil ? 50 : 49))
            #expect((neighbours.first?.row == query) == (own[query] == nil))
            #expect(Set(neighbours.map(\.row)).count == neighbours.count)
        }
    }

    @Test func `Small and empty databases return all their rows`() throws {
        let query = try EmbeddingMatrix.random(rows: 1, columns: 4, seed: 7)
        let nothing = try EmbeddingMatrix(rows: 0, columns: 4, values: [])
        #expect(try RetrievalSet(queries: query, database: query).neighbours(count: 20).map(\.count) == [1])
        #expect(try RetrievalSet(queries: query, database: query, ownRows: [0]).neighbours(count: 20) == [[]])
        #expect(try RetrievalSet(queries: query, database: nothing).neighbours(count: 20) == [[]])
        #expect(try RetrievalSet(queries: nothing, database: query).neighbours(count: 20) == [])
    }

    @Test func `A zero row is similar to no other`() throws {
        let database = try EmbeddingMatrix(rows: 3, columns: 2, values: [0, 0, 1, 0, -1, 0])
        let queries = try EmbeddingMatrix(rows: 2, columns: 2, values: [1, 0, 0, 0])
        let found = try RetrievalSet(queries: queries, database: database).neighbours(count: 3)
        #expect(found[0] == [.init(row: 1, score: 1), .init(row: 0, score: 0), .init(row: 2, score: -1)])
        #expect(found[1].map(\.row) == [0, 1, 2])
    }

    @Test func `Invalid input is refused with its position`() throws {
        let narrow = try EmbeddingMatrix.random(rows: 2, columns: 4, seed: 8)
        let wide = try EmbeddingMatrix.random(rows: 3, columns: 5, seed: 8)
        #expect(throws: RetrievalError.widthMismatch(queries: 4, database: 5)) {
            try RetrievalSet(queries: narrow, database: wide)
        }
        #expect(throws: RetrievalError.ownRowsMismatch(queries: 2, ownRows: 1)) {
            try RetrievalSet(queries: narrow, database: narrow, ownRows: [0])
        }
        #expect(throws: RetrievalError.rowOutOfRange(row: 2, rows: 2)) {
            try RetrievalSet(queries: narrow, database: narrow, ownRows: [nil, 2])
        }
        let long = try EmbeddingMatrix(rows: 2, columns: 2, values: [1, 0, 3, 4])
        let broken = try EmbeddingMatrix(rows: 2, columns: 2, values: [1, 0, .nan, 0])
        #expect(throws: RetrievalError.notUnitLength(matrix: "database", row: 1, length: 5)) {
            try RetrievalSet(queries: long.unitRows(), database: long)
        }
        #expect(throws: RetrievalError.notFinite(matrix: "queries", row: 1)) {
            try RetrievalSet(queries: broken, database: long.unitRows())
        }
        #expect(throws: RetrievalError.countOutOfRange(count: 0)) {
            try RetrievalSet(queries: narrow, database: narrow).neighbours(count: 0)
        }
    }

    @Test(arguments: [1, 2, 3, 7]) func `The best of the parts of a database are the best of the whole`(
        parts: Int
    ) throws {
        // Every row is there twice, far apart, so that the order decides between parts, too.
        let half = try EmbeddingMatrix.random(rows: 50, columns: 24, seed: 4)
        let database = try half.selecting(rows: Array(0..<50) + Array(0..<50))
        let own: [Int?] = (0..<50).map { $0 % 2 == 0 ? $0 : nil }
        let whole = try RetrievalSet(queries: half, database: database, ownRows: own).neighbours(count: 30)
        let found = try (0..<parts).map { part in
            let rows = 100 * part / parts..<100 * (part + 1) / parts
            return try RetrievalSet(
                queries: half, database: database.selecting(rows: rows),
                ownRows: own.map { own in own.flatMap { rows.contains($0) ? $0 - rows.lowerBound : nil } }
            ).neighbours(count: 30).map { $0.map { Neighbour(row: rows.lowerBound + $0.row, score: $0.score) } }
        }
        for query in whole.indices {
            #expect(Neighbour.merged(found.map { $0[query] }, count: 30) == whole[query])
        }
    }
}
