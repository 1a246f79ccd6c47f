import Basics
import Foundation

/// A query and an answer whose likeness is to be explained: a row of `pairs.csv`.
public struct ExplainedPair: Sendable, Equatable {
    /// What the answer is to the query.
    public enum Kind: String, Sendable, CaseIterable {
        /// The first photograph of another animal.
        case wrong
        /// The first photograph of the query's own animal.
        case right
    }

    public let scenario: String
    public let queryID: String
    public let queryImageID: String
    public let kind: Kind
    /// From 1, in the ranking of the whole database.
    public let rank: Int
    public let imageID: String

    /// Creates a pair.
    public init(scenario: String, queryID: String, queryImageID: String, kind: Kind, rank: Int, imageID: String) {
        self.scenario = scenario
        self.queryID = queryID
        self.queryImageID = queryImageID
        self.kind = kind
        self.rank = rank
        self.imageID = imageID
    }

    /// The first wrong and the first right answer of each query, where it has one.
    ///
    /// - Parameter ranks: Those of right answers in the whole database: the first may lie behind all that was returned.
    public static func pairs(of queries: [QueryRow], ranking: Rankings, ranks: RightRanks) -> [ExplainedPair] {
        let answers = Dictionary(ranking.queries.map { ($0.id, $0.answers) }) { first, _ in first }
        let right = ranks.byQuery
        return queries.flatMap { query -> [ExplainedPair] in
            func pair(_ kind: Kind, _ rank: Int, _ imageID: String) -> ExplainedPair {
                ExplainedPair(
                    scenario: query.scenario, queryID: query.id, queryImageID: query.imageID, kind: kind, rank: rank,
                    imageID: imageID)
            }
            let returned = answers[query.id] ?? []
            let wrong = returned.firstIndex { $0.isRelevant != true }
            return [
                wrong.map { pair(.wrong, $0 + 1, returned[$0].imageID) },
                right[query.id]?.first.map { pair(.right, $0.rank, $0.imageID) },
            ].compactMap(\.self)
        }
    }

    private static let columns = [
        "scenario", "query_id", "query_image_id", "answer", "rank", "database_image_id",
    ]

    /// Reads `pairs.csv`.
    ///
    /// - Throws: ``FileError``.
    public static func read(_ url: URL) throws -> [ExplainedPair] {
        let table = try CSVTable.read(url)
        let column = try columns.map(table.column)
        return try table.rows.enumerated().map { row, cells in
            guard let kind = Kind(rawValue: cells[column[3]]), let rank = Int(cells[column[4]]) else {
                throw FileError.malformed(
                    path: table.path, line: table.line(ofRow: row),
                    problem: "\(quoted: cells[column[3]]) is neither wrong nor right, or the rank is no number",
                    remedy: "Run 'whalebook run -f explain'.")
            }
            return ExplainedPair(
                scenario: cells[column[0]], queryID: cells[column[1]], queryImageID: cells[column[2]], kind: kind,
                rank: rank, imageID: cells[column[5]])
        }
    }

    /// Writes `pairs.csv`.
    public static func write(_ pairs: [ExplainedPair], to url: URL) throws {
        let cells = pairs.map { pair in
            [
                pair.scenario, pair.queryID, pair.queryImageID, pair.kind.rawValue, String(pair.rank), pair.imageID,
            ]
        }
        try AtomicFile.write(CSVTable.text(header: columns, rows: cells), to: url)
    }
}
