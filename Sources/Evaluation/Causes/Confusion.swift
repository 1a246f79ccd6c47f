/// Two animals that are taken for each other, both ways: an element of `causes.look_alikes` in `evaluation.json`.
public struct LookAlike: Sendable, Equatable, Codable {
    /// Misses of one animal whose first answer is the other.
    public struct Direction: Sendable, Equatable, Codable {
        public let count: Int
        /// The photographs of one such miss.
        public let queryImageID: String
        public let answerImageID: String

        private enum CodingKeys: String, CodingKey {
            case count
            case queryImageID = "query_image_id"
            case answerImageID = "database_image_id"
        }
    }

    public let whaleID: String
    public let otherWhaleID: String
    /// Queries of the first that are answered by the other.
    public let there: Direction
    /// Queries of the other that are answered by the first.
    public let back: Direction

    private enum CodingKeys: String, CodingKey {
        case there, back
        case whaleID = "whale_id"
        case otherWhaleID = "other_whale_id"
    }
}

/// A photograph that comes up in unusually many lists where it is wrong: an element of `causes.hubs` in
/// `evaluation.json`.
public struct HubPhotograph: Sendable, Equatable, Codable {
    public let imageID: String
    public let scenario: String
    /// Queries of the scenario that have it, wrong, among their first answers.
    public let wrong: Int
    public let queries: Int
    /// What the mean photograph of the database has in place of ``wrong``.
    public let mean: Double

    /// How many answers of a list count.
    public static let depth = Hubs.depth

    private enum CodingKeys: String, CodingKey {
        case scenario, wrong, queries, mean
        case imageID = "image_id"
    }
}
