import Basics
import Evaluation

/// The rankings by the networks' similarity, by matched marks, and by both, all before query extension.
public struct FusionMeasures: Sendable, Equatable, Codable {
    /// What a ranking uses.
    public enum Name: String, Sendable, Codable, CaseIterable {
        case network, marks, both
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
        /// The queries by the number of training photographs of their animal, a ``TrainingPhotographs``; nil if nothing
        /// was trained, and in a result of before this was measured.
        public var training: [String: Summary]?

        /// Creates a ranking.
        public init(
            name: Name, pooled: Summary?, otherEncounters: Summary?, scenarios: [String: Summary],
            viewpoints: [String: Summary], training: [String: Summary]? = nil
        ) {
            self.name = name
            self.pooled = pooled
            self.otherEncounters = otherEncounters
            self.scenarios = scenarios
            self.viewpoints = viewpoints
            self.training = training
        }

        private enum CodingKeys: String, CodingKey {
            case name, pooled, scenarios, viewpoints, training
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

        /// What `part` adds to the ranking by `others` alone, whose mAP it changes from `old` to `new`; no sentence of
        /// its own.
        fileprivate func clause(of part: Words, onTopOf others: Words, from old: Double, to new: Double) -> String {
            let change = NumberText.change(from: old, to: new, 3)
            let gain = change.drop { $0 == "+" }
            let probability = NumberText.probability(probability)
            return switch verdict {
            case .better: "\(part.text) \(part.verb("adds", "add")) \(gain) to \(others.text) (\(probability))"
            case .worse:
                "\(part.text) \(part.verb("makes", "make")) the ranking by \(others.text) worse (\(change), \(probability))"
            case .undecided:
                "whether \(part.text) \(part.verb("improves", "improve")) on \(others.text) alone is undecided (\(change), "
                    + "\(probability); p must be below \(Comparison.clear))"
            }
        }
    }

    /// A part of the system as the subject of a sentence.
    struct Words {
        let text: String
        let isPlural: Bool

        static let marks = Words(text: "marks", isPlural: true)

        /// `one`, or the verb of several.
        func verb(_ one: String, _ several: String) -> String { isPlural ? several : one }
    }

    /// Comparisons of the rankings.
    public struct Tests: Sendable, Equatable, Codable {
        /// Marks alone against the networks alone.
        public var marks: Test
        /// Both against the networks alone: what marks add.
        public var both: Test
        /// Both against marks alone: what the networks add; nil in a result of before it was tested.
        public var network: Test?
        /// The networks alone after training against before; nil if the ranking before is not known.
        public var training: Test?

        /// Joins comparisons.
        public init(marks: Test, both: Test, network: Test?, training: Test? = nil) {
            self.marks = marks
            self.both = both
            self.network = network
            self.training = training
        }
    }

    /// The networks alone before training; nil if nothing was trained, if the start is unknown, and in a result of before
    /// this was measured.
    public var untrained: Summary?
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
    /// The validation photographs by the number of training photographs of their animal, as in ``Ranking/training``.
    public var validationTraining: [String: Int]?
    /// Whether several networks rank together; nil in a result of before this was recorded.
    public var isEnsemble: Bool?
    /// Why marks and networks are not joined; nil if they are.
    @OrNull public var absence: String?
    /// What each part is worth, in sentences.
    public var finding: String
    /// Whether validation ranks marks and networks as the test does, and what follows for the choice of scores; nil
    /// without a choice.
    public var validation: String?

    private enum CodingKeys: String, CodingKey {
        case untrained, network, marks, both, tests, parts, choices, absence, finding, validation
        case validationQueries = "validation_queries"
        case validationTraining = "validation_training"
        case isEnsemble = "ensemble"
    }

    /// Creates measures.
    public init(
        _ fusion: Fusion, untrained: Summary? = nil, network: Ranking, marks: Ranking, both: Ranking, tests: Tests,
        isEnsemble: Bool, validationTraining: [String: Int]?
    ) {
        self.untrained = untrained
        self.network = network
        self.marks = marks
        self.both = both
        self.tests = tests
        parts = fusion.parts
        choices = fusion.choices
        validationQueries = fusion.queries
        absence = fusion.absence
        self.isEnsemble = isEnsemble
        self.validationTraining = validationTraining
        finding = ""
        finding = sentence
        validation = validationFinding
    }

    /// In the order of ``Name``.
    public var rankings: [Ranking] { [network, marks, both] }

    /// The words of a table for a ranking.
    public func title(of name: Name) -> String {
        let network = isEnsemble == false ? "network" : "networks"
        return switch name {
        case .network: "\(network) alone"
        case .marks: "marks alone"
        case .both: "\(network) and marks"
        }
    }

    /// The words of a table for the ranking by the networks before training.
    public var untrainedTitle: String { "\(title(of: .network)), without training" }

    /// What training changes for the networks alone; nil if that was not measured.
    public var trainingFinding: String? {
        guard let test = tests.training, let before = untrained?.map, let after = network.pooled?.map else {
            return nil
        }
        let score = "mAP@\(AveragePrecision.limit) of \(networkWords.text) alone"
        let (old, new) = (NumberText.fixed(before, 3), NumberText.fixed(after, 3))
        let probability = NumberText.probability(test.probability)
        let effect =
            switch test.verdict {
            case .better: "raises \(score) from \(old) to \(new) (\(probability))"
            case .worse: "lowers \(score) from \(old) to \(new) (\(probability))"
            case .undecided where old == new: "leaves \(score) at \(new)"
            case .undecided: "changes \(score) from \(old) to \(new), which may be chance (\(probability))"
            }
        return "Training \(effect)."
    }

    var networkWords: Words {
        isEnsemble == false
            ? Words(text: "the network", isPlural: false) : Words(text: "the networks", isPlural: true)
    }

    private var sentence: String {
        let words = networkWords
        if let absence { return "Marks and \(words.text) are not joined: \(absence)." }
        guard let network = network.pooled?.map, let marks = marks.pooled?.map, let both = both.pooled?.map else {
            return "No query has a match in the database, so there is no score."
        }
        let clauses: [String?] = [
            tests.both.clause(of: .marks, onTopOf: words, from: network, to: both),
            tests.network?.clause(of: words, onTopOf: .marks, from: marks, to: both),
        ]
        return
            "Before query extension, mAP@\(AveragePrecision.limit) is \(NumberText.fixed(marks, 3)) by marks alone, "
            + "\(NumberText.fixed(network, 3)) by \(words.text) alone and \(NumberText.fixed(both, 3)) by both: "
            + "\(clauses.compactMap(\.self).joined(separator: "; "))."
    }
}
