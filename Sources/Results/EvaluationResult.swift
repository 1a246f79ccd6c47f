import Basics
import Evaluation
import Foundation

/// `evaluation.json`: the measures of a run, with the contract that defines them.
public struct EvaluationResult: Sendable, Equatable, Codable {
    public var contract: EvaluationContract
    /// All queries together, in the final ranking of the first seed and fold.
    public var pooled: Measured<Spreads>
    /// Each scenario, by its name.
    public var scenarios: [String: Measured<ScenarioSize>]
    /// The queries of each view against only the database photographs of each view.
    public var viewpoints: [Measured<ViewpointPair>]
    /// Each animal with a query, by its name.
    public var animals: [String: AnimalMeasures]
    public var populations: Populations
    /// The same ranking by the networks before training; nil if nothing was trained, or the start is unknown.
    @OrNull public var untrained: Measured<UntrainedPopulations>?
    @OrNull public var training: TrainingEffect?
    public var expanded: ExpandedMeasures
    /// Nil if the configuration has no adapter between views.
    public var bridge: AdapterEffect?
    /// What each model recognises of the animal and of its background; nil if it is not checked.
    @OrNull public var background: [BackgroundEffect]?
    /// Whether each model distinguishes an animal's sides; nil if it is not checked.
    @OrNull public var laterality: [LateralityEffect]?
    /// The models of an ensemble, each alone; nil for a single model.
    public var members: [Measured<ModelName>]?
    /// The final ranking of an ensemble by the sum of similarities instead of their mean, as in the write-up's code;
    /// nil for a single model or with re-ranking.
    public var summed: Summary?
    /// The final ranking without the right matches from the query's own encounter; nil if no encounters are known.
    @OrNull public var otherEncounters: Summary?
    /// Nil if marks are not matched.
    @OrNull public var fusion: FusionMeasures?
    public var novelty: NoveltyMeasures
    public var causes: CauseSummary

    private enum CodingKeys: String, CodingKey {
        case contract, pooled, scenarios, viewpoints, animals, populations, untrained, training, expanded, bridge
        case background, laterality, members, summed, fusion, novelty, causes
        case otherEncounters = "other_encounters"
    }

    /// Creates a result.
    public init(
        contract: EvaluationContract, pooled: Measured<Spreads>, scenarios: [String: Measured<ScenarioSize>],
        viewpoints: [Measured<ViewpointPair>], animals: [String: AnimalMeasures], populations: Populations,
        untrained: Measured<UntrainedPopulations>?, training: TrainingEffect?, expanded: ExpandedMeasures,
        bridge: AdapterEffect?, background: [BackgroundEffect]? = nil, laterality: [LateralityEffect]? = nil,
        members: [Measured<ModelName>]?, summed: Summary?, otherEncounters: Summary? = nil,
        fusion: FusionMeasures? = nil, novelty: NoveltyMeasures, causes: CauseSummary
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
        self.background = background
        self.laterality = laterality
        self.members = members
        self.summed = summed
        self.otherEncounters = otherEncounters
        self.fusion = fusion
        self.novelty = novelty
        self.causes = causes
    }
}

/// Measures of some queries and further details, side by side in one JSON object.
public struct Measured<Details: Codable & Sendable & Equatable>: Sendable, Equatable, Codable {
    /// Nil if no query is answerable.
    public var summary: Summary?
    public var details: Details

    /// Joins measures and details.
    public init(_ summary: Summary?, _ details: Details) {
        self.summary = summary
        self.details = details
    }

    private enum CodingKeys: CodingKey { case queries }

    /// Reads both from one object.
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

/// The spreads of the score over all queries.
public struct Spreads: Sendable, Equatable, Codable {
    public var seeds: Spread
    public var folds: Spread
    /// The 95% intervals of mAP@k for k from 1; nil without resamples.
    @OrNull public var curveIntervals: [ClosedRange<Double>]?

    /// Creates spreads.
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

/// The number of photographs in a scenario's database.
public struct ScenarioSize: Sendable, Equatable, Codable {
    public var database: Int

    /// Creates a size.
    public init(database: Int) { self.database = database }
}

/// The view of queries, and that of the database photographs that they rank.
public struct ViewpointPair: Sendable, Equatable, Codable {
    public var query: String
    public var database: String

