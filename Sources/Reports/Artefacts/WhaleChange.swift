import Evaluation

/// How a retrain changed the queries of one animal.
struct WhaleChange: Equatable {
    let id: String
    let queries: Int
    let fixed: Int
    let broken: Int
    /// The mean average precision of its queries, before and after.
    let mean: MeanChange

    /// The animals of some pairs: losses, the worst first, then gains, the largest first, then the unchanged.
    static func changes(_ pairs: [Comparison.Pair], fixed: [Comparison.Pair], broken: [Comparison.Pair])
        -> [WhaleChange]
    {
        func counts(_ pairs: [Comparison.Pair]) -> [String: Int] {
            Dictionary(grouping: pairs, by: \.old.whaleID).mapValues(\.count)
        }
        let (fixed, broken) = (counts(fixed), counts(broken))
        return Dictionary(grouping: pairs, by: \.old.whaleID).map { id, own in
            WhaleChange(
                id: id, queries: own.count, fixed: fixed[id] ?? 0, broken: broken[id] ?? 0, mean: MeanChange(own))
        }.sorted { $0.order < $1.order }
    }

    private var order: (Int, Double, String) {
        switch mean.direction {
        case .loss: (0, mean.change, id)
        case .gain: (1, -mean.change, id)
        case .none: (2, 0, id)
        }
    }

    /// At most `count` animals, in their order: half of them losses and half gains, if there are enough of both.
    static func largest(_ changes: [WhaleChange], count: Int) -> [WhaleChange] {
        func those(_ direction: MeanChange.Direction) -> [WhaleChange] {
            changes.filter { $0.mean.direction == direction }
        }
        let (losses, gains) = (those(.loss), those(.gain))
        let shownLosses = losses.prefix(max(count - count / 2, count - gains.count))
        let shownGains = gains.prefix(count - shownLosses.count)
        let rest = count - shownLosses.count - shownGains.count
        return Array(shownLosses) + Array(shownGains) + Array(those(.none).prefix(rest))
    }
}

/// The mean average precision of some queries in two runs.
struct MeanChange: Equatable {
    enum Direction { case loss, gain, none }

    let old: Double
    let new: Double

    init(_ pairs: [Comparison.Pair]) {
        func mean(_ value: (Comparison.Pair) -> Double) -> Double {
            pairs.reduce(0) { $0 + value($1) } / Double(pairs.count)
        }
        old = mean(\.old.averagePrecision)
        new = mean(\.new.averagePrecision)
    }

    var change: Double { new - old }

    /// A mean that differs only by the rounding of its sum has not changed.
    var direction: Direction { abs(change) < 1e-9 ? .none : change < 0 ? .loss : .gain }
}
