/// The similarity that counts, and the bound on how far a matrix product is from it.
///
/// A product's low bits depend on tile, thread count and processor. One sum of fixed order does not.
struct ExactCosine: @unchecked Sendable {
    // Unchecked: both only point to numbers that nobody writes.
    let queries: UnsafePointer<Float>
    let database: UnsafePointer<Float>
    let columns: Int

    /// Calls `body` with the numbers of both matrices in place.
    static func over<Result>(
        _ queries: EmbeddingMatrix, _ database: EmbeddingMatrix, _ body: (ExactCosine) throws -> Result
    ) rethrows -> Result {
        try queries.values.withUnsafeBufferPointer { first in
            try database.values.withUnsafeBufferPointer { second in
                // Matrices without a number have no address; nobody reads there.
                let nowhere = UnsafePointer<Float>(bitPattern: MemoryLayout<Float>.alignment)!
                return try body(
                    ExactCosine(
                        queries: first.baseAddress ?? nowhere, database: second.baseAddress ?? nowhere,
                        columns: queries.columns))
            }
        }
    }

    /// The inner product of a query and a database row; products of two `Float`s are exact in `Double`, so only the order
    /// of the sum matters.
    func callAsFunction(_ query: Int, _ row: Int) -> Float {
        let x = queries + query * columns
        let y = database + row * columns
        var lanes = SIMD8<Double>.zero
        let whole = columns & ~7
        for start in stride(from: 0, to: whole, by: 8) {
            for lane in 0..<8 { lanes[lane] += Double(x[start &+ lane]) * Double(y[start &+ lane]) }
        }
        var sum = 0.0
        for lane in 0..<8 { sum += lanes[lane] }
        for index in whole..<columns { sum += Double(x[index]) * Double(y[index]) }
        return Float(sum)
    }

    /// Two similarities whose products differ by more are in the products' order: twice the bound γ of a
    /// single-precision inner product's error for rows of unit length, and the last rounding.
    ///
    /// Source: Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1.
    var margin: Float { 2 * 1.01 * Float(columns + 2) * 0x1p-24 }

    /// The products of a block of queries and a block of database rows, query by query, in single precision.
    func multiply(
        _ block: Range<Int>, _ rows: Range<Int>, by blas: OpenBLAS, into products: UnsafeMutablePointer<Float>
    ) {
        blas.multiply(
            queries + block.lowerBound * columns, count: block.count, database + rows.lowerBound * columns,
            rows: rows.count, columns: columns, into: products)
    }
}
