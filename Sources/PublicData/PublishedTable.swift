import Basics
import Foundation

/// A table of a publisher, of which some columns are used, in any order and among others.
///
/// A row that repeats an earlier one in the columns used is skipped.
struct PublishedTable {
    /// The cells of the columns used, in their order.
    typealias Row = [String]

    let path: String
    let rows: [Row]
    private let lines: [Int]

    /// Reads columns; those of `optional` that are missing have empty cells.
    ///
    /// - Throws: `FileError`, also for a missing column.
    init(_ url: URL, columns: [String], optional: [String] = []) throws {
        let table = try CSVTable.readSheet(url)
        let places = try columns.map(table.column) + optional.map { table.header.firstIndex(of: $0) }
        var seen: Set<Row> = []
        var rows: [Row] = []
        var lines: [Int] = []
        for (position, cells) in table.rows.enumerated() {
            let row = places.map { place in place.map { cells[$0] } ?? "" }
            guard seen.insert(row).inserted else { continue }
            rows.append(row)
            lines.append(table.line(ofRow: position))
        }
        path = table.path
        (self.rows, self.lines) = (rows, lines)
    }

    /// The rows by their first cell.
    ///
    /// - Throws: `FileError` with the line of a row that contradicts an earlier one.
    func byFirstCell() throws -> [String: Row] {
        var result: [String: (row: Row, line: Int)] = [:]
        for (row, line) in zip(rows, lines) {
            if let first = result[row[0]] {
                throw problem(line, "\(quoted: row[0]) has other values than on line \(first.line)")
            }
            result[row[0]] = (row, line)
        }
        return result.mapValues(\.row)
    }

    /// A problem of the row at a position.
    func problem(atRow position: Int, _ problem: String) -> FileError { self.problem(lines[position], problem) }

    private func problem(_ line: Int, _ problem: String) -> FileError {
        .malformed(
            path: path, line: line, problem: problem,
            remedy: "The archive is not as published; use another copy of it.")
    }
}
