import Basics

/// Exact nearest neighbours: tiles of single-precision products find the candidates, double precision ranks them.
///
/// Each thread multiplies a tile of queries and database rows and takes from it what may be among the best before the
/// next tile overwrites it, while it still lies in the processor's cache. The memory is that of one tile a thread and
/// of the candidates.
struct CosineSearch {
    let queries: EmbeddingMatrix
    let database: EmbeddingMatrix
    let excluded: [Int?]
    let count: Int
    let threads: Int
    /// Queries and database rows of a tile.
    var tile = (queries: 2048, rows: 1024)

    /// Multiplications below which threads take longer to start than to work.
    private static let smallWork = 0x1p22

    /// - Throws: ``RetrievalError/noOpenBLAS(reason:)``.
    func perform() throws -> [[Neighbour]] {
        guard database.rows > 0, queries.rows > 0 else { return Array(repeating: [], count: queries.rows) }
        let blas = try OpenBLAS.loaded()
        // More than the database has are never found, but room would be made for them.
        let count = min(count, database.rows)
        return try ExactCosine.over(queries, database) { cosine in
            let plan = Plan(queries: queries.rows, rows: database.rows, threads: threads, tile: tile)
            // Safe: each number of a loop touches its own places alone, and all end before the memory does.
            nonisolated(unsafe) let found = UnsafeMutablePointer<TopCandidates>.allocate(
                capacity: queries.rows * plan.segments)
            defer { found.deallocate() }
            for segment in 0..<plan.segments {
                for query in 0..<queries.rows {
                    (found + segment * queries.rows + query).initialize(
                        to: TopCandidates(query: query, count: count, cosine: cosine))
                }
            }
            defer { found.deinitialize(count: queries.rows * plan.segments) }
            try each(plan.blocks * plan.segments, by: blas) { number in
                let block = plan.block(number % plan.blocks)
                let segment = number / plan.blocks
                gather(block, plan.segment(segment), cosine, by: blas, into: found + segment * queries.rows)
            }
            return try Array(unsafeUninitializedCapacity: queries.rows) { output, initialized in
                nonisolated(unsafe) let output = output.baseAddress!  // Safe, as above.
                try each(plan.blocks, by: blas) { number in
                    for query in plan.block(number) {
                        for segment in 1..<plan.segments { found[query].merge(found[segment * queries.rows + query]) }
                        (output + query).initialize(to: found[query].ranked())
                    }
                }
                initialized = queries.rows
            }
        }
    }

    private func each(_ count: Int, by blas: OpenBLAS, _ body: @Sendable @escaping (Int) -> Void) throws {
        if Double(queries.rows) * Double(database.rows) * Double(max(1, database.columns)) < Self.smallWork {
            for number in 0..<count { body(number) }
        } else {
            try ProductThreads.perform(count, threads: threads, by: blas, body)
        }
    }

    /// Multiplies a block of queries with a part of the database, tile by tile.
    private func gather(
        _ block: Range<Int>, _ segment: Range<Int>, _ cosine: ExactCosine, by blas: OpenBLAS,
        into found: UnsafeMutablePointer<TopCandidates>
    ) {
        let products = UnsafeMutablePointer<Float>.allocate(capacity: block.count * min(tile.rows, segment.count))
        defer { products.deallocate() }
        for start in stride(from: segment.lowerBound, to: segment.upperBound, by: tile.rows) {
            let rows = start..<min(start + tile.rows, segment.upperBound)
            cosine.multiply(block, rows, by: blas, into: products)
            for (place, query) in block.enumerated() {
                let row = UnsafeMutableBufferPointer(start: products + place * rows.count, count: rows.count)
                if let own = excluded[query], rows.contains(own) { row[own - start] = -.infinity }
                found[query].take(UnsafeBufferPointer(row), first: start)
            }
        }
    }
}

extension CosineSearch {
    /// How the work is shared: every block of queries with every segment of the database.
    private struct Plan {
        let queries: Int
        let rows: Int
        let blocks: Int
        let segments: Int

        /// Blocks of queries are as even as can be; where they are too few for the threads the database is cut too.
        init(queries: Int, rows: Int, threads: Int, tile: (queries: Int, rows: Int)) {
            self.queries = queries
            self.rows = rows
            func parts(_ count: Int, of size: Int) -> Int { (count + size - 1) / size }
            let least = parts(queries, of: tile.queries)
            blocks = least < threads ? least : min(queries, parts(least, of: threads) * threads)
            segments = min(parts(threads, of: blocks), parts(rows, of: tile.rows))
        }

        func block(_ number: Int) -> Range<Int> { queries * number / blocks..<queries * (number + 1) / blocks }

        func segment(_ number: Int) -> Range<Int> { rows * number / segments..<rows * (number + 1) / segments }
    }
}
