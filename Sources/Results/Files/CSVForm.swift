import Basics
import Foundation

/// The form of one type's values in the rows of a CSV file.
public struct CSVForm<Row>: Sendable {
    let columns: [String]
    /// The columns that files of older versions lack: their cells are empty.
    private let added: Set<String>
    /// The columns that a file lacks if all their cells are empty.
    private let optional: Set<String>
    private let decode: @Sendable (inout CSVCells) throws -> Row
    private let encode: @Sendable (Row) -> [String]

    /// Declares a form.
    ///
    /// - Parameters:
    ///   - columns: The header; a file may have more, in any order.
    ///   - added: The columns that files of older versions lack.
    ///   - optional: The columns that a file lacks if all their cells are empty.
    ///   - decode: Reads the cells in the order of `columns`.
    ///   - encode: Returns the cells in the order of `columns`.
    init(
        _ columns: [String], added: Set<String> = [], optional: Set<String> = [],
        decode: @Sendable @escaping (inout CSVCells) throws -> Row, encode: @Sendable @escaping (Row) -> [String]
    ) {
        self.columns = columns
        self.added = added.union(optional)
        self.optional = optional
        self.decode = decode
        self.encode = encode
    }

    /// Reads a row from cells, for a form that contains this one.
    func row(_ cells: inout CSVCells) throws -> Row { try decode(&cells) }

    /// The cells of a row, for a form that contains this one.
    func cells(of row: Row) -> [String] { encode(row) }

    /// Reads a file.
    ///
    /// - Throws: ``FileError``, with the line and the column of an invalid cell.
    func read(_ url: URL, madeBy stage: StageName) throws -> [Row] {
        try read(CSVTable.read(url), remedy: stage.remedy).map(\.row)
    }

    /// Reads the rows of a table, each with its line; `remedy` is for an invalid cell.
    func read(_ table: CSVTable, remedy: String) throws -> [(line: Int, row: Row)] {
        let positions = try columns.map { name -> Int? in
            added.contains(name) && !table.header.contains(name) ? nil : try table.column(name)
        }
        return try table.rows.enumerated().map { number, row in
            let line = table.line(ofRow: number)
            var cells = CSVCells(
                cells: positions.map { $0.map { row[$0] } ?? "" }, columns: columns, path: table.path, line: line,
                remedy: remedy)
            return (line, try decode(&cells))
        }
    }

    /// Writes a file.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    func write(_ rows: some Sequence<Row>, to url: URL) throws {
        guard !optional.isEmpty else {
            return try AtomicFile.write(CSVTable.text(header: columns, rows: rows.lazy.map(encode)), to: url)
        }
        let rows = rows.map(encode)
        let kept = columns.indices.filter { column in
            !optional.contains(columns[column]) || rows.contains { !$0[column].isEmpty }
        }
        try AtomicFile.write(
            CSVTable.text(header: kept.map { columns[$0] }, rows: rows.lazy.map { row in kept.map { row[$0] } }),
            to: url)
    }
}

/// The cells of a row, read one after the other.
struct CSVCells {
    fileprivate let cells: [String]
    fileprivate let columns: [String]
    fileprivate let path: String
    fileprivate let line: Int
    fileprivate let remedy: String
    private var position = 0

    fileprivate init(cells: [String], columns: [String], path: String, line: Int, remedy: String) {
        self.cells = cells
        self.columns = columns
        self.path = path
        self.line = line
        self.remedy = remedy
    }

    /// The next cell, unchanged.
    mutating func text() -> String {
        defer { position += 1 }
        return cells[position]
    }

    /// The next cell as a whole number within a range.
    mutating func integer(_ range: ClosedRange<Int> = 0...Int(Int32.max)) throws -> Int {
        try value("a whole number from \(range.lowerBound) to \(range.upperBound)") {
            Int($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// The next cell as a whole number within a range; nil if it is empty.
    mutating func optionalInteger(_ range: ClosedRange<Int> = 0...Int(Int32.max)) throws -> Int? {
        if cells[position].isEmpty { return skipped() }
        return try integer(range)
    }

    /// The next cell as a number within a range.
    mutating func number(_ range: ClosedRange<Double> = -1e100...1e100) throws -> Double {
        try value("a number from \(range.lowerBound) to \(range.upperBound)") { Double($0, within: range) }
    }

    /// The next cell as a number within a range; nil if it is empty.
    mutating func optionalNumber(_ range: ClosedRange<Double> = -1e100...1e100) throws -> Double? {
        if cells[position].isEmpty { return skipped() }
        return try number(range)
    }

    /// The next cell as one of several names.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        of type: Choice.Type = Choice.self
    ) throws -> Choice where Choice.RawValue == String {
        try value("one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))", Choice.init)
    }

    /// The next cell as any value; an error says that the cell is not `expected`.
    mutating func value<Value>(_ expected: String, _ read: (String) -> Value?) throws -> Value {
        let cell = text()
        guard let value = read(cell) else {
            throw malformed("\(quoted: cell) in column \(columns[position - 1]) is not \(expected)")
        }
        return value
    }

    /// An error about the row.
    func malformed(_ problem: String) -> FileError {
        .malformed(path: path, line: line, problem: problem, remedy: remedy)
    }

    private mutating func skipped<Value>() -> Value? {
        position += 1
        return nil
    }
}
