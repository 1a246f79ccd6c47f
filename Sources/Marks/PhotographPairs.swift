import Catalog

/// Queries, and the database photographs that each is compared with.
public struct PhotographPairs: Codable, Sendable, Equatable {
    public let queries: [String]
    public let database: [String]
    /// The position of each query's own photograph in the database, or nil if it is not there.
    public let own: [Int?]
    /// For each query the positions of the database photographs to match, ascending; nil for all.
    public let shortlist: [[Int]]?

    /// Joins the image_ids of queries and of a database.
    public init(queries: [String], database: [String], shortlist: [[Int]]? = nil) {
        self.queries = queries
        self.database = database
        self.shortlist = shortlist
        let places = Dictionary(database.enumerated().map { ($1, $0) }) { first, _ in first }
        own = queries.map { places[$0] }
    }

    /// The pairs of a scenario.
    public init(_ scenario: Scenario, shortlist: [[Int]]? = nil) {
        self.init(queries: scenario.queries.map(\.imageID), database: scenario.database, shortlist: shortlist)
    }
}
