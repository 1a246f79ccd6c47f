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

    /// A ranking compared with another, query by query.
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

        /// Whether `part` improves on the ranking by `others`, whose mAP it changes from `old` to `new`.
        fileprivate func sentence(on part: String, improvingOn others: String, from old: Double, to new: Double)
            -> String
        {
            let numbers = "\(NumberText.change(from: old, to: new, 3)) (\(NumberText.probability(probability))"
            return switch verdict {
            case .better: "\(part.capitalisingFirst) improve on \(others): \(numbers))."
            case .worse: "\(part.capitalisingFirst) make the ranking by \(others) worse: \(numbers))."
            case .undecided:
                "Whether \(part) improve on \(others) is undecided: \(numbers); p must be below \(Comparison.clear))."
            }
        }
    }

    /// Comparisons of the rankings.
    public struct Tests: Sendable, Equatable, Codable {
        /// Marks alone against the networks alone.
        public var marks: Test
        /// Both against the networks alone: what marks add.
        public var both: Test
        /// Both against marks alone: what the networks add; nil in a result of before it was tested.
        public var network: Test?

        /// Joins comparisons.
        public init(marks: Test, both: Test, network: Test?) {
            self.marks = marks
            self.both = both
            self.network = network
        }
    }

    public var network: Ranking
    public var marks: Ranking
    public var both: Ranking
    public var tests: Tests
    /// The scores that the ranking by both joins; empty if nothing was fitted.
    public var parts: [Fusion.Part]
    /// Every choice of scores, with its mAP on the validation photographs.
    public var choices: [Fusion.Choice]
    /// Validation photographs that the choice was made on.
    public var validationQueries: Int
    /// Why marks and networks are not joined; nil if they are.
    @OrNull public var absence: String?
    /// What each part is worth, in sentences.
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
        guard let network = network.pooled?.map, let marks = marks.pooled?.map, let both = both.pooled?.map else {
            return "No query has a match in the database, so there is no score."
        }
        let lead =
            switch tests.marks.verdict {
            case .better: "Marks rank these queries better than the networks: before"
            case .worse: "The networks rank these queries better than marks: before"
            case .undecided: "Before"
            }
        let sentences: [String?] = [
            "\(lead) query extension, mAP@\(AveragePrecision.limit) is \(NumberText.fixed(marks, 3)) by marks alone, "
                + "\(NumberText.fixed(network, 3)) by the networks alone and \(NumberText.fixed(both, 3)) by both.",
            tests.network?.sentence(on: "the networks", improvingOn: "marks alone", from: marks, to: both),
            tests.both.sentence(on: "marks", improvingOn: "the networks alone", from: network, to: both),
        ]
        return sentences.compactMap(\.self).joined(separator: " ")
    }
}
