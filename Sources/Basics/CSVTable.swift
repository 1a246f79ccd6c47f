import Foundation

/// A table read from comma-separated values: RFC 4180 quoting, LF or CRLF, with or without a byte-order mark.
///
/// At most ``largestSize`` bytes, ``Bounds/tableColumns`` columns and ``longestRow`` bytes per row are read.
public struct CSVTable: Sendable, Equatable {
    /// The file the table was read from, for messages.
    public let path: String
    /// The column names.
    public let header: [String]
    /// The cells of each row, as many as the header has names.
    public let rows: [[String]]
    private let lines: [Int]

    /// Bytes of a file: 256 MiB.
    public static let largestSize = 256 << 20
    /// Bytes of a row, line breaks of quoted cells included: 16 MiB.
    public static let longestRow = 16 << 20

    /// Reads a file.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``, or ``FileError/malformed(path:line:problem:remedy:)`` for text
    ///   that is not UTF-8, a row with a different number of cells than the header, an unclosed quote, or a file beyond
    ///   these limits.
    public static func read(_ url: URL) throws -> CSVTable {
        let data = try FileError.contents(of: url, limit: largestSize)
        return try CSVTable(parsing: data, path: url.path)
    }

    /// Parses the bytes of a file; `path` is only for messages.
    public init(parsing data: Data, path: String) throws {
        try self.init(parser: CSVParser(bytes: Array(data), path: path))
    }

    private init(parser: CSVParser) throws {
        var parser = parser
        let path = parser.path
        guard let first = try parser.record() else {
            throw FileError.malformed(
                path: path, line: 1, problem: "the file is empty", remedy: "Write a header line with the column names.")
        }
        let names = parser.columns(of: first.cells)
        var seen: Set<String> = []
        let repeated = names.first { !seen.insert($0).inserted }
        var rows: [[String]] = []
        var lines: [Int] = []
        while var record = try parser.record() {
            if parser.isSheet {
                if record.cells.allSatisfy(\.isBlank) { continue }
                while record.cells.count > names.count, record.cells.last?.isBlank == true {
                    record.cells.removeLast()
                }
            }
            guard record.cells.count == names.count else {
                throw FileError.malformed(
                    path: path, line: record.line,
                    problem: "the row has \(record.cells.count) cells but the header has \(names.count)",
                    remedy: "Give every row \(names.count) cells, and quote cells that contain \(parser.separatorName)."
                )
            }
            rows.append(record.cells)
            lines.append(record.line)
        }
        if rows.isEmpty, first.cells.contains(where: { $0.utf8.contains(UInt8(ascii: "\r")) }) {
            throw FileError.malformed(
                path: path, line: 1, problem: "the lines end in CR only", remedy: "Save the file with LF or CRLF.")
        }
        if let repeated {
            throw FileError.malformed(
                path: path, line: first.line, problem: "the column \(quoted: repeated) occurs twice",
                remedy: "Keep one of them, or rename it.")
        }
        self.path = path
        header = names
        self.rows = rows
        self.lines = lines
    }

    /// Reads a table that a person saved from a spreadsheet: see ``init(parsingSheet:path:)``.
    ///
    /// - Throws: As ``read(_:)``.
    public static func readSheet(_ url: URL) throws -> CSVTable {
        try CSVTable(parsingSheet: FileError.contents(of: url, limit: largestSize), path: url.path)
    }

    /// Parses a table that a person saved from a spreadsheet.
    ///
    /// Also takes what spreadsheets leave behind: semicolons or tabs between cells, if the header has no comma, or as a
    /// first line `sep=;` says; blanks around the column names; columns on the right without a name and without
    /// contents; rows without contents, of any number of cells.
    ///
    /// - Throws: As ``read(_:)``; UTF-16 is refused by its name.
    public init(parsingSheet data: Data, path: String) throws {
        if let encoding = SheetForm.otherEncoding(of: data) {
            throw FileError.malformed(
                path: path, line: nil, problem: "the text is \(encoding), not UTF-8",
                remedy: "Save it as 'CSV UTF-8 (comma delimited)'.")
        }
        let form = SheetForm(data)
        try self.init(parser: CSVParser(bytes: Array(data), path: path, form: form))
    }

    /// The column names in the first bytes of a spreadsheet's table.
    ///
    /// - Throws: As ``init(parsingSheet:path:)``.
    public static func sheetHeader(_ head: Data, path: String) throws -> [String] {
        let form = SheetForm(head)
        let line = head.dropFirst(form.start).prefix { $0 != UInt8(ascii: "\n") }
        return try CSVTable(parsingSheet: head.prefix(form.start) + line, path: path).header
    }

    /// The line of the file, from 1, on which a row begins.
    public func line(ofRow row: Int) -> Int { lines[row] }

