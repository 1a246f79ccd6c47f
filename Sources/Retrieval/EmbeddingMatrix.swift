import Basics

/// Embeddings, one photograph a row.
public struct EmbeddingMatrix: Sendable, Equatable {
    /// The number of photographs.
    public let rows: Int
    /// The width of an embedding.
    public let columns: Int
    /// `rows × columns` values, row by row.
    public let values: FloatValues

    /// Creates a matrix from values row by row.
    ///
    /// - Throws: ``RetrievalError/shapeMismatch(rows:columns:values:)``.
    public init(rows: Int, columns: Int, values: [Float]) throws {
        guard rows >= 0, columns >= 0, values.count == rows * columns else {
            throw RetrievalError.shapeMismatch(rows: rows, columns: columns, values: values.count)
        }
        self.init(unchecked: FloatValues(values), rows: rows, columns: columns)
    }

    /// Uses the values of an `.npy` file without copying them.
    public init(_ matrix: NPYMatrix) {
        self.init(unchecked: matrix.values, rows: matrix.rows, columns: matrix.columns)
    }

    init(unchecked values: FloatValues, rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// The same numbers in the form that is written to `.npy` files.
    public var npy: NPYMatrix { NPYMatrix(rows: rows, columns: columns, values: values) }

    /// One photograph's embedding.
    public subscript(row row: Int) -> Slice<FloatValues> { values[row * columns..<(row + 1) * columns] }

    /// The given rows, in the given order; rows can repeat.
    ///
    /// - Throws: ``RetrievalError/rowOutOfRange(row:rows:)``.
    /// - Complexity: O(n·C) for n rows taken; O(n), sharing the storage, for all rows in their order.
    public func selecting(rows selection: some Collection<Int>) throws -> EmbeddingMatrix {
        guard !selection.elementsEqual(0..<rows) else { return self }
        var taken: [Float] = []
        taken.reserveCapacity(selection.count * columns)
        for row in selection {
            guard row >= 0, row < rows else { throw RetrievalError.rowOutOfRange(row: row, rows: rows) }
            values.withUnsafeBufferPointer { taken += $0[row * columns..<(row + 1) * columns] }
        }
        return EmbeddingMatrix(unchecked: FloatValues(taken), rows: selection.count, columns: columns)
    }

    /// Every row divided by its Euclidean length; zero rows and rows of unit length do not change.
    ///
    /// - Complexity: O(D·C).
    public func unitRows() -> EmbeddingMatrix {
        var scaled: [Float]?
        for row in 0..<rows {
            let length = length(ofRow: row)
            // A row normalised in single precision is off by less; dividing it again would only change its low bits.
            guard length > 0, abs(length - 1) > 1e-6 else { continue }
            var changed = scaled ?? Array(values)
            scaled = nil
            for index in row * columns..<(row + 1) * columns { changed[index] = Float(Double(changed[index]) / length) }
            scaled = changed
        }
        return scaled.map { EmbeddingMatrix(unchecked: FloatValues($0), rows: rows, columns: columns) } ?? self
    }

    /// Joins the members of an ensemble, so that the inner product of two joined rows is the weighted mean of the
    /// members' similarities.
    ///
    /// Member i's columns are scaled by `sqrt(w_i / sum w)`; if all members' rows have unit length, so do the joined
    /// rows. A single member is returned without a copy.
    ///
    /// - Parameter members: Embeddings of the same photographs in the same order, and each member's weight, at least 0.
    /// - Returns: Shape `[D, C_1 + C_2 + …]`.
    /// - Throws: ``RetrievalError/memberMismatch(member:rows:expected:)``, ``RetrievalError/badWeights(_:)``.
    public static func ensemble(_ members: [(embeddings: EmbeddingMatrix, weight: Double)]) throws -> EmbeddingMatrix {
        let weights = members.map(\.weight)
        let total = weights.reduce(0, +)
        guard weights.allSatisfy({ $0 >= 0 }), total > 0, total.isFinite else {
            throw RetrievalError.badWeights(weights)
        }
        let rows = members[0].embeddings.rows
        for (member, entry) in members.enumerated() where entry.embeddings.rows != rows {
            throw RetrievalError.memberMismatch(member: member, rows: entry.embeddings.rows, expected: rows)
        }
        guard members.count > 1 else { return members[0].embeddings }
        let columns = members.reduce(0) { $0 + $1.embeddings.columns }
        var joined: [Float] = []
        joined.reserveCapacity(rows * columns)
        let scales = weights.map { ($0 / total).squareRoot() }
        for row in 0..<rows {
            for (member, scale) in zip(members, scales) {
                member.embeddings.values.withUnsafeBufferPointer { values in
                    let width = member.embeddings.columns
                    joined += values[row * width..<(row + 1) * width].lazy.map { Float(Double($0) * scale) }
                }
            }
        }
        return EmbeddingMatrix(unchecked: FloatValues(joined), rows: rows, columns: columns)
    }

    /// The first row that holds NaN or infinity, or nil.
    public var firstRowNotFinite: Int? { (0..<rows).first { !length(ofRow: $0).isFinite } }

    /// The first row of zeros, which has no direction, or nil.
    public var firstRowOfZeros: Int? { (0..<rows).first { length(ofRow: $0) == 0 } }

    /// The inner product of two rows, summed in double precision: the cosine, if the rows have unit length.
    public func similarity(_ row: Int, _ other: Int) -> Double {
        zip(self[row: row], self[row: other]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    /// The Euclidean length of a row, summed in double precision.
    func length(ofRow row: Int) -> Double {
        values.withUnsafeBufferPointer { values in
            var sum = 0.0
            for index in row * columns..<(row + 1) * columns { sum += Double(values[index]) * Double(values[index]) }
            return sum.squareRoot()
        }
    }

    /// Checks that inner products of the rows are within [-1, 1].
    ///
    /// Shorter rows pass: a photograph without a direction has a zero row, or lacks a member's share in an ensemble.
    func requireAtMostUnitLength(named name: String) throws {
        for row in 0..<rows {
            let length = length(ofRow: row)
            guard length.isFinite else { throw RetrievalError.notFinite(matrix: name, row: row) }
            // Embeddings stored in half precision are off by up to 5e-4.
            guard length <= 1.001 else {
                throw RetrievalError.notUnitLength(matrix: name, row: row, length: length)
            }
        }
    }
}

extension EmbeddingMatrix {
    /// Every row moved a share of the way towards another matrix's, so that its inner product with any vector is the
    /// weighted mean of both.
    ///
    /// - Parameters:
    ///   - other: A matrix of the same shape.
    ///   - share: In `0...1`; 0 does not change the rows.
    /// - Returns: Rows of at most unit length, if both matrices have such rows.
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