    /// Creates a pair.
    public init(query: String, database: String) {
        self.query = query
        self.database = database
    }
}

/// One animal's queries. There is no interval, because its photographs succeed and fail together.
public struct AnimalMeasures: Sendable, Equatable, Codable {
    @OrNull public var map: Double?
    @OrNull public var top1: Double?
    public var queries: Int
    public var answerable: Int

    /// Summarises the queries of an animal.
    public init(_ results: [QueryResult]) {
        let summary = Summary(results, resamples: 0, seed: 0)
        map = summary?.map
        top1 = summary?.top1
        queries = results.count
        answerable = summary?.answerable ?? 0
    }
}

/// The queries of animals that training saw, and of those that it did not; nil if none is answerable.
public struct Populations: Sendable, Equatable, Codable {
    @OrNull public var known: Summary?
    @OrNull public var unseen: Summary?

    /// Creates populations.
    public init(known: Summary?, unseen: Summary?) {
        self.known = known
        self.unseen = unseen
    }
}

/// ``Populations`` of the ranking before training.
public struct UntrainedPopulations: Sendable, Equatable, Codable {
    public var populations: Populations

    /// Wraps the populations.
    public init(populations: Populations) { self.populations = populations }
}

/// The effect of query extension.
public struct ExpandedMeasures: Sendable, Equatable, Codable {
    /// Descriptions of the steps, in order; empty if there were none.
    public var steps: [String]
    /// The measures of plain search.
    @OrNull public var before: Summary?
    @OrNull public var after: Summary?
    /// The number of answerable queries with a higher, a lower and the same average precision afterwards.
    public var gained: Int
    public var lost: Int
    public var unchanged: Int

    /// Creates measures.
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

/// How well new animals are distinguished from known ones, in short; `calibration.json` has the details.
public struct NoveltyMeasures: Sendable, Equatable, Codable {
    /// The similarity below which an animal is classified as new; nil if nothing was calibrated.
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

    /// Extracts the main numbers.
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

/// A run in a few sentences: the score, what carries it, and whether training helped.
public struct Headline: Sendable, Equatable {
    /// The score, and the reason that it is too high, if there is one.
    public let score: String
    /// What marks and networks are worth; nil if marks are not matched, or without a score.
    public let parts: String?
    /// Whether training helped; nil if that is not known.
    public let training: String?
    /// What to do about the training; nil if it helped.
    public let advice: String?

    /// All sentences.
    public var text: String { [score, parts, training].compactMap(\.self).joined(separator: " ") }

    /// Summarises an evaluation.
    public init(_ evaluation: EvaluationResult) {
        self.init(
            Source(
                contract: evaluation.contract, pooled: evaluation.pooled, training: evaluation.training,
                fusion: evaluation.fusion))
    }

    /// What the sentences say of an evaluation, without its lists of queries, animals and thresholds.
    fileprivate struct Source: Decodable {
        var contract: EvaluationContract
        var pooled: Measured<Spreads>
        @OrNull var training: TrainingEffect?
        @OrNull var fusion: FusionMeasures?
    }

    fileprivate init(_ evaluation: Source) {
        let contract = evaluation.contract
        advice = evaluation.training?.advice
        guard let pooled = evaluation.pooled.summary else {
            score = "No query has a match in the database, so there is no score."
            (parts, training) = (nil, nil)
            return
        }
        let ends = pooled.interval.map { " (95% interval \(NumberText.interval($0, 3)))" } ?? ""
        let sentence =
            "\(contract.metric) is \(NumberText.fixed(pooled.map, 3))\(ends) over "
            + "\(NumberText.counted(contract.queries, "query", "queries")) of "
            + "\(NumberText.counted(contract.scenarios, "scenario", "scenarios")); the correct animal comes first for "
            + "\(NumberText.percent(pooled.top1))."
        let warning =
            contract.encountersKnown
            ? nil : "No encounters are known: the score is too high if query and match were taken together."
        score = [sentence, warning].compactMap(\.self).joined(separator: " ")
        parts = evaluation.fusion?.finding
        training =
            contract.trained
            ? evaluation.training.map { "\($0.finding.capitalisingFirst)." } : "Nothing was trained."
    }
}

extension ResultFile where Contents == EvaluationResult {
    /// Reads only what the headline needs: decoding the rest took a fifth of the time of `status`.
    ///
    /// - Throws: ``FileError``, as ``read(in:)``.
    public func headline(in folder: URL) throws -> Headline {
        Headline(try JSONForm.read(url(in: folder), madeBy: stage) as Headline.Source)
    }
}
