import Basics
import Evaluation

/// How a retrain changed the queries of one animal.
struct WhaleChange: Equatable {
    let id: String
    let turns: Turns
    /// The mean average precision of its queries, before and after.
    let mean: MeanChange
    /// The sum of its queries' changes: an animal of many queries can lose more than one whose mean fell further.
    var total: Double { mean.change * Double(queries) }
    /// The wrong animal that its failing queries most often return first now; nil without such a query.
    let rival: String?

    var queries: Int { turns.queries }

    /// The animals of some pairs: losses, then gains, each the largest in total first, then the unchanged.
    ///
    /// `first` gives the animal that a query returns first now.
    static func changes(_ pairs: [Comparison.Pair], first: (Comparison.Pair) -> String? = { _ in nil }) -> [WhaleChange]
    {
        Dictionary(grouping: pairs, by: \.old.whaleID).map { id, own in
            let rivals = own.filter { !$0.old.isFirst && !$0.new.isFirst }.compactMap(first)
            let counts = Dictionary(grouping: rivals) { $0 }.mapValues(\.count)
            return WhaleChange(
                id: id, turns: Turns(own), mean: MeanChange(own),
                rival: counts.min { (-$0.value, $0.key) < (-$1.value, $1.key) }?.key)
        }.sorted { $0.order < $1.order }
    }

    private var order: (Int, Double, String) {
        switch mean.direction {
        case .loss: (0, total, id)
        case .gain: (1, -total, id)
        case .none: (2, 0, id)
        }
    }

    /// The sum of the changes in one direction.
    static func total(_ changes: [WhaleChange], _ direction: MeanChange.Direction) -> Double {
        changes.filter { $0.mean.direction == direction }.reduce(0) { $0 + $1.total }
    }

    /// What the animal adds to the change of the mean over this many queries, signed, with three digits: `−0.006`.
    func part(of queries: Int) -> String { NumberText.signed(total / Double(queries), 3) }

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

/// How many of some queries changed, and which way.
struct Turns: Equatable {
    let queries: Int
    /// By average precision.
    let worse: Int
    let better: Int
    /// By the first match.
    let broken: Int
    let fixed: Int
    let failing: Int

    init(_ pairs: [Comparison.Pair]) {
        queries = pairs.count
        worse = pairs.count { $0.change < 0 }
        better = pairs.count { $0.change > 0 }
        broken = pairs.count { $0.old.isFirst && !$0.new.isFirst }
        fixed = pairs.count { !$0.old.isFirst && $0.new.isFirst }
        failing = pairs.count { !$0.old.isFirst && !$0.new.isFirst }
    }

    static let columns = ["Worse", "Better", "Broken", "Fixed", "Failing"].map { Table.Column($0, .right) }

    var cells: [Table.Cell] { counts.map { .text(NumberText.thousands(Double($0))) } }
    var counts: [Int] { [worse, better, broken, fixed, failing] }
}
