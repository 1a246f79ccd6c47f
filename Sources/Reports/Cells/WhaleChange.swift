import Evaluation

/// What a retrain made of the queries of one animal.
struct WhaleChange: Equatable {
    let id: String
    let queries: Int
    let fixed: Int
    let broken: Int
    /// The mean change of the average precision.
    let change: Double

    /// The animals of some pairs, those whose mean changed most first.
    static func changes(_ pairs: [Comparison.Pair], fixed: [Comparison.Pair], broken: [Comparison.Pair])
        -> [WhaleChange]
    {
        func counts(_ pairs: [Comparison.Pair]) -> [String: Int] {
            Dictionary(grouping: pairs, by: \.old.whaleID).mapValues(\.count)
        }
        let (fixed, broken) = (counts(fixed), counts(broken))
        return Dictionary(grouping: pairs, by: \.old.whaleID).map { id, own in
            WhaleChange(
                id: id, queries: own.count, fixed: fixed[id] ?? 0, broken: broken[id] ?? 0,
                change: own.reduce(0) { $0 + $1.change } / Double(own.count))
        }.sorted { (-abs($0.change), $0.id) < (-abs($1.change), $1.id) }
    }
}
