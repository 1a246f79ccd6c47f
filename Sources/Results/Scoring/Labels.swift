import Basics
import Foundation

/// The right matches of each query: `query_id, database_image_id`.
public struct Labels: Sendable, Equatable {
    /// A right match.
    public struct Row: Sendable, Equatable {
        public let queryID: String
        public let imageID: String

        /// Creates a match.
        public init(queryID: String, imageID: String) {
            self.queryID = queryID
            self.imageID = imageID
        }
    }

    /// The rows in the order of the file.
    public let rows: [Row]
    /// The right matches by query.
    public let answers: [String: Set<String>]
    let path: String

    /// Creates labels.
    public init(rows: [Row]) {
        self.init(rows: rows, path: "labels.csv")
    }

    private init(rows: [Row], path: String) {
        self.rows = rows
        answers = Dictionary(grouping: rows, by: \.queryID).mapValues { Set($0.map(\.imageID)) }
        self.path = path
    }

    static let columns = ["query_id", "database_image_id"]

    /// Reads a file.
    ///
    /// - Throws: ``FileError``, ``ScoringError`` for other columns, a repeated pair and a file without rows.
    public static func read(_ url: URL) throws -> Labels {
        let table = try CSVTable.read(url)
        guard table.header == columns else {
            throw ScoringError.otherColumns(path: table.path, found: table.header, expected: columns)
        }
        guard !table.rows.isEmpty else { throw ScoringError.noLabels(path: table.path) }
        var seen: [String: Set<String>] = [:]
        for (position, cells) in table.rows.enumerated() {
            guard seen[cells[0], default: []].insert(cells[1]).inserted else {
                throw ScoringError.repeated(
                    path: table.path, line: table.line(ofRow: position), query: cells[0], image: cells[1])
            }
        }
        return Labels(rows: table.rows.map { Row(queryID: $0[0], imageID: $0[1]) }, path: table.path)
    }

    /// Writes `labels.csv`.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public func write(to url: URL) throws {
        try AtomicFile.write(
            CSVTable.text(header: Self.columns, rows: rows.lazy.map { [$0.queryID, $0.imageID] }), to: url)
    }
}
