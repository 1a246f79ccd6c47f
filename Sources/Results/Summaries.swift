import Basics
import Evaluation

/// `sweep.json`: the best choice of query extension beside none at all.
public struct SweepSummary: Sendable, Equatable, Codable {
    /// Queries with a right answer, which each mean is over.
    public var queries: Int
    public var choices: Int
    @OrNull public var baseline: ExpansionSweep.Row?
    @OrNull public var best: ExpansionSweep.Row?

    /// Sums up a sweep.
    public init(_ sweep: ExpansionSweep) {
        queries = sweep.queries
        choices = max(0, sweep.rows.count - 1)
        baseline = sweep.baseline
        best = sweep.best
    }
}

/// `explain.json`: what heat maps there are.
public struct ExplainSummary: Sendable, Equatable, Codable {
    public var queries: Int
    public var pairs: Int
    /// Which of the network's maps the heat lies on, as `explain.map` names it.
    public var map: String
    /// How photographs fill the network's square.
    public var fit: Fit
    /// Places of a heat map; nil where there is none.
    @OrNull public var height: Int?
    @OrNull public var width: Int?

    /// Collects the parts.
    public init(queries: Int, pairs: Int, map: String, fit: Fit, height: Int?, width: Int?) {
        self.queries = queries
        self.pairs = pairs
        self.map = map
        self.fit = fit
        self.height = height
        self.width = width
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
    /// The share of the variance along each principal component; nil where there are no maps.
    public var variance: [Double]?
    /// What t-SNE was run with: the configured one, or less where there are few photographs.
    public var perplexity: Double?
    /// The Kullback-Leibler divergence that t-SNE ended with.
    public var divergence: Double?

    /// Collects the parts.
    public init(photographs: Int, of all: Int, steps: Int) {
        self.photographs = photographs
        of = all
        self.steps = steps
    }
}

/// `bridge.json`: what the adapter between views learned from, or why there is none.
public struct AdapterSummary: Sendable, Equatable, Codable {
    /// Animals of the training that have photographs of both views.
    public var animals: Int
    public var photographs: Int
    /// The mean loss in the last tenth of the steps; nil where nothing was trained.
    public var loss: Double?
    /// Why nothing was trained.
    public var absence: String?

    /// Collects the parts.
    public init(animals: Int, photographs: Int) {
        self.animals = animals
        self.photographs = photographs
    }
}

/// `suspects.json`: how well the similarity ranks, and why no name is suspect where it ranks too poorly.
public struct SuspectSummary: Sendable, Equatable, Codable {
    public var asked: Int
    public var includesTrained: Bool
    public var top1: Double
    public var chance: Double
    public var needed: Double
    @OrNull public var reason: String?

    /// Sums up what names were doubted by.
    public init(_ quality: RankingQuality) {
        asked = quality.asked
        includesTrained = quality.includesTrained
        top1 = quality.top1
        chance = quality.chance
        needed = quality.needed
        reason = quality.reason
    }

    private enum CodingKeys: String, CodingKey {
        case asked, top1, chance, needed, reason
        case includesTrained = "includes_trained"
    }
}
