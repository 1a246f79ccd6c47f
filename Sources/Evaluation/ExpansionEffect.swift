/// What query extension did to the queries: the same ones before and after.
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
