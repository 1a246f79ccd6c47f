/// The scores of alpha query extension over its neighbours and alpha: `sweep.csv`.
///
/// They are measured on the validation photographs, so that choosing the best does not choose on the test.
public struct ExpansionSweep: Sendable, Equatable {
    /// One choice with its score.
    public struct Row: Sendable, Equatable, Codable {
        /// Rows taken from the database; 0 for no query extension.
        public let neighbours: Int
        /// Exponent of the similarity.
        public let alpha: Double
        /// mAP@20.
        public let map: Double

        /// Creates a row.
        public init(neighbours: Int, alpha: Double, map: Double) {
            self.neighbours = neighbours
            self.alpha = alpha
            self.map = map
        }
    }

    /// Without query extension first, then by neighbours and alpha; empty if no validation query is answerable.
    public let rows: [Row]
    /// The number of answerable queries, over which each mean is taken.
    public let queries: Int

    /// Collects rows.
    public init(rows: [Row], queries: Int) {
        self.rows = rows
        self.queries = queries
    }

    /// The score without query extension.
    public var baseline: Row? { rows.first { $0.neighbours == 0 } }

    /// The best choice; among equals the first, so that no choice beats one that it merely equals.
    public var best: Row? { rows.max { ($0.map, $1.neighbours, $1.alpha) < ($1.map, $0.neighbours, $0.alpha) } }
}

/// The effect of query extension on the queries.
public struct ExpansionEffect: Sendable, Equatable {
    /// Answerable queries with a higher, a lower and the same average precision afterwards.
    public let gained: Int
    public let lost: Int
    public let unchanged: Int

    /// Collects counts.
    public init(gained: Int, lost: Int, unchanged: Int) {
        self.gained = gained
        self.lost = lost
        self.unchanged = unchanged
    }

    /// Compares results pairwise.
    public init(before: [QueryResult], after: [QueryResult]) {
        var (gained, lost, unchanged) = (0, 0, 0)
        for (old, new) in zip(before, after) where old.isAnswerable {
            let (old, new) = (old.averagePrecision(), new.averagePrecision())
            if new > old { gained += 1 } else if new < old { lost += 1 } else { unchanged += 1 }
        }
        self.init(gained: gained, lost: lost, unchanged: unchanged)
    }
}
