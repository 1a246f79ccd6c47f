import Basics
import Evaluation

/// Two runs side by side, as `whalebook compare --json` prints them and documents show them by `compare.…`.
public struct ComparisonSummary: Sendable, Equatable, Codable {
    /// One of the runs.
    public struct Run: Sendable, Equatable, Codable {
        /// Its first tag, else its number.
        public let name: String
        public let number: Int
        @OrNull public private(set) var map: Double?
        public let startedAt: String
        /// The mAP@20 of each seed.
        public let seeds: [Double]
        @OrNull public private(set) var reason: String?

        private enum CodingKeys: String, CodingKey {
            case name, number, map, seeds, reason
            case startedAt = "started_at"
        }

        /// Creates a description of a run of the ledger.
        public init(_ entry: RunEntry, seeds: [Double]) {
            name = entry.name
            number = entry.number
            map = entry.map
            startedAt = entry.startedAt
            self.seeds = seeds
            reason = entry.reason
        }
    }

    /// A query with its average precision in both runs.
    public struct Query: Sendable, Equatable, Codable {
        public let queryID: String
        public let whaleID: String
        public let old: Double
        public let new: Double

        private enum CodingKeys: String, CodingKey {
            case old, new
            case queryID = "query_id"
            case whaleID = "whale_id"
        }

        init(_ pair: Comparison.Pair) {
            queryID = pair.old.id
            whaleID = pair.old.whaleID
            old = pair.old.averagePrecision
            new = pair.new.averagePrecision
        }
    }

    public let verdict: Comparison.Verdict
    /// The difference in mAP@20, new minus old.
    public let difference: Double
    public let probability: Double
    @OrNull public private(set) var interval: ClosedRange<Double>?
    /// Answerable queries that both runs have.
    public let queries: Int
    /// Queries that only one of the runs has.
    public let fallenOut: Int
    public let wins: Int
    public let losses: Int
    public let ties: Int
    public let fixed: [Query]
    public let broken: [Query]
    public let stillFailing: [Query]
    /// Whether the scores of the seeds overlap; nil if a run has one seed.
    @OrNull public private(set) var seedsOverlap: Bool?
    /// The reason for the verdict, in a sentence.
    public let why: String
    /// The verdict with the scores, the interval, the rule, and the queries that turned, in sentences.
    public let answer: String
    public let old: Run
    public let new: Run
    /// The options that differ, such as `search.k 20 -> 5`.
    public let changes: [String]

    private enum CodingKeys: String, CodingKey {
        case verdict, difference, probability, interval, queries, wins, losses, ties, fixed, broken, why, answer, old,
            new
        case changes
        case fallenOut = "fallen_out"
        case stillFailing = "still_failing"
        case seedsOverlap = "seeds_overlap"
    }

    /// Extracts from a comparison what other programs and documents need.
    public init(_ comparison: Comparison, fallenOut: Int, old: RunEntry, new: RunEntry, changes: [String]) {
        verdict = comparison.verdict
        difference = comparison.difference
        probability = comparison.probability
        interval = comparison.interval
        queries = comparison.pairs.count
        self.fallenOut = fallenOut
        wins = comparison.wins
        losses = comparison.losses
        ties = comparison.ties
        fixed = comparison.fixed.map(Query.init)
        broken = comparison.broken.map(Query.init)
        stillFailing = comparison.stillFailing.map(Query.init)
        seedsOverlap = comparison.seedsOverlap
        why = Self.reason(comparison)
        self.old = Run(old, seeds: comparison.oldSeeds)
        self.new = Run(new, seeds: comparison.newSeeds)
        self.changes = changes
        answer = Self.answer(comparison, self.old, self.new)
    }

    private static func answer(_ comparison: Comparison, _ old: Run, _ new: Run) -> String {
        func name(_ run: Run) -> String { "run \(run.number)" + (Int(run.name) == nil ? " (\(run.name))" : "") }
        let means = comparison.means
        let direction =
            means.new == means.old
            ? "scores the same as" : means.new > means.old ? "scores higher than" : "scores lower than"
        let animals = comparison.animals == 1 ? "this animal" : "these \(comparison.animals) animals"
        var scores = "mAP@\(AveragePrecision.limit) \(NumberText.fixed(means.old, 3)) to "
        scores += "\(NumberText.fixed(means.new, 3)), \(NumberText.change(from: means.old, to: means.new, 3))"
        let ends = comparison.interval.map {
            "95% interval by animal \(NumberText.signed($0.lowerBound, 3)) to \(NumberText.signed($0.upperBound, 3)), "
        }
        scores += " (\(ends ?? "")\(chance(comparison)))"
        let turned =
            NumberText.counted(comparison.broken.count, "query", "queries") + " broken, "
            + "\(NumberText.thousands(Double(comparison.fixed.count))) fixed"
        return "\(comparison.verdict.rawValue.capitalized): on \(animals), \(name(new)) \(direction) \(name(old)), "
            + "\(scores); \(turned). \(rule(comparison))"
    }

    /// The probability with digits enough to compare it with the threshold.
    private static func chance(_ comparison: Comparison) -> String {
        let value = comparison.probability
        return value < 0.001 || value >= 0.1 ? NumberText.probability(value) : "p = \(NumberText.fixed(value, 3))"
    }

    /// What the verdict depends on.
    private static func rule(_ comparison: Comparison) -> String {
        let threshold = NumberText.shortest(comparison.threshold)
        switch comparison.seedsOverlap {
        case true?: return "The scores of the seeds overlap, so the seed alone may have caused the change."
        case false?: return "The scores of the seeds do not overlap; a verdict also needs p below \(threshold)."
        case nil:
            let seeds =
                max(comparison.oldSeeds.count, comparison.newSeeds.count) > 1 ? "One run has" : "Each run has"
            return
                "\(seeds) one seed, so whether a second training would repeat this is unknown; a verdict then needs p "
                + "below \(threshold)."
        }
    }

    private static func reason(_ comparison: Comparison) -> String {
        let exchanges = NumberText.thousands(Double(Comparison.randomisations))
        return "If both runs were equally good, a change this large would occur with probability "
            + "\(NumberText.fixed(comparison.probability, 3)) (\(exchanges) exchanges of whole animals). "
            + rule(comparison)
    }
}
