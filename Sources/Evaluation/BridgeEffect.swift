import Basics

/// What a bridge between views makes of the queries that are asked across them.
public struct BridgeEffect: Sendable, Equatable {
    /// What is to be said of it.
    public enum Verdict: String, Sendable {
        case helps
        case doesNotHelp = "does not help"
        case cannotBeTold = "cannot be told"
        case notMeasured = "not measured"
    }

    /// Queries of one direction, or of both.
    public struct Part: Sendable, Equatable {
        /// Of one run.
        public let queries: Int
        public let animals: Int
        /// mAP@20 by the plain cosine, for each seed.
        public let plain: Spread
        /// The same by the bridge.
        public let bridged: Spread
        /// The second less the first.
        public let difference: Spread
        /// The 95% interval of the mean difference, by resampling animals; nil with fewer than two of them.
        public let interval: ClosedRange<Double>?

        /// Never `helps` or `does not help` inside the spread between seeds or where the interval holds both; one seed
        /// has no spread to compare with.
        public var verdict: Verdict {
            guard let interval, let deviation = difference.deviation else { return .cannotBeTold }
            if interval.lowerBound > 0, difference.mean > deviation { return .helps }
            if interval.upperBound <= 0, difference.mean <= -deviation { return .doesNotHelp }
            return .cannotBeTold
        }

        /// Nil where nothing was asked.
        init?(_ runs: [(seed: Int, rows: [BridgeRow])], resamples: Int, seed: UInt64) {
            let runs = runs.filter { !$0.rows.isEmpty }
            guard let first = runs.first else { return nil }
            func spread(_ value: (BridgeRow) -> Double) -> Spread {
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

        fileprivate var json: JSONValue {
            [
                "queries": .number(Double(queries)), "animals": .number(Double(animals)), "plain": plain.json,
                "bridged": bridged.json,
                "difference": .object(
                    (difference.json.object ?? [:]).merging(["interval": .interval(interval)]) { $1 }),
                "verdict": .string(verdict.rawValue),
            ]
        }
    }

    /// The directions in which something was asked.
    public let directions: [BridgeRow.Direction: Part]
    /// All of them together; nil where nothing was asked.
    public let both: Part?
    /// Why there is no bridge, where there is none.
    public let absence: String?

    /// Sums up runs.
    ///
    /// - Parameters:
    ///   - runs: The rows of each seed and fold.
    ///   - resamples: Bootstrap resamples of the animals; 0 for no interval, and so no verdict.
    ///   - absence: Why no bridge was trained; nil where one was.
    ///   - seed: Fixes the resamples.
    /// - Complexity: O(queries + resamples · animals).
    public init(
        _ runs: [(seed: Int, rows: [BridgeRow])], resamples: Int, seed: UInt64, absence: String? = nil
    ) {
        var directions: [BridgeRow.Direction: Part] = [:]
        for direction in BridgeRow.Direction.allCases {
            directions[direction] = Part(
                runs.map { ($0.seed, $0.rows.filter { $0.direction == direction }) }, resamples: resamples, seed: seed)
        }
        self.directions = directions
        both = Part(runs, resamples: resamples, seed: seed)
        self.absence = absence ?? (both == nil ? "no query with an answer is asked across views" : nil)
    }

    /// That of a configuration that asks for no bridge.
    public static let off = BridgeEffect(
        [], resamples: 0, seed: 0, absence: "no bridge was trained, since bridge.kind is off")

    /// What is to be said of both directions together.
    public var verdict: Verdict { both?.verdict ?? .notMeasured }

    /// The verdict and what it rests on, in a sentence.
    public var sentence: String {
        guard let both else { return "The bridge was not measured: \(absence ?? "")." }
        let seeds = NumberText.counted(both.difference.values.count, "seed", "seeds")
        let spread =
            both.difference.deviation.map { "standard deviation over \(seeds) \(NumberText.fixed($0, 4))" }
            ?? Spread.unknown(over: "seed")
        let interval =
            both.interval.map {
                "95% interval by animal \(NumberText.signed($0.lowerBound, 4)) to "
                    + NumberText.signed($0.upperBound, 4)
            } ?? "no interval"
        let claim =
            switch verdict {
            case .helps: "The bridge helps across views"
            case .doesNotHelp: "The bridge does not help across views"
            case .cannotBeTold, .notMeasured: "Whether the bridge helps across views cannot be told"
            }
        return "\(claim): mAP@\(AveragePrecision.limit) changes by \(NumberText.signed(both.difference.mean, 4)) "
            + "(\(interval); \(spread))."
    }

    /// The form in `evaluation.json`.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "verdict": .string(verdict.rawValue), "sentence": .string(sentence), "both": both?.json ?? .null,
        ]
        for (direction, part) in directions { members[direction.rawValue] = part.json }
        return .object(members)
    }
}
