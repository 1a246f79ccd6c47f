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
    /// The verdict with the scores, the interval, and the queries that turned, in a sentence.
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
        let finding =
            switch comparison.verdict {
            case .better: "Better: \(name(new)) beats \(name(old))"
            case .worse: "Worse: \(name(old)) beats \(name(new))"
            case .undecided: "Undecided whether \(name(new)) beats \(name(old))"
            }
        let means = comparison.means
        var scores = "mAP@\(AveragePrecision.limit) \(NumberText.fixed(means.old, 3)) to "
        scores += "\(NumberText.fixed(means.new, 3)), \(NumberText.change(from: means.old, to: means.new, 3))"
        if let ends = comparison.interval {
            let low = NumberText.signed(ends.lowerBound, 3), high = NumberText.signed(ends.upperBound, 3)
            scores += " (95% interval by animal \(low) to \(high))"
        }
        let turned =
            NumberText.counted(comparison.broken.count, "query", "queries") + " broken, "
            + "\(NumberText.thousands(Double(comparison.fixed.count))) fixed"
        func seeds(_ run: Run) -> Int { max(1, run.seeds.count) }
        let spread =
            seeds(old) == seeds(new)
            ? seeds(new) == 1 ? "one seed each" : "\(seeds(new)) seeds each"
            : "\(NumberText.counted(seeds(old), "seed", "seeds")) before, \(seeds(new)) after"
        return "\(finding): \(scores); \(turned); \(spread)."
    }

    private static func reason(_ comparison: Comparison) -> String {
        let chance =
            "chance alone would bring as large a change with probability "
            + NumberText.fixed(comparison.probability, 4)
        switch comparison.seedsOverlap {
        case true?: return "the scores of the seeds overlap, so the change is within their spread"
        case false?: return "the scores of the seeds do not overlap, and \(chance)"
        case nil: return "at least one run has only one seed, so the spread between seeds is unknown; \(chance)"
        }
    }
}
