import Basics

/// The effect of a bridge between views on the queries across them.
public struct AdapterEffect: Sendable, Equatable {
    /// Whether the bridge helps.
    public enum Verdict: String, Sendable, Codable {
        case helps
        case doesNotHelp = "does not help"
        case cannotBeTold = "cannot be told"
        case notMeasured = "not measured"
    }

    /// Queries of one direction, or of both.
    public struct Part: Sendable, Equatable {
        /// In one run.
        public let queries: Int
        public let animals: Int
        /// mAP@20 by the plain cosine, for each seed.
        public let plain: Spread
        /// The same by the bridge.
        public let bridged: Spread
        /// ``bridged`` minus ``plain``.
        public let difference: Spread
        /// The 95% interval of the mean difference, by resampling animals; nil with fewer than two of them.
        public let interval: ClosedRange<Double>?

        /// Neither `helps` nor `does not help` inside the spread between seeds or if the interval includes both; one
        /// seed has no spread.
        public var verdict: Verdict {
            guard let interval, let deviation = difference.deviation else { return .cannotBeTold }
            if interval.lowerBound > 0, difference.mean > deviation { return .helps }
            if interval.upperBound <= 0, difference.mean <= -deviation { return .doesNotHelp }
            return .cannotBeTold
        }

        /// The verdict and its evidence, in a sentence.
        fileprivate var sentence: String {
            let seeds = NumberText.counted(difference.values.count, "seed", "seeds")
            let spread =
                difference.deviation.map { "standard deviation over \(seeds) \(NumberText.fixed($0, 4))" }
                ?? Spread.unknown(over: "seed")
            let interval =
                interval.map { "95% interval by animal \(NumberText.changeInterval($0, 4))" } ?? "no interval"
            let claim =
                switch verdict {
                case .helps: "The bridge helps across views"
                case .doesNotHelp: "The bridge does not help across views"
                case .cannotBeTold, .notMeasured: "It is unclear whether the bridge helps across views"
                }
            return "\(claim): mAP@\(AveragePrecision.limit) changes by \(NumberText.signed(difference.mean, 4)) "
                + "(\(interval); \(spread))."
        }

        /// Nil without queries.
        init?(_ runs: [(seed: Int, rows: [AdapterRow])], resamples: Int, seed: UInt64) {
            let runs = runs.filter { !$0.rows.isEmpty }
            guard let first = runs.first else { return nil }
            func spread(_ value: (AdapterRow) -> Double) -> Spread {
                Spread(runs.map { run in (run.seed, run.rows.reduce(0) { $0 + value($1) } / Double(run.rows.count)) })
            }
            queries = first.rows.count
            animals = Set(first.rows.map(\.whaleID)).count
            plain = spread(\.plainPrecision)
            bridged = spread(\.bridgedPrecision)
            difference = spread { $0.bridgedPrecision - $0.plainPrecision }
            interval = Bootstrap(resamples: resamples, seed: seed).interval(
                of: runs.flatMap(\.rows).map { ($0.whaleID, $0.bridgedPrecision - $0.plainPrecision) })
        }
    }

    /// The directions that have queries.
    public let directions: [AdapterRow.Direction: Part]
    /// Both directions together; nil without queries.
    public let both: Part?
    /// The verdict and its evidence, in a sentence.
    public let sentence: String

    /// Sums up runs.
    ///
    /// - Parameters:
    ///   - runs: The rows of each seed and fold.
    ///   - resamples: Bootstrap resamples of the animals; 0 for no interval, and so no verdict.
    ///   - seed: Fixes the resamples.
    ///   - absence: Why no bridge was trained; nil if one was.
    /// - Complexity: O(queries + resamples · animals).
    public init(
        _ runs: [(seed: Int, rows: [AdapterRow])], resamples: Int, seed: UInt64, absence: String? = nil
    ) {
        var directions: [AdapterRow.Direction: Part] = [:]
        for direction in AdapterRow.Direction.allCases {
            directions[direction] = Part(
                runs.map { ($0.seed, $0.rows.filter { $0.direction == direction }) }, resamples: resamples, seed: seed)
        }
        self.directions = directions
        let both = Part(runs, resamples: resamples, seed: seed)
        self.both = both
        sentence =
            both?.sentence
            ?? "The bridge was not measured: \(absence ?? "no answerable query crosses views")."
    }

