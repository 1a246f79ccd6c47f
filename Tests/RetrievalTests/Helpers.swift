import Basics

@testable import Retrieval

extension EmbeddingMatrix {
    /// Unit rows in random directions.
    static func random(rows: Int, columns: Int, seed: UInt64) throws -> EmbeddingMatrix {
        var generator = SeededGenerator(seed: seed, "embeddings")
        let values = (0..<rows * columns).map { _ in Float(generator.normal(mean: 0, deviation: 1)) }
        return try EmbeddingMatrix(rows: rows, columns: columns, values: values).unitRows()
    }

    func cosine(_ row: Int, _ other: EmbeddingMatrix, _ otherRow: Int) -> Double {
        zip(self[row: row], other[row: otherRow]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    func largestDifference(from other: EmbeddingMatrix) -> Float {
        guard rows == other.rows, columns == other.columns else { return .infinity }
        return zip(values, other.values).map { abs($0 - $1) }.max() ?? 0
    }
}

extension RetrievalSet {
    /// Computes every similarity in double precision and sorts every row completely.
    func naiveNeighbours(count: Int) -> [[Int]] {
        (0..<queries.rows).map { query in
            let rows = (0..<database.rows).filter { $0 != ownRows[query] }
            let scores = rows.map { Float(queries.cosine(query, database, $0)) }
            let order = rows.indices.sorted { (scores[$1], rows[$0]) < (scores[$0], rows[$1]) }
            return order.prefix(count).map { rows[$0] }
        }
    }
}
