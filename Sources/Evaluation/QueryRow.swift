import Basics
import Foundation

/// One query with how it went: a row of `queries.csv`.
public struct QueryRow: Sendable, Equatable {
    public let scenario: String
    public let id: String
    public let imageID: String
    public let whaleID: String
    public let viewpoint: String
    /// Photographs of the animal in the database.
    public let relevant: Int
    public let averagePrecision: Double
    /// Before query extension.
    public let averagePrecisionBefore: Double?
    /// From 1; nil where none of the returned photographs is right.
    public let firstHitRank: Int?
    /// Empty where nobody has diagnosed it.
    public let cause: String

    /// Describes a query by its ranking before and after query extension.
    public init(_ result: QueryResult, before: QueryResult?, viewpoint: String, cause: String = "") {
        scenario = result.scenario
        id = result.queryID
        imageID = result.imageID
        whaleID = result.whaleID
        self.viewpoint = viewpoint
        relevant = result.relevant
        averagePrecision = result.averagePrecision()
        averagePrecisionBefore = before?.averagePrecision()
        firstHitRank = result.firstHitRank
        self.cause = cause
    }

    private init(cells: [String], column: [Int], relevant: Int, averagePrecision: Double) {
        scenario = cells[column[0]]
        id = cells[column[1]]
        imageID = cells[column[2]]
        whaleID = cells[column[3]]
        viewpoint = cells[column[4]]
        self.relevant = relevant
        self.averagePrecision = averagePrecision
        averagePrecisionBefore = Double(cells[column[7]], within: 0...1)
        firstHitRank = Int(cells[column[8]]).flatMap { $0 >= 1 ? $0 : nil }
        cause = cells[column[9]]
    }

    /// The header of `queries.csv`.
    public static let columns = [
        "scenario", "query_id", "query_image_id", "whale_id", "viewpoint", "relevant", "average_precision",
        "average_precision_before", "first_hit_rank", "cause",
    ]

    /// Reads `queries.csv`.
    ///
    /// - Throws: ``FileError``.
    public static func read(_ url: URL) throws -> [QueryRow] {
        let table = try CSVTable.read(url)
        let column = try columns.map(table.column)
        return try table.rows.enumerated().map { row, cells in
            guard let relevant = Int(cells[column[5]]), (0...Int(Int32.max)).contains(relevant),
                let precision = Double(cells[column[6]], within: 0...1)
            else {
                throw FileError.malformed(
                    path: table.path, line: table.line(ofRow: row),
                    problem:
                        "relevant of \(quoted: cells[column[1]]) is no count, or average_precision not from 0 to 1",
                    remedy: "Run 'whalebook run evaluate' again.")
            }
            return QueryRow(cells: cells, column: column, relevant: relevant, averagePrecision: precision)
        }
    }

    /// Writes `queries.csv`.
    public static func write(_ rows: [QueryRow], to url: URL) throws {
        let cells = rows.map { row in
            [
                row.scenario, row.id, row.imageID, row.whaleID, row.viewpoint, String(row.relevant),
                "\(row.averagePrecision)", row.averagePrecisionBefore.map { "\($0)" } ?? "",
                row.firstHitRank.map(String.init) ?? "", row.cause,
            ]
        }
        try AtomicFile.write(CSVTable.text(header: columns, rows: cells), to: url)
    }
}