    /// The effect for a configuration without a bridge.
    public static let off = AdapterEffect(
        [], resamples: 0, seed: 0, absence: "bridge.kind is off")

    /// The verdict on both directions together.
    public var verdict: Verdict { both?.verdict ?? .notMeasured }
}

extension AdapterEffect: Codable {
    private enum CodingKeys: CodingKey { case verdict, sentence, both }

    /// Reads the form in `evaluation.json`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        sentence = try container.decode(String.self, forKey: .sentence)
        both = try container.decodeIfPresent(Part.self, forKey: .both)
        let parts = try decoder.container(keyedBy: AdapterRow.Direction.self)
        var directions: [AdapterRow.Direction: Part] = [:]
        for direction in AdapterRow.Direction.allCases {
            directions[direction] = try parts.decodeIfPresent(Part.self, forKey: direction)
        }
        self.directions = directions
    }

    /// Writes the form in `evaluation.json`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(sentence, forKey: .sentence)
        try container.encode(both, forKey: .both)
        var parts = encoder.container(keyedBy: AdapterRow.Direction.self)
        for (direction, part) in directions { try parts.encode(part, forKey: direction) }
    }
}

extension AdapterEffect.Part: Codable {
    private enum CodingKeys: CodingKey { case queries, animals, plain, bridged, difference, verdict }
    private enum DifferenceKeys: CodingKey { case interval }

    /// Reads the form in `evaluation.json`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        queries = try container.decode(Int.self, forKey: .queries)
        animals = try container.decode(Int.self, forKey: .animals)
        plain = try container.decode(Spread.self, forKey: .plain)
        bridged = try container.decode(Spread.self, forKey: .bridged)
        difference = try container.decode(Spread.self, forKey: .difference)
        interval = try container.nestedContainer(keyedBy: DifferenceKeys.self, forKey: .difference)
            .decodeIfPresent(ClosedRange<Double>.self, forKey: .interval)
    }

    /// Writes the form in `evaluation.json`, with the interval inside the difference.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(queries, forKey: .queries)
        try container.encode(animals, forKey: .animals)
        try container.encode(plain, forKey: .plain)
        try container.encode(bridged, forKey: .bridged)
        let change = container.superEncoder(forKey: .difference)
        try difference.encode(to: change)
        var interval = change.container(keyedBy: DifferenceKeys.self)
        try interval.encode(self.interval, forKey: .interval)
        try container.encode(verdict, forKey: .verdict)
    }
}

/// One query across views, with and without the bridge: a row of `bridge.csv`.
public struct AdapterRow: Sendable, Equatable {
    /// The view of the query and that of the database photographs.
    public enum Direction: String, Sendable, CaseIterable, CodingKey {
        case topLateral = "top-lateral"
        case lateralTop = "lateral-top"
    }

    public let direction: Direction
    public let scenario: String
    public let queryID: String
    public let imageID: String
    public let whaleID: String
    /// The ranks of all right photographs among the database photographs of the other view, from 1, by the plain
    /// cosine.
    public let plain: [Int]
    /// The same by the bridge.
    public let bridged: [Int]

    /// Creates a row; both rankings have the same number of ranks, at least one.
    public init(
        direction: Direction, scenario: String, queryID: String, imageID: String, whaleID: String, plain: [Int],
        bridged: [Int]
    ) {
        self.direction = direction
        self.scenario = scenario
        self.queryID = queryID
        self.imageID = imageID
        self.whaleID = whaleID
        self.plain = plain.sorted()
        self.bridged = bridged.sorted()
    }

    /// The average precision of the first 20 matches by the plain cosine.
    public var plainPrecision: Double { precision(plain) }
    /// The same by the bridge.
    public var bridgedPrecision: Double { precision(bridged) }

    private func precision(_ ranks: [Int]) -> Double {
        QueryResult(
            scenario: scenario, queryID: queryID, imageID: imageID, whaleID: whaleID, relevant: ranks.count, answers: []
        ).asked(ofPartWith: ranks).averagePrecision()
    }
}
