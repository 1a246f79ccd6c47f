import Basics

/// What a set of queries comes to; the unanswerable ones are counted but left out of every mean, as the official
/// labels leave them out.
public struct Summary: Sendable, Equatable {
    /// Mean average precision over the first 20 answers.
    public let map: Double
    /// Shares of queries with a right answer within the first 1, 5 and 20.
    public let top1: Double
    public let top5: Double
    public let top20: Double
    /// All queries.
    public let queries: Int
    /// Those with a right answer in their database.
    public let answerable: Int
    /// The 95% interval of ``map``, nil where fewer than two animals are asked for.
    public let interval: ClosedRange<Double>?
    /// mAP@k for k from 1 to 20.
    public let curve: [Double]

    /// Sums up queries; nil where none is answerable.
    ///
    /// - Parameters:
    ///   - resamples: Bootstrap resamples of the animals; 0 for no interval.
    ///   - seed: Fixes the resamples.
    public init?(_ results: [QueryResult], resamples: Int, seed: UInt64) {
        let asked = results.filter(\.isAnswerable)
        guard !asked.isEmpty else { return nil }
        func mean(_ value: (QueryResult) -> Double) -> Double {
            asked.reduce(0) { $0 + value($1) } / Double(asked.count)
        }
        func top(_ count: Int) -> Double { mean { ($0.firstHitRank ?? .max) <= count ? 1 : 0 } }
        map = mean { $0.averagePrecision() }
        top1 = top(1)
        top5 = top(5)
        top20 = top(20)
        queries = results.count
        answerable = asked.count
        interval = Bootstrap(resamples: resamples, seed: seed)
            .interval(of: asked.map { ($0.whaleID, $0.averagePrecision()) })
        curve = (1...AveragePrecision.limit).map { count in mean { $0.averagePrecision(at: count) } }
    }

    /// The form in `evaluation.json`.
    public var json: JSONValue {
        [
            "map": .number(map), "top1": .number(top1), "top5": .number(top5), "top20": .number(top20),
            "queries": .number(Double(queries)), "answerable": .number(Double(answerable)),
            "interval": interval.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null,
            "curve": .array(curve.map { .number($0) }),
        ]
    }
}
