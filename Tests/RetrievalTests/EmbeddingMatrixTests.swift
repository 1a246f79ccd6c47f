import Basics
import Foundation
import Testing

@testable import Retrieval

@Suite struct EmbeddingMatrixTests {
    @Test func `An ensemble's similarity is the weighted mean of its members'`() throws {
        let members = try [(4, 1.0), (9, 0.75), (6, 0)].map { columns, weight in
            (embeddings: try EmbeddingMatrix.random(rows: 12, columns: columns, seed: UInt64(columns)), weight: weight)
        }
        let joined = try EmbeddingMatrix.ensemble(members)
        #expect((joined.rows, joined.columns) == (12, 19))
        for (row, other) in [(0, 0), (1, 7), (11, 3)] {
            let mean = members.reduce(0) { $0 + $1.weight / 1.75 * $1.embeddings.cosine(row, $1.embeddings, other) }
            #expect(abs(joined.cosine(row, joined, other) - mean) < 1e-6)
        }
    }

    @Test func `Members that do not fit together are refused`() throws {
        let two = try EmbeddingMatrix.random(rows: 2, columns: 3, seed: 1)
        let three = try EmbeddingMatrix.random(rows: 3, columns: 3, seed: 1)
        #expect(throws: RetrievalError.memberMismatch(member: 1, rows: 3, expected: 2)) {
            try EmbeddingMatrix.ensemble([(two, 1), (three, 1)])
        }
        #expect(throws: RetrievalError.badWeights([1, -1])) { try EmbeddingMatrix.ensemble([(two, 1), (two, -1)]) }
        #expect(throws: RetrievalError.badWeights([0])) { try EmbeddingMatrix.ensemble([(two, 0)]) }
        #expect(throws: RetrievalError.badWeights([])) { try EmbeddingMatrix.ensemble([]) }
    }

    @Test func `Rows that move towards another matrix have the weighted mean of both similarities`() throws {
        let plain = try EmbeddingMatrix(rows: 2, columns: 2, values: [1, 0, 0, 1])
        let other = try EmbeddingMatrix(rows: 2, columns: 2, values: [0, 1, 0, -1])
        #expect(try Array(plain.approaching(other, by: 0.25).values) == [0.75, 0.25, 0, 0.5])
        #expect(try plain.approaching(other, by: 0) == plain)
        #expect(try plain.approaching(other, by: 1) == other)
        let narrow = try EmbeddingMatrix(rows: 2, columns: 1, values: [1, 1])
        #expect(throws: RetrievalError.widthMismatch(queries: 2, database: 1)) {
            _ = try plain.approaching(narrow, by: 0.5)
        }
        let short = try EmbeddingMatrix(rows: 1, columns: 2, values: [1, 0])
        #expect(throws: RetrievalError.memberMismatch(member: 1, rows: 1, expected: 2)) {
            _ = try plain.approaching(short, by: 0.5)
        }
    }

    @Test func `Zero rows stay zero, the others get unit length`() throws {
        let matrix = try EmbeddingMatrix(rows: 3, columns: 2, values: [3, 4, 0, 0, 1e-30, 0]).unitRows()
        #expect(Array(matrix.values) == [0.6, 0.8, 0, 0, 1, 0])
    }

    @Test func `Rows are selected in the requested order`() throws {
        let matrix = try EmbeddingMatrix(rows: 3, columns: 2, values: [0, 1, 2, 3, 4, 5])
        #expect(try Array(matrix.selecting(rows: [2, 0, 2]).values) == [4, 5, 0, 1, 4, 5])
        #expect(throws: RetrievalError.rowOutOfRange(row: 3, rows: 3)) { try matrix.selecting(rows: [3]) }
        #expect(throws: RetrievalError.shapeMismatch(rows: 2, columns: 2, values: 3)) {
            try EmbeddingMatrix(rows: 2, columns: 2, values: [1, 2, 3])
        }
    }

    @Test func `A matrix is the same after writing and reading its file`() throws {
        let matrix = try EmbeddingMatrix.random(rows: 5, columns: 3, seed: 9)
        let url = FileManager.default.temporaryDirectory.appending(path: "embeddings-\(UUID()).npy")
        defer { try? FileManager.default.removeItem(at: url) }
        try matrix.npy.write(to: url)
        #expect(try EmbeddingMatrix(NPYMatrix.read(url)) == matrix)
    }
}
