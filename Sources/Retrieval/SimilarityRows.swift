import Basics

extension RetrievalSet {
    /// The numbers of one block of similarities: 32 MiB.
    private static let blockCapacity = 1 << 23

    /// Transforms every query's similarities to the whole database, block by block.
    ///
    /// - Parameter transform: Receives the exact similarity, the query's index and its products; it runs for several
    ///   queries at once.
    /// - Returns: One result for each query, in order.
    /// - Throws: ``RetrievalError/noOpenBLAS(reason:)``.
    /// - Complexity: O(Q·D·C) time, O(block·D) memory, in addition to that of `transform`.
    func mapSimilarities<Result: Sendable>(
        _ transform: @Sendable (ExactCosine, _ query: Int, _ products: UnsafeBufferPointer<Float>) -> Result
    ) throws -> [Result] {
        let blas = try OpenBLAS.loaded()
        return ExactCosine.over(queries, database) { cosine in
            let block = min(max(Self.blockCapacity / max(database.rows, 1), 8), 1024, max(queries.rows, 1))
            let products = UnsafeMutablePointer<Float>.allocate(capacity: max(block * database.rows, 1))
            defer { products.deallocate() }
            var result: [Result] = []
            result.reserveCapacity(queries.rows)
            for start in stride(from: 0, to: queries.rows, by: block) {
                let range = start..<min(start + block, queries.rows)
                if database.rows > 0 { cosine.multiply(range, 0..<database.rows, by: blas, into: products) }
                // Safe, because nothing writes until all have read.
                nonisolated(unsafe) let products = UnsafePointer(products)
                result += parallelMap(range.count) { offset in
                    transform(
                        cosine, range.lowerBound + offset,
                        UnsafeBufferPointer(start: products + offset * database.rows, count: database.rows))
                }
            }
            return result
        }
    }
}
