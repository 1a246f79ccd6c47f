import Foundation
import Testing

/// Messages quote values by `\(quoted:)`, which shortens them, since data can have any length.
struct QuotingTests {
    private static let sources = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources")

    /// Files whose quotes are not in messages: a shell's command line, and known front matter keys.
    private static let others = ["whalebook/Support/Installation.swift", "Reports/Document/FrontMatter.swift"]

    @Test func `Every quoted value is shortened`() throws {
        let names = try FileManager.default.subpathsOfDirectory(atPath: Self.sources.path)
        let swift = names.filter { $0.hasSuffix(".swift") && !Self.others.contains($0) }
        #expect(swift.count > 300)
        for name in swift {
            let text = try String(contentsOf: Self.sources.appending(path: name), encoding: .utf8)
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let code = line.trimmingPrefix { $0 == " " }
                #expect(
                    code.hasPrefix("//") || !code.contains("'\\("), "Sources/\(name):\(number + 1): use \\(quoted: …)")
            }
        }
    }
}
