import Basics

/// The measures of a set of queries. Unanswerable queries are counted but left out of every mean, as in the official
/// labels.
public struct Summary: Sendable, Equatable {
    /// A mean over queries or over animals.
    public enum Measure: String, Sendable, CaseIterable, Codable, CodingKey,
        CodingKeyRepresentable
    {
        /// Mean average precision over the first 20 answers.
        case map
        /// The share of queries with a right match within the first 1, 5 and 20: CMC@k.
        case top1, top5, top20
        /// Mean share of right photographs within the first R ranks, where R is their number.
        case rPrecision = "r_precision"
        /// Mean inverse negative penalty: right photographs divided by the rank of the last of them.
        case inversePenalty = "minp"
        /// The accuracy of the nearest individual, averaged over individuals.
        case baks
        /// Average precision averaged over each animal's queries, then over animals.
        case mapByAnimal = "map_by_animal"

        /// Whether every animal has the same weight, however many queries it has.
        var weighsAnimals: Bool { self == .baks || self == .mapByAnimal }

        /// The value of one answerable query; nil if not known.
        func value(of result: QueryResult) -> Double? {
            func within(_ count: Int) -> Double { (result.firstHitRank ?? .max) <= count ? 1 : 0 }
            return switch self {
            case .map, .mapByAnimal: result.averagePrecision()
            case .top1, .baks: within(1)
            case .top5: within(5)
            case .top20: within(20)
            case .rPrecision: result.rPrecision
            case .inversePenalty: result.inversePenalty
            }
        }
    }

    /// The means that are known.
    public let values: [Measure: Double]
    /// The 95% intervals of ``values``, by resampling animals; empty with fewer than two animals or no resamples.
    public let intervals: [Measure: ClosedRange<Double>]
    /// All queries.
    public let queries: Int
    /// Queries with a right photograph in their database.
    public let answerable: Int
    /// The animals of the answerable queries.
    public let animals: Int
    /// mAP@k for k from 1 to 20.
    public let curve: [Double]

    /// Sums up queries; nil if none is answerable.
    ///
    /// The interval comes from `resamples` bootstrap resamples of the animals, fixed by `seed`; 0 gives no interval.
    ///
    /// - Complexity: O(queries + resamples · animals).
    public init?(_ results: [QueryResult], resamples: Int, seed: UInt64) {
        let asked = results.filter(\.isAnswerable)
        guard !asked.isEmpty else { return nil }
        // If one query lacks a measure, its mean would be over fewer queries than the others in a table.
        let known = Measure.allCases.filter { measure in asked.allSatisfy { measure.value(of: $0) != nil } }
        var parts: [String: [Bootstrap.Part]] = [:]
        var sums = Array(repeating: 0.0, count: known.count)
        for result in asked {
            for (place, measure) in known.enumerated() {
                let value = measure.value(of: result) ?? 0
                sums[place] += value
                parts[result.whaleID, default: Array(repeating: .init(), count: known.count)][place].sum += value
                parts[result.whaleID, default: []][place].count += 1
            }
        }
        for (place, measure) in known.enumerated() where measure.weighsAnimals {
            for (whale, part) in parts {
                parts[whale]?[place] = .init(sum: part[place].sum / part[place].count, count: 1)
            }
        }
        var values: [Measure: Double] = [:]
        for (place, measure) in known.enumerated() {
            values[measure] =
                measure.weighsAnimals
                ? parts.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value[place].sum } / Double(parts.count)
                : sums[place] / Double(asked.count)
        }
        self.values = values
        let found = Bootstrap(resamples: resamples, seed: seed).intervals(of: parts) ?? []
        intervals = Dictionary(
            uniqueKeysWithValues: zip(known, found).compactMap { key, range in range.map { (key, $0) } })
        queries = results.count
        answerable = asked.count
        animals = parts.count
        curve = (1...AveragePrecision.limit).map { count in
            asked.reduce(0) { $0 + $1.averagePrecision(at: count) } / Double(asked.count)
        }
    }

    /// The 95% intervals of mAP@k for k from 1 to 20, by resampling animals; nil with fewer than two animals or no
    /// resamples.
    ///
    /// - Complexity: O(queries + resamples · animals).
    public static func curveIntervals(
        of results: [QueryResult], resamples: Int, seed: UInt64
    ) -> [ClosedRange<Double>]? {
        var parts: [String: [Bootstrap.Part]] = [:]
        for result in results where result.isAnswerable {
            for place in 0..<AveragePrecision.limit {
                parts[result.whaleID, default: Array(repeating: .init(), count: AveragePrecision.limit)][place].sum +=
                    result.averagePrecision(at: place + 1)
                parts[result.whaleID, default: []][place].count += 1
            }
        }
        return Bootstrap(resamples: resamples, seed: seed).intervals(of: parts)?.compactMap(\.self)
    }

    public var map: Double { values[.map] ?? 0 }
    public var top1: Double { values[.top1] ?? 0 }
    public var top5: Double { values[.top5] ?? 0 }
    public var top20: Double { values[.top20] ?? 0 }
    /// The 95% interval of ``map``.
    public var interval: ClosedRange<Double>? { intervals[.map] }
}

extension Summary: Codable {
    private enum CodingKeys: CodingKey { case queries, answerable, animals, interval, curve, intervals }

    /// Reads the form in `evaluation.json`.
    ///
    /// - Throws: `DecodingError` if a count or the curve is missing.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        queries = try container.decode(Int.self, forKey: .queries)
        answerable = try container.decode(Int.self, forKey: .answerable)
        animals = try container.decode(Int.self, forKey: .animals)
        curve = try container.decode([Double].self, forKey: .curve)
        intervals = try container.decodeIfPresent([Measure: ClosedRange<Double>].self, forKey: .intervals) ?? [:]
        let measures = try decoder.container(keyedBy: Measure.self)
        var values: [Measure: Double] = [:]
        for measure in Measure.allCases {
            values[measure] = try measures.decodeIfPresent(Double.self, forKey: measure)
        }
        self.values = values
    }

    /// Writes the form in `evaluation.json`; an unknown measure is null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(queries, forKey: .queries)
        try container.encode(answerable, forKey: .answerable)
        try container.encode(animals, forKey: .animals)
        try container.encode(interval, forKey: .interval)
        try container.encode(curve, forKey: .curve)
        try container.encode(intervals, forKey: .intervals)
        var measures = encoder.container(keyedBy: Measure.self)
        for measure in Measure.allCases { try measures.encode(values[measure], forKey: measure) }
    }
}

/// A number for each seed, or fold, with mean and standard deviation.
public struct Spread: Sendable, Equatable, Codable {
    public let values: [Double]
    public let mean: Double
    /// Nil for a single value.
    @OrNull public private(set) var deviation: Double?

    /// If both seeds and folds vary, the other one is averaged over first, so that the spread of one excludes that of
    /// the other.
    ///
    /// - Parameter measured: At least one number, each with its seed or fold.
    public init(_ measured: [(part: Int, value: Double)]) {
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let values = Dictionary(grouping: measured, by: \.part).sorted { $0.key < $1.key }
            .map { mean($0.value.map(\.value)) }
        let average = mean(values)
        let squares = values.reduce(0) { $0 + ($1 - average) * ($1 - average) }
        self.values = values
        self.mean = average
        deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
    }

    /// The text for a single value; `part` is `seed` or `fold`.
    public static func unknown(over part: String) -> String { "one \(part), spread unknown" }
}
