import Basics
import Evaluation
import Results

/// A measure of two runs.
struct ComparedMeasure {
    let title: String
    /// Whether it is a share of queries, shown as a percentage.
    let isShare: Bool
    let old: Double
    let new: Double
    /// The queries whose results are counted; nil if they are not known one by one.
    private(set) var turns: (old: Int, new: Int, worse: Int, better: Int)?
    /// The 95% interval of the change, by resampling animals; nil if not known.
    private(set) var interval: ClosedRange<Double>?

    /// Without the results of single queries; nil if a run lacks the measure.
    init?(_ title: String, isShare: Bool = false, _ old: Double?, _ new: Double?) {
        guard let old, let new else { return nil }
        (self.title, self.isShare, self.old, self.new) = (title, isShare, old, new)
    }

    /// The mean of one number of each query; nil without queries, or if one lacks it.
    init?(_ title: String, isShare: Bool = false, of pairs: [Comparison.Pair], _ value: (QueryRow) -> Double?) {
        let values = pairs.compactMap { pair in
            value(pair.old).flatMap { old in value(pair.new).map { (pair: pair, old: old, new: $0) } }
        }
        guard !values.isEmpty, values.count == pairs.count else { return nil }
        func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
        self.init(title, isShare: isShare, mean(values.map(\.old)), mean(values.map(\.new)))
        turns = (
            Int(values.reduce(0) { $0 + $1.old }.rounded()), Int(values.reduce(0) { $0 + $1.new }.rounded()),
            values.count { $0.new < $0.old }, values.count { $0.new > $0.old }
        )
        interval = Comparison.interval(of: pairs) { (value($0.new) ?? 0) - (value($0.old) ?? 0) }
    }

    var oldText: String { text(old, turns?.old) }
    var newText: String { text(new, turns?.new) }

    /// A share has the number of queries next to it, which shows that equal changes are equal.
    private func text(_ value: Double, _ count: Int?) -> String {
        guard isShare else { return NumberText.fixed(value, 3) }
        return NumberText.percent(value) + (count.map { " (\(NumberText.thousands(Double($0))))" } ?? "")
    }

    /// The change of the printed values.
    var change: String {
        isShare
            ? NumberText.change(from: old * 100, to: new * 100, 1) + " points"
            : NumberText.change(from: old, to: new, 3)
    }

    /// The ends of the interval, in the unit of the change.
    var intervalText: String? {
        interval.map { ends in
            let scale = isShare ? 100.0 : 1
            return NumberText.changeInterval(ends.lowerBound * scale...ends.upperBound * scale, isShare ? 1 : 3)
        }
    }

    /// Both values and the change: `0.734 to 0.758, +0.023`.
    var sentence: String { "\(oldText) to \(newText), \(change)" }
}

/// The measures of two runs that decide whether the later one replaces the earlier one.
struct ComparedMeasures {
    let map: ComparedMeasure?
    /// The shares of queries with a correct photograph among the first 1, 5 and 20.
    let hitRates: [ComparedMeasure]
    /// The queries of animals that training saw, and of those that it did not.
    let known: ComparedMeasure?
    let unseen: ComparedMeasure?
    /// The rankings before query extension: by the networks alone, by marks alone, by both.
    let parts: [ComparedMeasure]
    /// The same method without training.
    let untrained: [ComparedMeasure]
    /// How new animals are distinguished from known ones.
    let novelty: [ComparedMeasure]

    init(_ runs: ComparedRuns) {
        let (old, new, pairs, metric) = (runs.old.result, runs.new.result, runs.pairs, runs.new.metric)
        map = ComparedMeasure(metric, of: pairs) { $0.averagePrecision }
        hitRates = [1, 5, 20].compactMap { count in
            ComparedMeasure("Top \(count)", isShare: true, of: pairs) { ($0.firstHitRank ?? .max) <= count ? 1 : 0 }
        }
        func population(_ title: String, isKnown: Bool, _ value: (EvaluationResult) -> Summary?) -> ComparedMeasure? {
            let own = runs.trained.map { trained in pairs.filter { trained.contains($0.old.whaleID) == isKnown } }
            let count = own?.count ?? value(new)?.queries
            let words = count.map { " (\(NumberText.counted($0, "query", "queries")))" } ?? ""
            let name = "\(metric), \(title)\(words)"
            return own.flatMap { ComparedMeasure(name, of: $0) { $0.averagePrecision } }
                ?? ComparedMeasure(name, value(old)?.map, value(new)?.map)
        }
        known = population("animals known from training", isKnown: true) { $0.populations.known }
        unseen = population("animals never trained on", isKnown: false) { $0.populations.unseen }
        let hasMarks = new.fusion != nil
        parts = [
            ComparedMeasure(
                "\(metric), networks alone", old.fusion?.network.pooled?.map, new.fusion?.network.pooled?.map),
            ComparedMeasure("\(metric), marks alone", old.fusion?.marks.pooled?.map, new.fusion?.marks.pooled?.map),
            new.expanded.steps.isEmpty
                ? nil
                : ComparedMeasure(
                    "\(metric), \(hasMarks ? "networks and marks, " : "")before query extension", of: pairs
                ) { $0.averagePrecisionBefore },
        ].compactMap(\.self)
        untrained = [
            ComparedMeasure("\(metric) without training", old.untrained?.summary?.map, new.untrained?.summary?.map),
            ComparedMeasure(
                "Top 1 without training", isShare: true, old.untrained?.summary?.top1, new.untrained?.summary?.top1),
        ].compactMap(\.self)
        novelty = [
            ComparedMeasure("AUROC of new against known", old.novelty.auroc, new.novelty.auroc),
            ComparedMeasure("new animals called new", isShare: true, old.novelty.baus, new.novelty.baus),
            ComparedMeasure(
                "known animals found first and called known", isShare: true, old.novelty.knownFound,
                new.novelty.knownFound),
        ].compactMap(\.self)
    }

    /// All, in the order of a table.
    var all: [ComparedMeasure] {
        [map].compactMap(\.self) + hitRates + [known, unseen].compactMap(\.self) + parts + untrained + novelty
    }
}
