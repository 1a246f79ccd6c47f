import Basics
import Evaluation

/// `evaluation.json`: the measures of a run with the contract that they were counted by.
public struct EvaluationResult: Sendable, Equatable, Codable {
    public var contract: EvaluationContract
    /// All queries together, by the final ranking of the first seed and fold.
    public var pooled: Measured<Spreads>
    /// Each scenario, by its name.
    public var scenarios: [String: Measured<ScenarioSize>]
    /// The queries of each view asked of the database photographs of each view alone.
    public var viewpoints: [Measured<ViewpointPair>]
    /// Each animal that was asked for, by its name.
    public var animals: [String: AnimalMeasures]
    public var populations: Populations
    /// The same ranking by the networks before training; nil where nothing was trained, or that is not known.
    @OrNull public var untrained: Measured<UntrainedPopulations>?
    @OrNull public var training: TrainingEffect?
    public var expanded: ExpandedMeasures
    /// Nil where the configuration asks for no adapter between views.
    public var bridge: AdapterEffect?
    /// The models of an ensemble, each alone; nil where one model ranks.
    public var members: [Measured<ModelName>]?
    /// The final ranking of an ensemble whose similarities are added up and not divided, as the write-up's code did; nil
    /// where one model ranks, or a re-ranking does.
    public var summed: Summary?
    public var novelty: NoveltyMeasures
    public var causes: CauseSummary

    /// Collects the parts.
    public init(
        contract: EvaluationContract, pooled: Measured<Spreads>, scenarios: [String: Measured<ScenarioSize>],
        viewpoints: [Measured<ViewpointPair>], animals: [String: AnimalMeasures], populations: Populations,
        untrained: Measured<UntrainedPopulations>?, training: TrainingEffect?, expanded: ExpandedMeasures,
        bridge: AdapterEffect?, members: [Measured<ModelName>]?, summed: Summary?, novelty: NoveltyMeasures,
        causes: CauseSummary
    ) {
        self.contract = contract
        self.pooled = pooled
        self.scenarios = scenarios
        self.viewpoints = viewpoints
        self.animals = animals
        self.populations = populations
        self.untrained = untrained
        self.training = training
        self.expanded = expanded
        self.bridge = bridge
        self.members = members
        self.summed = summed
        self.novelty = novelty
        self.causes = causes
    }
}

/// Measures of some queries with what else is told of them, side by side in one JSON object.
public struct Measured<Details: Codable & Sendable & Equatable>: Sendable, Equatable, Codable {
    /// Nil where no query has an answer.
    public var summary: Summary?
    public var details: Details

    /// Joins measures and details.
    public init(_ summary: Summary?, _ details: Details) {
        self.summary = summary
        self.details = details
    }

    private enum CodingKeys: CodingKey { case queries }

    /// Reads both out of one object.
    public init(from decoder: any Decoder) throws {
        let isMeasured = try decoder.container(keyedBy: CodingKeys.self).contains(.queries)
        summary = isMeasured ? try Summary(from: decoder) : nil
        details = try Details(from: decoder)
    }

    /// Writes both into one object.
    public func encode(to encoder: any Encoder) throws {
        try summary?.encode(to: encoder)
        try details.encode(to: encoder)
    }
}

/// How far the score of all queries varies.
public struct Spreads: Sendable, Equatable, Codable {
    public var seeds: Spread
    public var folds: Spread
    /// The 95% intervals of mAP@k for k from 1; nil without resamples.
    @OrNull public var curveIntervals: [ClosedRange<Double>]?

    /// Collects the parts.
    public init(seeds: Spread, folds: Spread, curveIntervals: [ClosedRange<Double>]?) {
        self.seeds = seeds
        self.folds = folds
        self.curveIntervals = curveIntervals
    }

    private enum CodingKeys: String, CodingKey {
        case seeds, folds
        case curveIntervals = "curve_intervals"
    }
}

/// How many photographs a scenario ranks.
public struct ScenarioSize: Sendable, Equatable, Codable {
    public var database: Int

    /// Creates a size.
    public init(database: Int) { self.database = database }
}

/// The views of queries and of the database photographs that they are asked of.
public struct ViewpointPair: Sendable, Equatable, Codable {
    public var query: String
    public var database: String

    /// Creates a pair.
    public init(query: String, database: String) {
        self.query = query
        self.database = database
    }
}

/// One animal's queries. Its photographs succeed and fail together, so there is no interval.
public struct AnimalMeasures: Sendable, Equatable, Codable {
    @OrNull public var map: Double?
    @OrNull public var top1: Double?
    public var queries: Int
    public var answerable: Int

    /// Sums up the queries of an animal.
    public init(_ results: [QueryResult]) {
        let summary = Summary(results, resamples: 0, seed: 0)
        map = summary?.map
        top1 = summary?.top1
        queries = results.count
        answerable = summary?.answerable ?? 0
    }
}

