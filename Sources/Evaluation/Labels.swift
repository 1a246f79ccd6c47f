import Basics
import Foundation

/// The right answers to each query: `query_id, database_image_id`.
public struct Labels: Sendable, Equatable {
    /// The right answers by query.
    public let answers: [String: Set<String>]
    let path: String

    static let columns = ["query_id", "database_image_id"]

    /// Reads a file.
    ///
    /// - Throws: ``FileError``, ``ScoringError`` for other columns, a pair that stands twice and a file without rows.
    public static func read(_ url: URL) throws -> Labels {
        let table = try CSVTable.read(url)
        guard table.header == columns else {
            throw ScoringError.otherColumns(path: table.path, found: table.header, expected: columns)
        }
        guard !table.rows.isEmpty else { throw ScoringError.noLabels(path: table.path) }
        var answers: [String: Set<String>] = [:]
        for (position, cells) in table.rows.enumerated() {
            guard answers[cells[0], default: []].insert(cells[1]).inserted else {
                throw ScoringError.repeated(
                    path: table.path, line: table.line(ofRow: position), query: cells[0], image: cells[1])
            }
        }
        return Labels(answers: answers, path: table.path)
    }
}
