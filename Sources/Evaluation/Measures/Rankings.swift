/// The ranked matches of the queries of some scenarios: `neighbors.csv`.
public struct Rankings: Sendable, Equatable {
    /// One returned photograph.
    public struct Answer: Sendable, Equatable {
        public let imageID: String
        /// The cosine, with or without query extension.
        public let score: Float
        /// Whether it shows the query's animal; nil if not known.
        public let isRelevant: Bool?

        /// Creates an answer.
        public init(imageID: String, score: Float, isRelevant: Bool?) {
            self.imageID = imageID
            self.score = score
            self.isRelevant = isRelevant
        }
    }

    /// One query with its matches, most similar first.
    public struct Query: Sendable, Equatable {
        public let scenario: String
        public let id: String
        public let imageID: String
        public let answers: [Answer]

        /// Creates a query.
        public init(scenario: String, id: String, imageID: String, answers: [Answer]) {
            self.scenario = scenario
            self.id = id
            self.imageID = imageID
            self.answers = answers
        }
    }

    /// In the order of scenarios and queries; the file does not keep a query without matches.
    public let queries: [Query]

    /// Collects queries.
    public init(queries: [Query]) { self.queries = queries }
}

/// The rankings of a single model of an ensemble.
public struct ModelRankings: Sendable, Equatable {
    public let member: String
    /// The fold it was trained on.
    public let fold: Int
    /// Its share in the ensemble's similarity.
    public let weight: Double
    public let rankings: Rankings

    /// Creates the rankings of a model.
    public init(member: String, fold: Int, weight: Double, rankings: Rankings) {
        self.member = member
        self.fold = fold
        self.weight = weight
        self.rankings = rankings
    }
}

/// The ranks of each query's right photographs in the whole database: `ranks.csv`.
public struct RightRanks: Sendable, Equatable {
    /// One right photograph.
    public struct Row: Sendable, Equatable {
        public let scenario: String
        public let queryID: String
        public let imageID: String
        /// From 1, among all database photographs except the query's own.
        public let rank: Int
        /// From 1, among those with the same view as this photograph.
        public let rankInView: Int

        /// Creates a row.
        public init(scenario: String, queryID: String, imageID: String, rank: Int, rankInView: Int) {
            self.scenario = scenario
            self.queryID = queryID
            self.imageID = imageID
            self.rank = rank
            self.rankInView = rankInView
        }
    }

    /// By query, then by rank.
    public let rows: [Row]

    /// Collects rows.
    public init(rows: [Row]) { self.rows = rows }

    /// The rows of each query.
    public var byQuery: [String: [Row]] { Dictionary(grouping: rows, by: \.queryID) }
}
