/// How near a photograph comes to its own animal and to the nearest other one, by plain similarity: a row of
/// `novelty.csv`.
///
/// It stands for two questions: that of a known animal, answered by the nearer of both, and that of a new one, for which
/// its own animal is taken out of the database.
public struct NoveltySample: Sendable, Equatable {
    /// What the sample may serve for.
    public enum Part: String, Sendable, CaseIterable {
        /// Fitting the probability.
        case validation
        /// Reporting.
        case test
    }

    /// A photograph of the database and its similarity.
    public struct Match: Sendable, Equatable {
        public let imageID: String
        public let whaleID: String
        /// The cosine.
        public let score: Double

        /// Creates a match.
        public init(imageID: String, whaleID: String, score: Double) {
            self.imageID = imageID
            self.whaleID = whaleID
            self.score = score
        }
    }

    public let part: Part
    /// The scenario's query, or the photograph's own name in validation.
    public let queryID: String
    public let imageID: String
    public let whaleID: String
    /// Nil where the database has no other photograph of the animal.
    public let own: Match?
    /// Nil where the database has no other animal.
    public let other: Match?

    /// Creates a sample.
    public init(part: Part, queryID: String, imageID: String, whaleID: String, own: Match?, other: Match?) {
        self.part = part
        self.queryID = queryID
        self.imageID = imageID
        self.whaleID = whaleID
        self.own = own
        self.other = other
    }
}
