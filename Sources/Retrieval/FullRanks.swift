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
