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
