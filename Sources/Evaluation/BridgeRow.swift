import Basics
import Foundation

/// One query asked across views, plainly and by the bridge: a row of `bridge.csv`.
public struct BridgeRow: Sendable, Equatable {
    /// The views of the query and of the database photographs that it is asked of.
    public enum Direction: String, Sendable, CaseIterable {
        case topLateral = "top-lateral"
        case lateralTop = "lateral-top"
    }

    public let direction: Direction
    public let scenario: String
    public let queryID: String
    public let imageID: String
    public let whaleID: String
    /// The ranks of all right answers among the database photographs of the other view, from 1, by the plain cosine.
    public let plain: [Int]
    /// The same by the bridge.
    public let bridged: [Int]

    /// Creates a row.
    ///
    /// - Parameters:
    ///   - plain: At least one rank.
    ///   - bridged: As many.
    public init(
        direction: Direction, scenario: String, queryID: String, imageID: String, whaleID: String, plain: [Int],
        bridged: [Int]
    ) {
        self.direction = direction
        self.scenario = scenario
        self.queryID = queryID
        self.imageID = imageID
        self.whaleID = whaleID
        self.plain = plain.sorted()
        self.bridged = bridged.sorted()
    }

    /// The average precision of the first 20 answers by the plain cosine.
    public var plainPrecision: Double { precision(plain) }
    /// The same by the bridge.
    public var bridgedPrecision: Double { precision(bridged) }

    private func precision(_ ranks: [Int]) -> Double {
        QueryResult(
            scenario: scenario, queryID: queryID, imageID: imageID, whaleID: whaleID, relevant: ranks.count, answers: []
        ).asked(ofPartWith: ranks).averagePrecision()
    }

    private static let columns = [
        "direction", "scenario", "query_id", "query_image_id", "whale_id", "plain_ranks", "bridged_ranks",
    ]

    /// Reads `bridge.csv`.
    ///
    /// - Throws: ``FileError``, also for ranks that are none.
    public static func read(_ url: URL) throws -> [BridgeRow] {
        let table = try CSVTable.read(url)
        let column = try columns.map(table.column)
        return try table.rows.enumerated().map { position, cells in
            let cell = column.map { cells[$0] }
            let ranks = cell[5...6].map { $0.split(separator: " ").map { Int($0) ?? 0 } }
            guard let direction = Direction(rawValue: cell[0]), !ranks[0].isEmpty, ranks[0].count == ranks[1].count,
                ranks.joined().allSatisfy({ $0 > 0 })
            else {
                throw FileError.malformed(
                    path: table.path, line: table.line(ofRow: position),
                    problem: "these are no ranks across views", remedy: "Run 'whalebook run search' again.")
            }
            return BridgeRow(
                direction: direction, scenario: cell[1], queryID: cell[2], imageID: cell[3], whaleID: cell[4],
                plain: ranks[0], bridged: ranks[1])
        }
    }

    /// Writes `bridge.csv`.
    public static func write(_ rows: [BridgeRow], to url: URL) throws {
        func text(_ ranks: [Int]) -> String { ranks.map(String.init).joined(separator: " ") }
        let cells = rows.map {
            [$0.direction.rawValue, $0.scenario, $0.queryID, $0.imageID, $0.whaleID, text($0.plain), text($0.bridged)]
        }
        try AtomicFile.write(CSVTable.text(header: columns, rows: cells), to: url)
    }
}
