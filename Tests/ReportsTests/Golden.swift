import Foundation
import Testing

/// A document stored with the tests, and its expected rendering.
struct Golden {
    private let stem: String
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    /// - Parameter stem: The path below `Golden`, without an extension.
    init(_ stem: String) { self.stem = stem }

    /// The names of the documents in a folder, sorted.
    static func documents(in name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: name).path)
            .filter { $0.hasSuffix(".book.md") }.map { String($0.dropLast(".book.md".count)) }.sorted()
    }

    /// The document's text.
    func document() throws -> String { try Self.text(stem + ".book.md") }

    /// The expected rendering.
    func expected(ending: String) throws -> String { try Self.text("\(stem).\(ending)") }

    /// Compares line by line; with `RECORD_GOLDEN=1`, writes the text instead and fails.
    func check(_ text: String, ending: String) throws {
        try Self.check(text, at: Self.folder.appending(path: "\(stem).\(ending)"))
    }

    /// Compares a generated page of `docs/` in the same way.
    static func check(_ text: String, page name: String) throws {
        let root = folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        try check(text, at: root.appending(path: "docs/\(name)"))
    }

    private static func check(_ text: String, at url: URL) throws {
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" {
            try text.write(to: url, atomically: true, encoding: .utf8)
            Issue.record("\(url.lastPathComponent) was recorded; read it, then run again without RECORD_GOLDEN")
            return
        }
        let (found, wanted) = (lines(text), lines(String(decoding: try Data(contentsOf: url), as: UTF8.self)))
        for (number, (line, other)) in zip(found, wanted).enumerated() where line != other {
            Issue.record("\(url.lastPathComponent):\(number + 1) is\n\(line)\nand should be\n\(other)")
            return
        }
        #expect(found.count == wanted.count, "\(url.lastPathComponent) has another number of lines")
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appending(path: path)), as: UTF8.self)
    }
}
