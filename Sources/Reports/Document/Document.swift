import Basics
import Foundation

/// A literate document: front matter, prose with inline values, and cells that draw on the workflow's results.
///
/// What is wrong with the text is kept in ``problems`` and shown in the rendered document, so that one slip does not
/// cost the rest.
public struct Document: Sendable {
    /// The file that the document was read from.
    public let url: URL
    /// What stands between the two `---` lines on top.
    public let frontMatter: FrontMatter
    /// The document's pieces in order.
    public let blocks: [Block]
    /// What is wrong with the document as such; what is wrong with a cell stays with the cell.
    public let problems: [FileProblem]

    /// A piece of a document.
    public enum Block: Sendable, Equatable {
        /// Markdown with inline values; the line is that of its first character.
        case prose(String, line: Int)
        case heading(Heading)
        /// A fenced block that is none of ours, as it stands.
        case verbatim(String)
        case cell(Cell)
    }

    /// A heading, `## Text {#sec-label}`.
    public struct Heading: Sendable, Equatable {
        /// 1 to 6.
        public let level: Int
        /// May hold inline values.
        public let text: String
        /// What `@sec-…` refers to.
        public let label: String?
        /// False for `{.unnumbered}`, Quarto's word.
        public let isNumbered: Bool
        public let line: Int
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

    /// How many LF, CR and CR LF there are.
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

    /// Parses a document's text; `url` serves the messages and the outputs' names.
    public init(parsing text: String, url: URL) {
        var parser = DocumentParser(text, path: url.lastPathComponent)
        frontMatter = parser.frontMatter()
        blocks = parser.blocks()
        problems = parser.problems.problems
        self.url = url
    }

    /// The document's name without its endings: `failures` for `failures.book.md`.
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
