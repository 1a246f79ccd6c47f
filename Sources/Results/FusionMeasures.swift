import Basics
import Evaluation

/// The rankings by the networks' similarity, by matched marks, and by both, all before query extension.
public struct FusionMeasures: Sendable, Equatable, Codable {
    /// What a ranking uses.
    public enum Name: String, Sendable, Codable, CaseIterable {
        case network, marks, both

        /// The words for a table.
        public var title: String {
            switch self {
            case .network: "networks alone"
            case .marks: "marks alone"
            case .both: "networks and marks"
            }
        }
    }

    /// One ranking.
    public struct Ranking: Sendable, Equatable, Codable {
        public var name: Name
        @OrNull public var pooled: Summary?
        /// Without the right matches from the query's own encounter; nil if no encounters are known.
        @OrNull public var otherEncounters: Summary?
        /// Each scenario, by its name; nil if none of its queries is answerable.
        public var scenarios: [String: Summary]
        /// Each query's view, by its name, against the whole database.
        public var viewpoints: [String: Summary]

        /// Creates a ranking.
        public init(
            name: Name, pooled: Summary?, otherEncounters: Summary?, scenarios: [String: Summary],
            viewpoints: [String: Summary]
        ) {
            self.name = name
            self.pooled = pooled
            self.otherEncounters = otherEncounters
            self.scenarios = scenarios
            self.viewpoints = viewpoints
        }

        private enum CodingKeys: String, CodingKey {
            case name, pooled, scenarios, viewpoints
            case otherEncounters = "other_encounters"
        }
    }

    /// A ranking compared with that by the networks alone, query by query.
    public struct Test: Sendable, Equatable, Codable {
        public var name: Name
        public var queries: Int
        public var difference: Double
        @OrNull public var interval: ClosedRange<Double>?
        /// How often a change at least as large would occur if both were equally good, by animal.
        public var probability: Double
        public var wins: Int
        public var losses: Int
        public var ties: Int
        public var verdict: Comparison.Verdict

        /// Summarises a comparison.
        public init(_ name: Name, _ comparison: Comparison) {
            self.name = name
            queries = comparison.pairs.count
            difference = comparison.difference
            interval = comparison.interval
            probability = comparison.probability
            wins = comparison.wins
            losses = comparison.losses
            ties = comparison.ties
            verdict = comparison.verdict
        }
    }

    /// Comparisons with the ranking by the networks alone.
    public struct Tests: Sendable, Equatable, Codable {
        public var marks: Test
        public var both: Test

        /// Joins comparisons.
        public init(marks: Test, both: Test) {
            self.marks = marks
            self.both = both
        }
    }

    public var network: Ranking
    public var marks: Ranking
    public var both: Ranking
    /// The comparisons with the networks alone.
    public var tests: Tests
    /// The scores that the ranking by both joins; empty if nothing was fitted.
    public var parts: [Fusion.Part]
    /// Every choice of scores, with its mAP on the validation photographs.
    public var choices: [Fusion.Choice]
    /// Validation photographs that the choice was made on.
    public var validationQueries: Int
    /// Why marks and networks are not joined; nil if they are.
    @OrNull public var absence: String?
    /// The finding in a sentence.
    public var finding: String

    private enum CodingKeys: String, CodingKey {
        case network, marks, both, tests, parts, choices, absence, finding
        case validationQueries = "validation_queries"
    }

    /// Creates measures.
    public init(_ fusion: Fusion, network: Ranking, marks: Ranking, both: Ranking, tests: Tests) {
        self.network = network
        self.marks = marks
        self.both = both
        self.tests = tests
        parts = fusion.parts
        choices = fusion.choices
        validationQueries = fusion.queries
        absence = fusion.absence
        finding = ""
        finding = sentence
    }

    /// In the order of ``Name``.
    public var rankings: [Ranking] { [network, marks, both] }

    private var sentence: String {
        if let absence { return "Marks and networks are not joined: \(absence)." }
        func map(_ ranking: Ranking) -> String? { ranking.pooled.map { NumberText.fixed($0.map, 3) } }
        guard let network = map(network), let marks = map(marks), let both = map(both) else {
            return "No query has a match in the database, so there is no score."
        }
        let finding =
            switch tests.both.verdict {
            case .better: "better than"
            case .worse: "worse than"
            case .undecided: "not shown to differ from"
            }
        return
            "Before query extension, mAP@\(AveragePrecision.limit) by networks and marks together is \(both), \(finding) "
            + "that by the networks alone (\(network), \(NumberText.probability(tests.both.probability))); by marks alone it "
            + "is \(marks)."
    }
}
