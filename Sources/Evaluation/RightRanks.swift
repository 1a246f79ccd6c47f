import Basics
import Foundation

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

    private static let columns = ["scenario", "query_id", "database_image_id", "rank", "rank_in_view"]

    /// Reads `ranks.csv`.
    ///
    /// - Throws: ``FileError``, also for a rank that is none.
    public static func read(_ url: URL) throws -> RightRanks {
        let table = try CSVTable.read(url)
        let column = try columns.map(table.column)
        return RightRanks(
            rows: try table.rows.enumerated().map { row, cells in
                guard let rank = Int(cells[column[3]]), let rankInView = Int(cells[column[4]]), rankInView >= 1,
                    rank >= rankInView, rank <= Int32.max
                else {
                    throw FileError.malformed(
                        path: table.path, line: table.line(ofRow: row), problem: "these are no ranks",
                        remedy: "Run 'whalebook run search' again.")
                }
                return Row(
                    scenario: cells[column[0]], queryID: cells[column[1]], imageID: cells[column[2]], rank: rank,
                    rankInView: rankInView)
            })
    }

    /// Writes `ranks.csv`.
    public func write(to url: URL) throws {
        let cells = rows.lazy.map { [$0.scenario, $0.queryID, $0.imageID, String($0.rank), String($0.rankInView)] }
        try AtomicFile.write(CSVTable.text(header: Self.columns, rows: cells), to: url)
    }
}
