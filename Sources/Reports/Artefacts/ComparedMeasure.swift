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
    /// How often chance alone would cause as large a change, by exchanging the runs for whole animals; nil if not known,
    /// or if no query changed. ``ComparedMeasures`` corrects it for the number of comparisons.
    fileprivate(set) var probability: Double?

    /// The later run's value if its networks had the weights from before training; nil if not known.
    private(set) var untrained: Double?
    /// The scenario whose queries are counted; nil for several.
    private(set) var scenario: String?

    /// Without the results of single queries; nil if a run lacks the measure.
    init?(
        _ title: String, isShare: Bool = false, _ old: Double?, _ new: Double?, interval: ClosedRange<Double>? = nil,
        probability: Double? = nil
    ) {
        guard let old, let new else { return nil }
        (self.title, self.isShare, self.old, self.new) = (title, isShare, old, new)
        (self.interval, self.probability) = (interval, probability)
    }

    /// The mean of one number of each query; nil without queries, or if one lacks it.
    init?(_ title: String, isShare: Bool = false, of pairs: [Comparison.Pair], _ value: (QueryRow) -> Double?) {
        self.init(title, isShare: isShare, of: pairs) {
            value($0.old)
        } after: {
            value($0.new)
        }
    }

    /// mAP of the same queries by other rankings; nil if a ranking lacks a query.
    init?(_ title: String, _ pairs: [Comparison.Pair], _ answers: ComparedRuns.BothAnswers) {
        self.init(title, of: pairs) {
            Self.precision($0.old, answers.old)
        } after: {
            Self.precision($0.new, answers.new)
        }
    }

    /// The average precision of a query in another ranking; nil if that lacks the query.
    private static func precision(_ row: QueryRow, _ answers: [String: [Rankings.Answer]]) -> Double? {
        answers[row.id].map { own in
            let rows = own.prefix(AveragePrecision.limit).map {
                AveragePrecision.Row(score: Double($0.score), isRelevant: $0.isRelevant == true)
            }
            return AveragePrecision.official(rows, relevant: row.relevant)
        }
    }

    /// The mean over the later run's queries of a ranking; nil without queries, or if the ranking lacks one.
    fileprivate static func map(of pairs: [Comparison.Pair], in answers: [String: [Rankings.Answer]]?) -> Double? {
        guard let answers, !pairs.isEmpty else { return nil }
        let values = pairs.compactMap { precision($0.new, answers) }
        return values.count == pairs.count ? values.reduce(0, +) / Double(values.count) : nil
    }

    fileprivate func besides(untrained: Double?) -> ComparedMeasure {
        var measure = self
        measure.untrained = untrained
        return measure
    }

    fileprivate func ofQueries(in scenario: String) -> ComparedMeasure {
        var measure = self
        measure.scenario = scenario
        return measure
    }

    private init?(
        _ title: String, isShare: Bool = false, of pairs: [Comparison.Pair],
        before: (Comparison.Pair) -> Double?, after: (Comparison.Pair) -> Double?
    ) {
        let values = pairs.compactMap { pair in
            before(pair).flatMap { old in after(pair).map { (pair: pair, old: old, new: $0) } }
        }
        guard !values.isEmpty, values.count == pairs.count else { return nil }
        func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
        self.init(title, isShare: isShare, mean(values.map(\.old)), mean(values.map(\.new)))
        turns = (
            Int(values.reduce(0) { $0 + $1.old }.rounded()), Int(values.reduce(0) { $0 + $1.new }.rounded()),
            values.count { $0.new < $0.old }, values.count { $0.new > $0.old }
        )
        let changes = values.map { (animal: $0.pair.old.whaleID, change: $0.new - $0.old) }
        interval = Comparison.interval(of: changes) { $0 }
        probability = changes.contains { $0.change != 0 } ? Comparison.probability(of: changes) : nil
    }

    var oldText: String { text(old, turns?.old) }
    var newText: String { text(new, turns?.new) }
    /// Nil without ``untrained``.
    var untrainedText: String? { untrained.map { text($0, nil) } }

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

}

/// The measures of two runs that decide whether the later one replaces the earlier one.
///
/// The verdict is one test, that of ``map``. The tests of all other measures are corrected together for their number.
struct ComparedMeasures {
    let map: ComparedMeasure?
    /// The shares of queries with a correct photograph among the first 1, 5 and 20.
    private(set) var hitRates: [ComparedMeasure]
    /// The queries of animals that training saw, and of those that it did not, if known.
    private(set) var populations: [ComparedMeasure]
    /// The rankings before query extension: by the networks alone, by marks alone, by both.
    private(set) var parts: [ComparedMeasure]
    /// The score of the same method without training, as the value before, and of the later run; nil if not known.
    let training: ComparedMeasure?
    /// How new animals are distinguished from known ones.
    private(set) var novelty: [ComparedMeasure]
    /// The score of each scenario's queries; empty for a single one.
    private(set) var scenarios: [ComparedMeasure]
    /// The number of tests that are corrected together.
    let corrected: Int
    /// A change is clear if p is below this, the limit of the verdict.
    private let limit: Double

