import Basics
import Foundation

extension RetrievalSet {
    /// Applies expansion steps in order, each to what the one before it left.
    ///
    /// Only the database expands: no query is moved by another query or by its own photograph.
    ///
    /// - Complexity: O(Q·D·C) for a step on queries, O(D²·C) for one on the database; O(block·D) memory.
    public func applying(_ steps: [ExpansionStep]) throws -> RetrievalSet {
        try steps.reduce(self) { set, step in
            switch step.kind {
            case .alphaQE, .averageQE:
                try set.expandingQueries(neighbours: step.neighbours, alpha: step.alpha)
            case .databaseAugmentation:
                try set.augmentingDatabase(neighbours: step.neighbours, alpha: step.alpha)
            }
        }
    }

    /// Replaces each query by a weighted sum of itself and its nearest database rows: `unit(q + Σ max(s, 0)^α x)`.
    ///
    /// - Parameters:
    ///   - neighbours: Rows taken from the database, at least 1; a smaller database gives what it has.
    ///   - alpha: Exponent of the similarity, at least 0, dimensionless; 0 weighs all alike (average expansion).
    /// - Complexity: O(Q·D·C) time, O(block·D) memory.
    ///
    /// Source: Radenovic, Tolias, Chum, TPAMI 2018 (alpha-QE); Chum et al., ICCV 2007 (average).
    public func expandingQueries(neighbours: Int, alpha: Double) throws -> RetrievalSet {
        let nearest = try self.neighbours(count: neighbours)
        return try RetrievalSet(
            queries: queries.blended(with: nearest, of: database, alpha: alpha), database: database, ownRows: ownRows)
    }

    /// Replaces each database row by a weighted sum of itself and its nearest other rows, as
    /// ``expandingQueries(neighbours:alpha:)`` does for queries.
    ///
    /// The rows are the database's alone: which queries are asked does not change them.
    ///
    /// - Complexity: O(D²·C) time, O(block·D) memory.
    ///
    /// Source: Turcot, Lowe, ICCV Workshops 2009; Gordo et al., IJCV 2017.
    public func augmentingDatabase(neighbours: Int, alpha: Double) throws -> RetrievalSet {
        let itself = try RetrievalSet(queries: database, database: database, ownRows: Array(0..<database.rows))
        let augmented = try itself.expandingQueries(neighbours: neighbours, alpha: alpha).queries
        return try RetrievalSet(queries: queries, database: augmented, ownRows: ownRows)
    }
}

extension EmbeddingMatrix {
    /// `unit(row + Σ max(s, 0)^α x)` over the neighbours x of each row, summed in double precision.
    fileprivate func blended(
        with neighbours: [[Neighbour]], of database: EmbeddingMatrix, alpha: Double
    ) -> EmbeddingMatrix {
        var blended: [Float] = []
        blended.reserveCapacity(values.count)
        var sum = [Double](repeating: 0, count: columns)
        database.values.withUnsafeBufferPointer { database in
            for row in 0..<rows {
                for (column, value) in self[row: row].enumerated() { sum[column] = Double(value) }
                for neighbour in neighbours[row] {
                    let weight = pow(Double(max(neighbour.score, 0)), alpha)
                    let start = neighbour.row * columns
                    for column in 0..<columns { sum[column] += weight * Double(database[start + column]) }
                }
                let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
                blended += sum.lazy.map { Float(length > 0 ? $0 / length : 0) }
            }
        }
        return EmbeddingMatrix(unchecked: FloatValues(blended), rows: rows, columns: columns)
    }
}
