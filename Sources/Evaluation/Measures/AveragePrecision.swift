/// The competition's measure of one query's ranking.
public enum AveragePrecision {
    /// The number of matches that count for a query.
    public static let limit = 20

    /// One row of a ranking: its score, and whether it is right.
    public struct Row: Sendable, Equatable {
        public let score: Double
        public let isRelevant: Bool

        /// Creates a row.
        public init(score: Double, isRelevant: Bool) {
            self.score = score
            self.isRelevant = isRelevant
        }
    }

    /// Average precision by the official rule: scikit-learn's over the rows, times hits, over min(relevant, limit).
    ///
    /// Rows of equal score form one group: each hit in it has the precision at the group's end. As in the official
    /// rule, a ranking may have more than `limit` rows or repeat a right answer; the result can then exceed 1.
    ///
    /// - Parameters:
    ///   - rows: In any order.
    ///   - relevant: Right photographs in the database, at least 1.
    ///   - limit: The number of matches that count.
    /// - Returns: 0 if there is no hit.
    /// - Complexity: O(n log n).
    ///
    /// Source: scikit-learn, `average_precision_score`; the competition's `MeanAveragePrecision`.
    public static func official(_ rows: [Row], relevant: Int, limit: Int = limit) -> Double {
        precondition(relevant > 0, "average precision needs at least one right answer")
        let sorted = rows.sorted { $0.score > $1.score }
        var sum = 0.0
        var hits = 0
        var start = 0
        while start < sorted.count {
            var end = start
            var found = 0
            while end < sorted.count, sorted[end].score == sorted[start].score {
                if sorted[end].isRelevant { found += 1 }
                end += 1
            }
            hits += found
            sum += Double(found) * Double(hits) / Double(end)
            start = end
        }
        return sum / Double(min(relevant, limit))
    }
}
