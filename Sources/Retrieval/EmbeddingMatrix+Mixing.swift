import Basics

extension EmbeddingMatrix {
    /// Every row moved a share of the way to another matrix's, so that its inner product with anything is the weighted
    /// mean of both.
    ///
    /// - Parameters:
    ///   - other: As many rows and columns.
    ///   - share: In `0...1`; 0 leaves the rows as they are.
    /// - Returns: Rows of unit length at most, where both have no longer ones.
    /// - Throws: ``RetrievalError/widthMismatch(queries:database:)``,
    ///   ``RetrievalError/memberMismatch(member:rows:expected:)``.
    /// - Complexity: O(D·C).
    public func approaching(_ other: EmbeddingMatrix, by share: Double) throws -> EmbeddingMatrix {
        guard columns == other.columns else {
            throw RetrievalError.widthMismatch(queries: columns, database: other.columns)
        }
        guard rows == other.rows else {
            throw RetrievalError.memberMismatch(member: 1, rows: other.rows, expected: rows)
        }
        let mixed = zip(values, other.values).map { Float((1 - share) * Double($0) + share * Double($1)) }
        return EmbeddingMatrix(unchecked: FloatValues(mixed), rows: rows, columns: columns)
    }
}