    /// The position of a column.
    ///
    /// - Throws: ``FileError/malformed(path:line:problem:remedy:)`` if the header lacks it, suggesting the most similar
    ///   name.
    public func column(_ name: String) throws -> Int {
        if let index = header.firstIndex(of: name) { return index }
        let near = Spelling.nearest(to: name, among: header).map { "Did you mean \(quoted: $0)? " } ?? ""
        throw FileError.malformed(
            path: path, line: 1, problem: "there is no column \(quoted: name)",
            remedy: "\(near)The header has: \(header.listed()).")
    }

    /// The text of a table, quoted as RFC 4180 requires, with one LF after each row.
    public static func text(header: [String], rows: some Sequence<[String]>) -> String {
        var text = line(header)
        for row in rows { text += line(row) }
        return text
    }

    /// A row of a table, or its header, in the form of ``text(header:rows:)``.
    public static func line(_ cells: [String]) -> String {
        cells.map(quoted).joined(separator: ",") + "\n"
    }

    private static func quoted(_ cell: String) -> String {
        let special = cell.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
        // At the start of a file, a reader would mistake the cell's own mark for the file's byte-order mark.
        let needsQuotes = special || cell.unicodeScalars.first == "\u{FEFF}"
        return needsQuotes ? "\"\(cell.replacingScalars(["\"": "\"\""]))\"" : cell
    }
}

extension Double {
    /// Parses a number within a range; nil for NaN and for text that is not a number.
    public init?(_ text: some StringProtocol, within range: ClosedRange<Double>) {
        guard let number = Double(text), range.contains(number) else { return nil }
        self = number
    }
}

private struct CSVParser {
    let bytes: [UInt8]
    let path: String
    var position = 0
    var line = 1
    /// The position at which the row must have ended.
    private var rowEnd = 0

    private let separator: UInt8
    /// Whether the table was saved from a spreadsheet.
    let isSheet: Bool

    private static let quote = UInt8(ascii: "\""), lf = UInt8(ascii: "\n"), cr = UInt8(ascii: "\r")

    /// Begins before the first row, in the form of a spreadsheet's table; nil for a strict table with commas.
    init(bytes: [UInt8], path: String, form: SheetForm? = nil) {
        self.bytes = bytes
        self.path = path
        isSheet = form != nil
        separator = form?.separator ?? UInt8(ascii: ",")
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        if let form, form.start > 0 {
            position = form.start
            line = 2
        }
    }

    /// The separator in words.
    var separatorName: String {
        switch separator {
        case UInt8(ascii: ";"): "a semicolon"
        case UInt8(ascii: "\t"): "a tab"
        default: "a comma"
        }
    }

    /// The column names in a header.
    func columns(of header: [String]) -> [String] {
        guard isSheet else { return header }
        var names = header.map(\.trimmingBlanks)
        while names.count > 1, names.last == "" { names.removeLast() }
        return names
    }

    /// The next row that is not empty, and the line on which it begins; nil at the end.
    mutating func record() throws -> (line: Int, cells: [String])? {
        while position < bytes.count {
            let start = line
            rowEnd = min(position + CSVTable.longestRow, bytes.count)
            var cells: [String] = []
            repeat {
                cells.append(try cell())
                guard cells.count <= Bounds.tableColumns else {
                    throw malformed(
                        "the row has more than \(Bounds.tableColumns) columns, the most that can be read",
                        "Remove columns that are not needed.")
                }
            } while take(separator)
            _ = take(Self.cr)
            if take(Self.lf) {
                line += 1
            } else if position < bytes.count {
                throw malformed("text follows a closing quote", "Double the quotes inside a quoted cell.")
            }
            if cells != [""] { return (start, cells) }
        }
        return nil
    }

    /// Refuses an overlong row, such as one after an unclosed quote.
    private func checkLength() throws {
        guard position >= rowEnd, rowEnd < bytes.count else { return }
        throw malformed(
            "the row has more than \(CSVTable.longestRow >> 20) MiB", "Close its quotes, or split it into rows.")
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func cell() throws -> String {
        guard take(Self.quote) else {
            let start = position
            while position < rowEnd, bytes[position] != separator, bytes[position] != Self.lf, !endsLine() {
                position += 1
            }
            try checkLength()
            return try string(bytes[start..<position])
        }
        var content: [UInt8] = []
        let start = line
        while position < rowEnd {
            let byte = bytes[position]
            position += 1
            if byte == Self.quote {
                if !take(Self.quote) { return try string(content[...]) }
            } else if byte == Self.lf {
                line += 1
            }
            content.append(byte)
        }
        line = start
        try checkLength()
        throw malformed("a quoted cell is never closed", "Add the closing quote.")
    }

    private func endsLine() -> Bool {
        bytes[position] == Self.cr && (position + 1 == bytes.count || bytes[position + 1] == Self.lf)
    }

    private func string(_ bytes: ArraySlice<UInt8>) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw malformed("the text is not UTF-8", "Save the file as UTF-8.")
        }
        return text
    }

    private func malformed(_ problem: String, _ remedy: String) -> FileError {
        .malformed(path: path, line: line, problem: problem, remedy: remedy)
    }
}
