import Basics
import Foundation

/// A literate document: front matter, prose with inline values, and cells that draw on the workflow's results.
///
/// Problems of the text are kept in ``problems`` and shown in the rendered document, so that one slip does not spoil
/// the rest.
public struct Document: Sendable {
    /// The file that the document was read from.
    public let url: URL
    /// The YAML between the two `---` lines at the top.
    public let frontMatter: FrontMatter
    /// The document's pieces in order.
    public let blocks: [Block]
    /// Problems of the document as a whole; a cell keeps its own.
    public let problems: [FileProblem]

    /// The same document with only some of its pieces.
    func keeping(_ blocks: [Block]) -> Document { Document(self, blocks: blocks) }

    private init(_ whole: Document, blocks: [Block]) {
        (url, frontMatter, problems) = (whole.url, whole.frontMatter, whole.problems)
        self.blocks = blocks
    }

    /// A piece of a document.
    public enum Block: Sendable, Equatable {
        /// Markdown with inline values, and the line of its first character.
        case prose(String, line: Int)
        case heading(Heading)
        /// The start of a box around the next blocks, `::: {.callout-note}`.
        case callout(Callout)
        /// The end of the box.
        case calloutEnd
        /// A fenced block that is not a cell, unchanged.
        case verbatim(String)
        case cell(Cell)
    }

    /// A heading, `## Text {#sec-label}`.
    public struct Heading: Sendable, Equatable {
        /// 1 to 6.
        public let level: Int
        /// May contain inline values.
        public let text: String
        /// The label for `@sec-…`.
        public let label: String?
        /// False for `{.unnumbered}`, as in Quarto.
        public let isNumbered: Bool
        /// True for `{.optional}`: the section is left out if none of its cells has anything to show.
        public let isOptional: Bool
        public let line: Int
    }

    /// A highlighted box around blocks.
    public struct Callout: Sendable, Equatable {
        /// `note`, `tip`, `important`, `warning` or `caution`.
        public let kind: String
        /// May contain inline values.
        public var title: String?
        public let line: Int
    }

    /// The names of the documents in the same folder; without the folder, its own.
    var neighbours: Set<String> {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)) ?? []
        let ending = ".book.md"
        return Set(files.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) } + [name])
    }

    /// Reads a document.
    ///
    /// - Throws: ``FileError`` for a file that cannot be read or is not UTF-8.
    public static func parse(contentsOf url: URL) throws -> Document {
        let data = try FileError.contents(of: url, mapped: true)
        func tooLarge(_ size: String, _ bound: String) -> FileError {
            .malformed(
                path: url.path, line: nil, problem: "the document has \(size), more than \(bound)",
                remedy: "Split it into several.")
        }
        guard data.count <= Bounds.documentBytes else {
            throw tooLarge(
                NumberText.bytes(Double(data.count)), NumberText.bytes(Double(Bounds.documentBytes)))
        }
        let lines = lineEnds(of: data) + 1
        guard lines <= Bounds.documentLines else { throw tooLarge("\(lines) lines", "\(Bounds.documentLines)") }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw FileError.malformed(
                path: url.path, line: nil, problem: "the text is not UTF-8", remedy: "Save the file as UTF-8.")
        }
        return Document(parsing: text, url: url)
    }

    /// The number of line breaks: LF, CR and CR LF.
    private static func lineEnds(of data: Data) -> Int {
        data.withUnsafeBytes { bytes in
            var count = 0
            var before: UInt8 = 0
            for byte in bytes {
                if byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") && before != UInt8(ascii: "\r") {
                    count += 1
                }
                before = byte
            }
            return count
        }
    }

    /// Parses a document's text; `url` is for messages and the names of the outputs.
    public init(parsing text: String, url: URL) {
        var parser = DocumentParser(text, path: url.lastPathComponent)
        frontMatter = parser.frontMatter()
        blocks = parser.blocks()
        problems = parser.problems.problems
        self.url = url
    }

    /// The document's name without its extensions: `failures` for `failures.book.md`.
    public var name: String {
        let file = url.lastPathComponent
        for ending in [".book.md", ".md"] where file.hasSuffix(ending) && file.count > ending.count {
            return String(file.dropLast(ending.count))
        }
        return file
    }

    /// The cells in order.
    public var cells: [Cell] {
        blocks.compactMap { if case .cell(let cell) = $0 { cell } else { nil } }
    }
}

/// Measures how deeply the lines of a document's prose nest quotations and lists, before it is parsed: the parser keeps
/// a node for each level and line.
enum MarkdownDepth {
    /// - Returns: The first line that nests too deeply, counted from the first line, with the problem; nil if there is
    ///   none.
    static func problem(in lines: ArraySlice<Substring>) -> (line: Int, problem: String)? {
        for (offset, line) in lines.enumerated() where depth(of: line.utf8) > Bounds.markdownDepth {
            return (offset, "the line nests more than \(Bounds.markdownDepth) quotations and lists")
        }
        return nil
    }

    /// The number of quotation and list marks at the start of a line.
    private static func depth(of line: Substring.UTF8View) -> Int {
        var rest = line
        var depth = 0
        while true {
            rest = rest.drop { isBlank($0) }
            let mark = rest.first
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            if mark == UInt8(ascii: ">") {
                rest = rest.dropFirst()
            } else {
                let behind = digits.isEmpty ? rest : rest.dropFirst(digits.count)
                let ends: [UInt8] = digits.isEmpty ? Array("-+*".utf8) : Array(".)".utf8)
                guard let end = behind.first, ends.contains(end), behind.dropFirst().first.map(isBlank) != false else {
                    return depth
                }
                rest = behind.dropFirst()
            }
            depth += 1
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

/// Counts the fields of the tables in a document's prose, before it is parsed: the parser fills every short row up to
/// the width of the header.
struct MarkdownTables {
    /// Fields of all tables so far.
    private var fields = 0

    /// The characters before a table in a quotation or a list, and in the rule below its header.
    private static let marks: Set<Character> = [" ", "\t", ">", "|", ":", "-", "*", "+", ".", ")"]

    /// Counts the tables of some lines.
    ///
    /// - Returns: The line that exceeds a bound, counted from the first line, with the problem; nil if there is none.
    mutating func problem(in lines: ArraySlice<Substring>) -> (line: Int, problem: String)? {
        /// Columns of the current table; 0 outside tables.
        var columns = 0
        for (offset, line) in lines.enumerated() {
            if line.allSatisfy({ $0.isWhitespace || $0 == ">" }) {
                columns = 0
                continue
            }
            if let rule = Self.columns(ofRule: line), rule > columns { columns = rule }
            guard columns <= Bounds.tableColumns else {
                return (offset, "the table has \(columns) columns, more than \(Bounds.tableColumns)")
            }
            fields += columns
            guard fields <= Bounds.tableFields else {
                return (offset, "the document's tables have more than \(Bounds.tableFields) fields")
            }
        }
        return nil
    }

    /// The columns of the rule below a table's header, such as `|---|:-:|`; nil for any other line.
    private static func columns(ofRule line: Substring) -> Int? {
        var bars = 0
        var hasDash = false
        for character in line {
            guard marks.contains(character) || ("0"..."9").contains(character) else { return nil }
            if character == "|" { bars += 1 }
            if character == "-" { hasDash = true }
        }
        return hasDash ? bars + 1 : nil
    }
}
