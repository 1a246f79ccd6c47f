import Basics
import Foundation

/// Reads the metadata of one layout.
protocol LayoutReader {
    /// What a folder of this layout has, in words.
    static var sought: String { get }
    /// The metadata files of this layout, relative to the folder; none where it is another's.
    ///
    /// - Throws: ``FileError`` where it cannot be told.
    static func metadata(in listing: FolderListing) throws -> [String]
    /// Reads the photographs, and everything that is wrong with them, in the order of the metadata.
    ///
    /// - Throws: ``FileError`` for a file that cannot be taken apart at all.
    static func read(_ folder: CatalogFolder, into records: inout PhotographRecords) throws
}

/// The rows of a table whose columns may be missing or empty.
struct TableRow {
    let table: CSVTable
    let cells: [String]
    let line: Int

    /// The cell of a column, or nil where the column is missing or the cell empty.
    func text(_ column: Int?) -> String? {
        guard let column, !cells[column].isEmpty else { return nil }
        return cells[column]
    }
}

extension CSVTable {
    /// Every row with its line.
    func forEachRow(_ body: (TableRow) -> Void) {
        for (row, cells) in rows.enumerated() { body(TableRow(table: self, cells: cells, line: line(ofRow: row))) }
    }
}
