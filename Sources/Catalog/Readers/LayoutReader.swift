import Basics
import Foundation

/// Reads the metadata of one layout.
protocol LayoutReader {
    /// What a folder of this layout contains, for messages.
    static var sought: String { get }
    /// The metadata files of this layout, relative to the folder; none if the folder has another layout.
    ///
    /// - Throws: ``FileError`` if too many files are open.
    static func metadata(in listing: FolderListing) throws -> [String]
    /// Reads the photographs and collects their problems, in the order of the metadata.
    ///
    /// - Throws: ``FileError`` for a file that cannot be parsed at all.
    static func read(_ folder: CatalogFolder, into records: inout PhotographRecords) throws
}

/// A row of a table in which columns may be missing or empty.
struct TableRow {
    let table: CSVTable
    let cells: [String]
    let line: Int

    /// The cell of a column, or nil if the column is missing or the cell is empty.
    func text(_ column: Int?) -> String? {
        guard let column, !cells[column].isEmpty else { return nil }
        return cells[column]
    }
}

extension CSVTable {
    /// Calls `body` with every row and its line.
    func forEachRow(_ body: (TableRow) -> Void) {
        for (row, cells) in rows.enumerated() { body(TableRow(table: self, cells: cells, line: line(ofRow: row))) }
    }
}
