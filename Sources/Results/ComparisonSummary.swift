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
    /// Whether chance or the seed may have caused the change, in sentences.
    public let why: String
    /// The verdict with the scores, in a sentence.
    public let answer: String
    /// Which run to use; nil in a record of before it was given.
    public let advice: String?
    /// What the runs leave open, and how to settle it; nil if nothing, or in a record of before it was given.
    public let leftOpen: String?
    /// What to type to settle it; nil if that is not known.
    public let commands: [String]?
    public let old: Run
    public let new: Run
    /// The options that differ, such as `search.k 20 -> 5`.
    public let changes: [String]

    private enum CodingKeys: String, CodingKey {
        case verdict, difference, probability, interval, queries, wins, losses, ties, fixed, broken, why, answer, advice
        case old, new, changes, commands
        case leftOpen = "left_open"
        case fallenOut = "fallen_out"
        case stillFailing = "still_failing"
        case seedsOverlap = "seeds_overlap"
    }

    /// Extracts from a comparison what other programs and documents need; `changes` are the options that differ.
    public init(
        _ comparison: Comparison, fallenOut: Int, old: RunEntry, new: RunEntry, changes: [RunEntry.Change]
    ) {
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
        let isTrained = old.mayHaveTrained || new.mayHaveTrained
        why = Self.reason(comparison, isTrained: isTrained)
        self.old = Run(old, seeds: comparison.oldSeeds)
        self.new = Run(new, seeds: comparison.newSeeds)
        self.changes = changes.map(\.text)
        answer = Self.answer(comparison, self.old, self.new)
        advice = Self.advice(comparison, self.old, self.new, isTrained: isTrained)
        let trial = isTrained ? SeedTrial(comparison, old, new, changes) : nil
        leftOpen = trial?.text
        commands = trial?.commands
    }

    private static func answer(_ comparison: Comparison, _ old: Run, _ new: Run) -> String {
        func name(_ run: Run) -> String { "run \(run.number)" + (Int(run.name) == nil ? " (\(run.name))" : "") }
        let means = comparison.means
        let direction =
            means.new == means.old
            ? "scores the same as" : means.new > means.old ? "scores higher than" : "scores lower than"
        let seeds = comparison.seedsOverlap == nil ? "" : ", averaged over seeds,"
        let (before, after) = (NumberText.fixed(means.old, 3), NumberText.fixed(means.new, 3))
        let scores =
            means.new == means.old
            ? "is \(after) in both"
            : "\(means.new > means.old ? "rose" : "fell") from \(before) to \(after) "
                + "(\(NumberText.change(from: means.old, to: means.new, 3)), "
                + "\(NumberText.probability(comparison.probability)))"
        return "\(comparison.verdict.rawValue.capitalisingFirst): on "
            + "\(NumberText.counted(comparison.pairs.count, "query", "queries")) of "
            + "\(NumberText.counted(comparison.animals, "animal", "animals")), \(name(new)) \(direction) \(name(old)): "
            + "mAP@\(AveragePrecision.limit)\(seeds) \(scores)."
    }

    /// Whether chance, and whether the seed, may have caused the change.
    private static func reason(_ comparison: Comparison, isTrained: Bool) -> String {
        guard comparison.difference != 0 else { return "The score did not change." }
        let ends = comparison.interval.map { " (95% interval by animal \(NumberText.changeInterval($0, 3)))" } ?? ""
        let chance = NumberText.probability(comparison.probability)
        let limit = NumberText.shortest(comparison.threshold)
        let first =
            comparison.probability < comparison.threshold
            ? "Chance alone is an unlikely cause of the \(comparison.noun): \(chance), below \(limit)\(ends)."
            : "The \(comparison.noun) may be chance: \(chance), not below \(limit)\(ends)."
        return "\(first) \(seed(comparison, isTrained: isTrained))"
    }

    private static func seed(_ comparison: Comparison, isTrained: Bool) -> String {
        guard isTrained else { return "Neither run trained anything, so the seed plays no part." }
        guard let overlap = comparison.seedsOverlap else {
            let (clear, usual) = (NumberText.shortest(Comparison.clear), NumberText.shortest(Comparison.usual))
            return "The limit is \(clear) and not \(usual), because \(comparison.singleSeeds)."
        }
        let finding =
            overlap
            ? "The scores of the seeds overlap, so the seed may have caused it."
            : "The scores of the seeds do not overlap, so the seed is an unlikely cause, too."
        guard let animals = comparison.animalError, let seeds = comparison.seedError else { return finding }
        return "\(finding) Other animals would move the change by about \(NumberText.fixed(animals, 3)), other seeds "
            + "by about \(NumberText.fixed(seeds, 3)) (standard errors)."
    }

    // MARK: What to do

    private static func advice(_ comparison: Comparison, _ old: Run, _ new: Run, isTrained: Bool) -> String {
        switch comparison.verdict {
        case .better: return "Replace run \(old.number) with run \(new.number)."
        case .worse: return "Keep run \(old.number)."
        case .undecided: break
        }
        guard comparison.wins + comparison.losses > 0 else {
            return "Keep either: both runs rank every query equally well."
        }
        // With a larger p nothing speaks for a replacement.
        let isLikely = comparison.probability < Comparison.usual
        let now =
            isLikely
            ? "For now run \(comparison.difference > 0 ? new.number : old.number) is the better guess."
            : "For now keep run \(old.number)."
        return isTrained
            ? now
            : "\(now) Only photographs of more animals can decide between these runs, because nothing was trained."
    }
}

extension RunEntry {
    /// Whether the run trained a network; false if it has embeddings without a training.
    public var mayHaveTrained: Bool {
        let stages = Set(nodes.map(\.stage))
        return stages.contains(.train) || !stages.contains(.embed)
    }
}
