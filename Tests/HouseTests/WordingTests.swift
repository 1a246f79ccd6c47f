import Foundation
import Testing

/// The sentences of sources, guides and documents keep to the word list of CONTRIBUTING.
struct WordingTests {
    private static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// What no sentence contains. Each is a pattern that never occurs in plain English about this subject.
    private static let avoided: [String] = [
        #"\banew\b"#, #"\bkin\b"#, #"what is to be (said|done|told)"#, #"means nothing (to|beside)"#, #"\bgoes by\b"#,
        #"\b(?!there\b)\w+\W{1,3}is no (number|rank|file|folder|record|picture|model|name|option|stage)\b"#,
        #"\bwhat was so\b"#,
        #"\bwish(es|ed)?\b"#, #"\b(is|are|was|were) (told|asked of|answered by)\b"#, #"\btells of\b"#,
        #"\bits standard\b(?! (input|output|error|deviation))"#, #"\bstandard values?\b"#, #"\bis parted\b"#,
        #"\bspeaks? of\b"#, #"\bof ours\b"#,
        #"\bLooks away\b"#, #"\btake the line out\b"#, #"\btake it out\b"#, #"[;,] (nil|none|empty|null) where\b"#,
        #"\bwhere (there is|nothing|nobody)\b"#, #"\bsuch a one\b"#,
    ]

    @Test func `No sentence uses what CONTRIBUTING says to avoid`() throws {
        // Foundation's engine reads all texts in a second; Swift's needs a minute.
        let pattern = try NSRegularExpression(
            pattern: Self.avoided.map { "(?:\($0))" }.joined(separator: "|"), options: [.caseInsensitive])
        var found: [String] = []
        for path in try Self.texts() {
            let text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
            let contents = text as NSString
            for match in pattern.matches(in: text, range: NSRange(location: 0, length: contents.length)) {
                let line = contents.substring(with: contents.lineRange(for: match.range))
                found.append("\(path): \(line.trimmingCharacters(in: .whitespacesAndNewlines))")
            }
        }
        #expect(found.isEmpty, "\(found.count) lines:\n\(found.prefix(50).joined(separator: "\n"))")
    }

    private static func texts() throws -> [String] {
        func files(_ folder: String, _ endings: [String]) throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path).sorted()
                .filter { name in endings.contains { name.hasSuffix($0) } }.map { "\(folder)/\($0)" }
        }
        return try files("Sources", [".swift", ".h", ".c", ".cpp"]) + files("docs", [".md"])
            + files("reports", [".book.md"]) + ["README.md"]
    }
}
