import Basics

/// The exact similarity, and the bound on a matrix product's error.
///
/// A product's low bits depend on tile, thread count and processor. A sum in a fixed order does not.
struct ExactCosine: @unchecked Sendable {
    // Unchecked, because both point to numbers that nothing writes.
    let queries: UnsafePointer<Float>
    let database: UnsafePointer<Float>
    let columns: Int

    /// Calls `body` with the numbers of both matrices in place.
    static func over<Result>(
        _ queries: EmbeddingMatrix, _ database: EmbeddingMatrix, _ body: (ExactCosine) throws -> Result
    ) rethrows -> Result {
        try queries.values.withUnsafeBufferPointer { first in
            try database.values.withUnsafeBufferPointer { second in
                // Empty matrices have no address; nothing reads there.
                let nowhere = UnsafePointer<Float>(bitPattern: MemoryLayout<Float>.alignment)!
                return try body(
                    ExactCosine(
                        queries: first.baseAddress ?? nowhere, database: second.baseAddress ?? nowhere,
                        columns: queries.columns))
            }
        }
    }

    /// The inner product of a query and a database row; products of two `Float`s are exact in `Double`, so only the
    /// order of the sum matters.
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

    /// If two products differ by more, their exact similarities have the same order: twice the bound γ of a
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

/// Exact nearest neighbours: tiles of single-precision products find the candidates, double precision ranks them.
///
/// Each thread multiplies a tile of queries and database rows and picks the candidates from it before the next tile
/// overwrites it, while it is still in the processor's cache. The memory is that of one tile per thread and of the
/// candidates.
struct CosineSearch {
    let queries: EmbeddingMatrix
    let database: EmbeddingMatrix
    let excluded: [Int?]
    let count: Int
    let threads: Int
    /// The number of queries and database rows of a tile.
    var tile = (queries: 2048, rows: 1024)

    /// The number of multiplications below which threads take longer to start than to work.
    private static let smallWork = 0x1p22

    /// - Throws: ``RetrievalError/noOpenBLAS(reason:)``.
    func perform() throws -> [[Neighbour]] {
        guard database.rows > 0, queries.rows > 0 else { return Array(repeating: [], count: queries.rows) }
        let blas = try OpenBLAS.loaded()
        // More than the database has are never found, but would take memory.
        let count = min(count, database.rows)
        return try ExactCosine.over(queries, database) { cosine in
            let plan = Plan(queries: queries.rows, rows: database.rows, threads: threads, tile: tile)
            // Safe, because each number of a loop touches only its own places, and all end before the memory is freed.
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
        // snippet.begin nearest-neighbours
        for start in stride(from: segment.lowerBound, to: segment.upperBound, by: tile.rows) {
            let rows = start..<min(start + tile.rows, segment.upperBound)
            cosine.multiply(block, rows, by: blas, into: products)
            for (place, query) in block.enumerated() {
                let row = UnsafeMutableBufferPointer(start: products + place * rows.count, count: rows.count)
                if let own = excluded[query], rows.contains(own) { row[own - start] = -.infinity }
                found[query].take(UnsafeBufferPointer(row), first: start)
            }
        }
        // snippet.end
    }
}

extension CosineSearch {
    /// The division of the work: every block of queries with every segment of the database.
    private struct Plan {
        let queries: Int
        let rows: Int
        let blocks: Int
        let segments: Int

        /// Blocks of queries are as even as possible; if they are too few for the threads, the database is split too.
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

extension RetrievalSet {
    /// The most similar database row of each group, for every query.
    ///
    /// The product picks the row and one exact sum scores it, so of rows whose similarities differ only by rounding
    /// either can be returned.
    ///
    /// - Parameters:
    ///   - groups: The group of each database row, from 0; nil for a row to ignore.
    ///   - count: The number of groups.
    ///   - families: If given, the family of each query and of each database row, nil for none; rows of a query's own
    ///     family are ignored.
    /// - Returns: For each query one entry per group; nil if all its rows are ignored.
    /// - Throws: ``RetrievalError/noOpenBLAS(reason:)``.
    /// - Complexity: O(Q·D·C) time, O(block·D + Q·count) memory.
    public func nearest(
        inGroups groups: [Int?], count: Int, families: (queries: [Int?], database: [Int?])? = nil
    ) throws -> [[Neighbour?]] {
        precondition(groups.count == database.rows, "\(groups.count) groups for \(database.rows) rows")
        return try mapSimilarities { cosine, query, similarities in
            let own = ownRows[query]
            let family = families?.queries[query]
            var rows = Array(repeating: -1, count: count)
            for (row, similarity) in similarities.enumerated() {
                guard let group = groups[row], row != own else { continue }
                if let family, families?.database[row] == family { continue }
                if rows[group] < 0 || similarity > similarities[rows[group]] { rows[group] = row }
            }
            return rows.map { $0 < 0 ? nil : Neighbour(row: $0, score: cosine(query, $0)) }
        }
    }
}

extension RetrievalSet {
    /// The ranks of given database rows in each query's ranking of the whole database.
    ///
    /// The order is that of ``neighbours(count:)``, but no list of D neighbours is ever stored.
    ///
    /// - Parameter wanted: For each query, database rows, never its own.
    /// - Returns: The rank of each, from 1, in the order given.
    /// - Throws: ``RetrievalError/noOpenBLAS(reason:)``.
    /// - Complexity: O(Q·D·(C + log R)) time for R wanted rows of a query, O(block·D) memory.
    public func ranks(of wanted: [[Int]]) throws -> [[Int]] {
        precondition(wanted.count == queries.rows, "\(wanted.count) lists of rows for \(queries.rows) queries")
        return try mapSimilarities { cosine, query, products in
            Self.ranks(of: wanted[query], own: ownRows[query], query: query, among: products, cosine)
        }
    }

    /// Counts the rows before each wanted row: by the product if it decides, otherwise by the exact sum.
    private static func ranks(
        of wanted: [Int], own: Int?, query: Int, among similarities: UnsafeBufferPointer<Float>, _ cosine: ExactCosine
    ) -> [Int] {
        let margin = cosine.margin
        let exact = wanted.map { cosine(query, $0) }
        // From last to first in the ranking: the least similar first, and the later row first among equal ones.
        let order = wanted.indices.sorted { (exact[$0], wanted[$1]) < (exact[$1], wanted[$0]) }
        let scores = order.map { exact[$0] }
        // `ahead[i]` counts the rows that are certainly before exactly the first i of `order`.
        var ahead = Array(repeating: 0, count: order.count + 1)
        var before = Array(repeating: 0, count: order.count)
        for (row, similarity) in similarities.enumerated() where row != own {
            let surely = count(of: scores) { $0 < similarity - margin }
            ahead[surely] += 1
            var place = surely
            guard place < scores.count, scores[place] <= similarity + margin else { continue }
            let score = cosine(query, row)
            while place < scores.count, scores[place] <= similarity + margin {
                if (score, wanted[order[place]]) > (scores[place], row) { before[place] += 1 }
                place += 1
            }
        }
        var ranks = Array(repeating: 0, count: wanted.count)
        var sure = 0
        for place in order.indices.reversed() {
            sure += ahead[place + 1]
            ranks[order[place]] = sure + before[place] + 1
        }
        return ranks
    }

    /// The number of leading elements of ascending numbers that fulfil a monotonic condition, by bisection.
    private static func count(of scores: [Float], where isBelow: (Float) -> Bool) -> Int {
        var low = 0, high = scores.count
        while low < high {
            let middle = (low + high) / 2
            if isBelow(scores[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