/// The queries of animals that training saw, and of those that it did not; nil where none has an answer.
public struct Populations: Sendable, Equatable, Codable {
    @OrNull public var known: Summary?
    @OrNull public var unseen: Summary?

    /// Collects both.
    public init(known: Summary?, unseen: Summary?) {
        self.known = known
        self.unseen = unseen
    }
}

/// ``Populations`` of the ranking before training.
public struct UntrainedPopulations: Sendable, Equatable, Codable {
    public var populations: Populations

    /// Takes the populations.
    public init(populations: Populations) { self.populations = populations }
}

/// What query extension did.
public struct ExpandedMeasures: Sendable, Equatable, Codable {
    /// What was done, in words, in its order; empty where nothing was.
    public var steps: [String]
    /// By plain search.
    @OrNull public var before: Summary?
    @OrNull public var after: Summary?
    /// Answerable queries with a higher, a lower and the same average precision afterwards.
    public var gained: Int
    public var lost: Int
    public var unchanged: Int

    /// Collects the parts.
    public init(steps: [String], before: Summary?, after: Summary?, effect: ExpansionEffect) {
        self.steps = steps
        self.before = before
        self.after = after
        gained = effect.gained
        lost = effect.lost
        unchanged = effect.unchanged
    }
}

/// A model of an ensemble.
public struct ModelName: Sendable, Equatable, Codable {
    public var member: String
    public var seed: Int
    public var fold: Int

    /// Creates a name.
    public init(member: String, seed: Int, fold: Int) {
        self.member = member
        self.seed = seed
        self.fold = fold
    }
}

/// What telling new animals from known ones is worth, in short; `calibration.json` has the whole.
public struct NoveltyMeasures: Sendable, Equatable, Codable {
    /// Of similarity: below it an animal is called new. Nil where nothing was calibrated.
    @OrNull public var threshold: Double?
    /// Why nothing was calibrated.
    @OrNull public var reason: String?
    @OrNull public var questions: Int?
    @OrNull public var auroc: Double?
    @OrNull public var aurocInterval: ClosedRange<Double>?
    @OrNull public var knownFound: Double?
    @OrNull public var knownFoundInterval: ClosedRange<Double>?
    @OrNull public var baus: Double?
    @OrNull public var bausInterval: ClosedRange<Double>?
    @OrNull public var bausOfUnanswerable: Double?
    @OrNull public var calibrationError: Double?
    @OrNull public var brier: Double?

    /// Takes what counts out of the whole.
    public init(_ novelty: Novelty) {
        threshold = novelty.calibration?.threshold
        reason = novelty.reason
        let test = novelty.test
        questions = test?.questions
        auroc = test?.auroc
        aurocInterval = test?.aurocInterval
        knownFound = test?.knownFound
        knownFoundInterval = test?.knownFoundInterval
        baus = test?.baus
        bausInterval = test?.bausInterval
        bausOfUnanswerable = test?.bausOfUnanswerable
        calibrationError = test?.calibrationError
        brier = test?.brier
    }

    private enum CodingKeys: String, CodingKey {
        case threshold, reason, questions, auroc, baus, brier
        case aurocInterval = "auroc_interval"
        case knownFound = "known_found"
        case knownFoundInterval = "known_found_interval"
        case bausInterval = "baus_interval"
        case bausOfUnanswerable = "baus_unanswerable"
        case calibrationError = "calibration_error"
    }
}

/// What a run amounts to, in one line: the score, whether training helped, and what to be careful about.
public struct Headline: Sendable, Equatable {
    /// The sentences, each with its full stop.
    public let text: String

    /// Sums up an evaluation.
    public init(_ evaluation: EvaluationResult) {
        text = [Self.finding(evaluation), Self.warning(evaluation.contract), evaluation.training?.advice]
            .compactMap(\.self).joined(separator: " ")
    }

    private static func finding(_ evaluation: EvaluationResult) -> String {
        if let effect = evaluation.training { return effect.finding + "." }
        guard let pooled = evaluation.pooled.summary else {
            return "No query has an answer in the database, so there is no score."
        }
        let contract = evaluation.contract
        let ends = pooled.interval.map { " (95% interval \(NumberText.interval($0, 3)))" } ?? ""
        return "\(contract.metric) \(NumberText.fixed(pooled.map, 3))\(ends) over "
            + NumberText.counted(contract.queries, "query", "queries")
            + "; the right animal is first for \(NumberText.percent(pooled.top1, 0))."
            + (contract.trained ? "" : " Nothing was trained.")
    }

    /// What makes the score better than it is.
    private static func warning(_ contract: EvaluationContract) -> String? {
        contract.encountersKnown
            ? nil : "No encounters are known: the score is flattering where query and answer were taken together."
    }
}
