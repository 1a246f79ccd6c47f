/// The ranked answers to the queries of a set of scenarios: `neighbors.csv`.
public struct Rankings: Sendable, Equatable {
    /// One photograph that was returned.
    public struct Answer: Sendable, Equatable {
        public let imageID: String
        /// The cosine, expanded or not.
        public let score: Float
        /// Whether it shows the query's animal, or nil where that is not known.
        public let isRelevant: Bool?

        /// Creates an answer.
        public init(imageID: String, score: Float, isRelevant: Bool?) {
            self.imageID = imageID
            self.score = score
            self.isRelevant = isRelevant
        }
    }

    /// One query with its answers, the most similar first.
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

    /// In the order of scenarios and queries; a query without any answer does not survive the file.
    public let queries: [Query]

    /// Collects queries.
    public init(queries: [Query]) { self.queries = queries }
}

/// The rankings by one model of an ensemble alone.
public struct ModelRankings: Sendable, Equatable {
    public let member: String
    /// The fold that it was trained on.
    public let fold: Int
    /// Its share in the ensemble's similarity.
    public let weight: Double
    public let rankings: Rankings

    /// Names rankings.
    public init(member: String, fold: Int, weight: Double, rankings: Rankings) {
        self.member = member
        self.fold = fold
        self.weight = weight
        self.rankings = rankings
    }
}

/// Where the right answers to each query stand in the ranking of the whole database: `ranks.csv`.
public struct RightRanks: Sendable, Equatable {
    /// One right answer.
    public struct Row: Sendable, Equatable {
        public let scenario: String
        public let queryID: String
        public let imageID: String
        /// From 1, among all photographs of the database but the query's own.
        public let rank: Int
        /// From 1, among those of the same view as this answer.
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

    /// By query; of one query the first in the ranking first.
    public let rows: [Row]

    /// Collects rows.
    public init(rows: [Row]) { self.rows = rows }

    /// The rows of each query.
    public var byQuery: [String: [Row]] { Dictionary(grouping: rows, by: \.queryID) }
}