    /// Reads the rankings by each part.
    ///
    /// - Throws: ``FileError``.
    init(_ runs: ComparedRuns, _ artefacts: Artefacts) throws {
        let (old, new, pairs, metric) = (runs.old.result, runs.new.result, runs.pairs, runs.new.metric)
        let untrained = new.untrained
        let map = ComparedMeasure(metric, of: pairs) { $0.averagePrecision }?.besides(
            untrained: untrained?.summary?.map)
        self.map = map
        func hitRate(_ count: Int, _ measure: Summary.Measure) -> ComparedMeasure? {
            ComparedMeasure("Top \(count)", isShare: true, of: pairs) { ($0.firstHitRank ?? .max) <= count ? 1 : 0 }?
                .besides(untrained: untrained?.summary?.values[measure])
        }
        hitRates = [hitRate(1, .top1), hitRate(5, .top5), hitRate(20, .top20)].compactMap(\.self)
        func population(_ title: String, isKnown: Bool, _ value: (Populations) -> Summary?) -> ComparedMeasure? {
            let own = runs.pairs(ofKnown: isKnown)
            let count = own?.count ?? value(new.populations)?.queries
            let words = count.map { " (\(NumberText.counted($0, "query", "queries")))" } ?? ""
            let name = title + words
            let measure =
                own.flatMap { ComparedMeasure(name, of: $0) { $0.averagePrecision } }
                ?? ComparedMeasure(name, value(old.populations)?.map, value(new.populations)?.map)
            return measure?.besides(untrained: untrained.flatMap { value($0.details.populations)?.map })
        }
        populations = [
            population("trained on", isKnown: true) { $0.known },
            population("never trained on", isKnown: false) { $0.unseen },
        ].compactMap(\.self)
        parts = try Self.parts(runs, artefacts)
        let names = runs.new.scenarios
        let before = try runs.untrainedAnswers(artefacts)
        scenarios =
            names.count < 2
            ? []
            : names.compactMap { name in
                let own = pairs.filter { $0.new.scenario == name }
                return ComparedMeasure(name, of: own) { $0.averagePrecision }?.ofQueries(in: name)
                    .besides(untrained: ComparedMeasure.map(of: own, in: before))
            }
        training = ComparedMeasure(metric, untrained?.summary?.map, map?.new, interval: new.training?.interval)
        let change = try runs.novelty(artefacts)
        func measure(
            _ title: String, isShare: Bool = false, _ old: Double?, _ new: Double?,
            _ certainty: NoveltyChange.Certainty?
        ) -> ComparedMeasure? {
            ComparedMeasure(
                title, isShare: isShare, old, new, interval: certainty?.interval,
                probability: old == new ? nil : certainty?.probability)
        }
        novelty = [
            measure("AUROC of new against known", old.novelty.auroc, new.novelty.auroc, change?.auroc),
            measure("new animals called new", isShare: true, old.novelty.baus, new.novelty.baus, change?.baus),
            measure(
                "known animals found first and called known", isShare: true, old.novelty.knownFound,
                new.novelty.knownFound, change?.knownFound),
        ].compactMap(\.self)
        limit = runs.limit
        let groups: [WritableKeyPath<Self, [ComparedMeasure]>] = [
            \.hitRates, \.populations, \.parts, \.novelty, \.scenarios,
        ]
        corrected = [hitRates, populations, parts, novelty, scenarios].joined().count { $0.probability != nil }
        let probabilities = groups.flatMap { self[keyPath: $0].compactMap(\.probability) }
        var next = Comparison.corrected(probabilities).makeIterator()
        for group in groups {
            for place in self[keyPath: group].indices where self[keyPath: group][place].probability != nil {
                self[keyPath: group][place].probability = next.next()
            }
        }
    }

    /// What a clear change is; nil if no test was corrected.
    var rule: String? {
        guard corrected > 0 else { return nil }
        let tests = NumberText.counted(corrected, "comparison", "comparisons")
        let correction = corrected > 1 ? ", corrected for \(tests) by Holm's method" : ""
        return "below \(NumberText.shortest(limit)), the limit of the verdict\(correction)"
    }

    /// Whether the change is clear by ``rule``; false without a p.
    func isClear(_ measure: ComparedMeasure) -> Bool { (measure.probability ?? 1) < limit }

    /// The rankings that query extension is applied to, and those by one part of them alone.
    private static func parts(_ runs: ComparedRuns, _ artefacts: Artefacts) throws -> [ComparedMeasure] {
        let (old, new) = (runs.old.result, runs.new.result)
        let isOne = old.members == nil && new.members == nil
        let network = isOne ? "network" : "networks"
        func alone(
            _ title: String, _ answers: ComparedRuns.BothAnswers?, _ value: (FusionMeasures) -> Summary?
        ) -> ComparedMeasure? {
            let (before, after) = (old.fusion.flatMap(value)?.map, new.fusion.flatMap(value)?.map)
            guard before != nil, after != nil else { return nil }
            let name = "\(title) alone"
            return answers.flatMap { ComparedMeasure(name, runs.pairs, $0) } ?? ComparedMeasure(name, before, after)
        }
        let joined = new.fusion == nil ? "" : "both, "
        let networkAlone = alone(network, try runs.answers(SearchFiles.neighbours, of: .search, artefacts)) {
            $0.network.pooled
        }
        let marksAlone = alone("marks", try runs.answers(FuseFiles.localNeighbours, of: .fuse, artefacts)) {
            $0.marks.pooled
        }
        return [
            networkAlone?.besides(untrained: new.fusion?.untrained?.map),
            // Marks are not trained.
            marksAlone?.besides(untrained: marksAlone?.new),
            new.expanded.steps.isEmpty
                ? nil
                : ComparedMeasure("\(joined)before query extension", of: runs.pairs) {
                    $0.averagePrecisionBefore
                },
        ].compactMap(\.self)
    }

    /// All in the order of a table, under heads; those of all queries have none.
    func groups(metric: String) -> [(head: String?, measures: [ComparedMeasure])] {
        [
            (nil, [map].compactMap(\.self) + hitRates), ("\(metric) by part", parts),
            ("\(metric) by scenario", scenarios),
            ("\(metric) by animal", populations), ("New or known", novelty),
        ].filter { !$0.measures.isEmpty }
    }
}
