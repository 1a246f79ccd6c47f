import Basics
import Evaluation
import Results

/// How the rankings change if some photographs are struck from them, which is what leaving these out of the databases does to
/// a ranking by similarity; query extension with the nearest photographs is not repeated.
struct LeftOutPhotographs: Equatable {
    /// Queries that keep a correct photograph; only these count.
    private(set) var queries = 0
    /// Those with the correct animal first, with the photographs and without.
    private(set) var first = (with: 0, without: 0)
    /// The mean average precision of the first ``AveragePrecision/limit`` matches, with the photographs and without.
    private(set) var mean = (with: 0.0, without: 0.0)
    /// Whether ``mean`` without the photographs may be larger: a correct photograph beyond those returned has one of them
    /// before it that is also beyond.
    private(set) var isLeast = false

    static func == (one: LeftOutPhotographs, other: LeftOutPhotographs) -> Bool {
        one.queries == other.queries && one.first == other.first && one.mean == other.mean
            && one.isLeast == other.isLeast
    }

    /// Nil unless the run has the ranks of all correct photographs.
    ///
    /// `answers` has the photographs returned and `ranks` all correct ones, by query_id.
    ///
    /// - Complexity: O(queries · (returned + correct photographs)).
    init?(
        _ photographs: Set<String>, from queries: [QueryRow], answers: [String: [Rankings.Answer]],
        ranks: [String: [RightRanks.Row]]
    ) {
        for query in queries where query.relevant > 0 {
            guard let returned = answers[query.id], let right = ranks[query.id] else { return nil }
            let struck = returned.indices.filter { photographs.contains(returned[$0].imageID) }.map { $0 + 1 }
            let kept = right.filter { !photographs.contains($0.imageID) }
            guard !kept.isEmpty else { continue }
            let limit = AveragePrecision.limit
            let unseen = photographs.count - struck.count
            let before = right.map(\.rank)
            let after = kept.map { row in row.rank - struck.count { $0 < row.rank } }
            isLeast =
                isLeast
                || zip(kept, after).contains { row, rank in
                    row.rank > returned.count && rank - unseen <= limit && unseen > 0
                }
            self.queries += 1
            first.with += before.contains(1) ? 1 : 0
            first.without += after.contains(1) ? 1 : 0
            mean.with += Self.precision(before)
            mean.without += Self.precision(after)
        }
        guard self.queries > 0 else { return nil }
        mean = (mean.with / Double(self.queries), mean.without / Double(self.queries))
    }

    /// Whether to leave `count` photographs out of the databases, with what that would change, in a sentence.
    func advice(_ count: Int) -> String {
        func score(_ value: Double) -> String { NumberText.fixed(value, 3) }
        let isWorth = first.without > first.with && mean.without > mean.with
        let hits =
            first.without == first.with
            ? "still come first for \(first.with)" : "come first for \(first.without) instead of \(first.with)"
        let (old, new) = (score(mean.with), score(mean.without))
        let them = count == 1 ? "it" : "them"
        return "\(isWorth ? "Try leaving \(them) out of the database" : "Leave \(them) in the database"): without "
            + "\(count == 1 ? "it" : "all \(count)"), the correct animal would \(hits) of "
            + "\(NumberText.counted(queries, "test query", "test queries")), and mAP@\(AveragePrecision.limit) would "
            + (old == new
                ? (isLeast ? "be at least \(old), as it is now." : "stay at \(old).")
                : "be \(isLeast ? "at least " : "")\(new) instead of \(old).")
    }

    /// The official average precision of correct photographs at these ranks.
    private static func precision(_ ranks: [Int]) -> Double {
        let limit = AveragePrecision.limit
        let hits = ranks.sorted().filter { $0 <= limit }.enumerated().map { Double($0 + 1) / Double($1) }
        return hits.reduce(0, +) / Double(min(ranks.count, limit))
    }
}
