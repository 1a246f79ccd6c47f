import Basics
import Evaluation

/// `confused-pairs.json`: the pairs of animals that were taken for one another.
public struct ConfusedPairs: Sendable, Equatable, Codable {
    /// The most frequent first.
    public var pairs: [ConfusedPair]

    /// Wraps the pairs.
    public init(pairs: [ConfusedPair]) { self.pairs = pairs }
}

/// `sweep.json`: the best choice of query extension, compared with none.
public struct SweepSummary: Sendable, Equatable, Codable {
    /// Answerable queries, over which each mean is taken.
    public var queries: Int
    public var choices: Int
    @OrNull public var baseline: ExpansionSweep.Row?
    @OrNull public var best: ExpansionSweep.Row?

    /// Summarises a sweep.
    public init(_ sweep: ExpansionSweep) {
        queries = sweep.queries
        choices = max(0, sweep.rows.count - 1)
        baseline = sweep.baseline
        best = sweep.best
    }
}

/// `explain.json`: the heat maps that were made.
public struct ExplainSummary: Sendable, Equatable, Codable {
    public var queries: Int
    public var pairs: Int
    /// The network's feature map that the heat maps show, as `explain.map` names it.
    public var map: String
    /// How photographs fill the network's square.
    public var fit: Fit
    /// The share of the fitted photograph's sides that the network sees; nil for all.
    public var cropShare: Double?
    /// Cells of a heat map; nil if there is none.
    @OrNull public var height: Int?
    @OrNull public var width: Int?
    /// The heat on the animals; nil if no outline says where they are, and in files of older versions.
    public var animals: HeatOnAnimals?

    private enum CodingKeys: String, CodingKey {
        case queries, pairs, map, fit, height, width, animals
        case cropShare = "crop_share"
    }

    /// Creates a summary.
    public init(
        queries: Int, pairs: Int, map: String, fit: Fit, cropShare: Double? = nil, height: Int?, width: Int?,
        animals: HeatOnAnimals?
    ) {
        self.queries = queries
        self.pairs = pairs
        self.map = map
        self.fit = fit
        self.cropShare = cropShare
        self.height = height
        self.width = width
        self.animals = animals
    }
}

/// `reduce.json`: how the maps of the embeddings were made.
public struct ReduceSummary: Sendable, Equatable, Codable {
    /// Photographs on the maps.
    public var photographs: Int
    /// Photographs that have an embedding.
    public var of: Int
    /// Steps of t-SNE.
    public var steps: Int
    /// The share of the variance along each principal component; nil if there are no maps.
    public var variance: [Double]?
    /// The perplexity that t-SNE used: the configured one, or less if there are few photographs.
    public var perplexity: Double?
    /// The Kullback-Leibler divergence at the end of t-SNE.
    public var divergence: Double?

    /// Creates a summary.
    public init(photographs: Int, of all: Int, steps: Int) {
        self.photographs = photographs
        of = all
        self.steps = steps
    }
}

/// `bridge.json`: the training data of the adapter between views, or why there is no adapter.
public struct AdapterSummary: Sendable, Equatable, Codable {
    /// Training animals with photographs of both views.
    public var animals: Int
    public var photographs: Int
    /// The mean loss in the last tenth of the steps; nil if nothing was trained.
    public var loss: Double?
    /// Why nothing was trained.
    public var absence: String?

    /// Creates a summary.
    public init(animals: Int, photographs: Int) {
        self.animals = animals
        self.photographs = photographs
    }
}

/// `background.json`: what was painted and mirrored.
public struct BackgroundSummary: Sendable, Equatable, Codable {
    /// Photographs of queries and databases with an outline.
    public var outlined: Int
    /// Those with only a box.
    public var boxed: Int
    /// Queries with a match among these photographs.
    public var queries: Int
    /// Photographs compared with their mirror images.
    public var mirrored: Int
    /// Whether each embedding is averaged with that of the mirror image, so that nothing is compared.
    public var averagesMirror: Bool

    /// Creates a summary.
    public init(outlined: Int, boxed: Int, queries: Int, mirrored: Int, averagesMirror: Bool) {
        self.outlined = outlined
        self.boxed = boxed
        self.queries = queries
        self.mirrored = mirrored
        self.averagesMirror = averagesMirror
    }

    private enum CodingKeys: String, CodingKey {
        case outlined, boxed, queries, mirrored
        case averagesMirror = "averages_mirror"
    }
}

/// `keypoints.json`: the number of marks.
public struct KeypointSummary: Sendable, Equatable, Codable {
    /// Photographs with marks, or without any that are distinct enough.
    public var photographs: Int
    /// The marks of all photographs.
    public var keypoints: Int

    /// Creates a summary.
    public init(photographs: Int, keypoints: Int) {
        self.photographs = photographs
        self.keypoints = keypoints
    }
}

/// `match.json`: what was matched.
public struct MatchSummary: Sendable, Equatable, Codable {
    /// Pairs of a query and a database photograph, of all scenarios.
    public var pairs: Int
    /// Validation photographs that calibrate the scores.
    public var calibrating: Int

    /// Creates a summary.
    public init(pairs: Int, calibrating: Int) {
        self.pairs = pairs
        self.calibrating = calibrating
    }
}

/// `suspects.json`: how well the similarity ranks, and why there are no suspects if it ranks too poorly.
public struct SuspectSummary: Sendable, Equatable, Codable {
    public var asked: Int
    public var includesTrained: Bool
    public var top1: Double
    public var chance: Double
    public var needed: Double
    @OrNull public var reason: String?
    /// The queries of each view; nil in results of older versions.
    public var views: [String: RankingQuality.View]?
    /// How many errors the marks would find; nil if marks were not matched or cannot tell, and in results of older
    /// versions.
    public var marks: AgreeingMarks.Check?

    /// Summarises the quality of the ranking, and that of matched marks.
    public init(_ quality: RankingQuality, marks: AgreeingMarks.Check? = nil) {
        asked = quality.asked
        includesTrained = quality.includesTrained
        top1 = quality.top1
        chance = quality.chance
        needed = quality.needed
        reason = quality.reason
        views = quality.views
        self.marks = marks
    }

    private enum CodingKeys: String, CodingKey {
        case asked, top1, chance, needed, reason, views, marks
        case includesTrained = "includes_trained"
    }
}
