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
