import Basics

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

    // snippet.begin search-tiles
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
    // snippet.end
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

extension RetrievalSet {
    /// The most similar database row of each group, for every query.
    ///
    /// The product picks the row and one exact sum scores it, so of rows that are equally similar but for rounding either
    /// may be told.
    ///
    /// - Parameters:
    ///   - groups: The group of each database row, from 0; nil for a row that takes no part.
    ///   - count: The number of groups.
    ///   - families: Where given, the family of each query and of each database row: a query's own family takes no part in
    ///     its answers; nil belongs to none.
    /// - Returns: For each query one entry a group; nil where no row of it takes part.
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
    /// Where given rows of the database stand in each query's ranking of all of it.
    ///
    /// The order is that of ``neighbours(count:)``, but no list of D neighbours is ever held.
    ///
    /// - Parameter wanted: For each query some database rows, never its own.
    /// - Returns: For each of them its rank, from 1, in the order given.
    /// - Throws: ``RetrievalError/noOpenBLAS(reason:)``.
    /// - Complexity: O(Q·D·(C + log R)) time for R rows wanted of a query, O(block·D) memory.
    public func ranks(of wanted: [[Int]]) throws -> [[Int]] {
        precondition(wanted.count == queries.rows, "\(wanted.count) lists of rows for \(queries.rows) queries")
        return try mapSimilarities { cosine, query, products in
            Self.ranks(of: wanted[query], own: ownRows[query], query: query, among: products, cosine)
        }
    }

    /// Counts for every wanted row those before it: by the product where it is clear, by the exact sum where not.
    private static func ranks(
        of wanted: [Int], own: Int?, query: Int, among similarities: UnsafeBufferPointer<Float>, _ cosine: ExactCosine
    ) -> [Int] {
        let margin = cosine.margin
        let exact = wanted.map { cosine(query, $0) }
        // From last to first in the ranking: the least similar first, of equal ones the later row.
        let order = wanted.indices.sorted { (exact[$0], wanted[$1]) < (exact[$1], wanted[$0]) }
        let scores = order.map { exact[$0] }
        // `ahead[i]` rows are before order[i] and all that follow it, but not before order[i + 1].
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

    /// How many of ascending numbers fulfil a condition that the smaller ones do, by bisection.
    private static func count(of scores: [Float], where isBelow: (Float) -> Bool) -> Int {
        var low = 0, high = scores.count
        while low < high {
            let middle = (low + high) / 2
            if isBelow(scores[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
