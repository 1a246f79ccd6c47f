/// Two animals that are mistaken for each other: an element of `causes.look_alikes` in `evaluation.json`.
public struct ConfusedPair: Sendable, Equatable, Codable {
    /// Misses of one animal whose first match is the other.
    public struct Direction: Sendable, Equatable, Codable {
        public let count: Int
        /// Those in which query and match show the same view; nil in results of older versions.
        public let sameView: Int?
        /// The photographs of one such miss.
        public let queryImageID: String
        public let answerImageID: String

        private enum CodingKeys: String, CodingKey {
            case count
            case sameView = "same_view"
            case queryImageID = "query_image_id"
            case answerImageID = "database_image_id"
        }
    }

    public let whaleID: String
    public let otherWhaleID: String
    /// Queries of the first animal whose first match is the other.
    public let there: Direction
    /// Queries of the other animal whose first match is the first.
    public let back: Direction

    /// Mistakes in which both photographs show the same view.
    public var sameView: Int { (there.sameView ?? 0) + (back.sameView ?? 0) }
    /// Whether the two look alike: they were mistaken for each other in photographs of one view. Across views, the
    /// photographs themselves differ.
    public var isLookAlike: Bool { sameView > 0 }

    private enum CodingKeys: String, CodingKey {
        case there, back
        case whaleID = "whale_id"
        case otherWhaleID = "other_whale_id"
    }
}

/// A photograph that is a wrong match for unusually many queries: an element of `causes.hubs` in `evaluation.json`.
public struct HubPhotograph: Sendable, Equatable, Codable {
    public let imageID: String
    public let scenario: String
    /// Queries of the scenario that have it, wrongly, among their first matches.
    public let wrong: Int
    public let queries: Int
    /// The mean of ``wrong`` over all database photographs.
    public let mean: Double

    /// The number of ranks that count.
    public static let depth = Hubs.depth

    private enum CodingKeys: String, CodingKey {
        case scenario, wrong, queries, mean
        case imageID = "image_id"
    }
}
