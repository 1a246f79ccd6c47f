import Basics
import Foundation
import Testing

@testable import Reports

/// Documents that would take all memory or all time.
struct BoundTests {
    /// Nine anchors, each with nine of the one before: 387 million values in 300 bytes.
    static let bomb: String = {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
        var text = "a: &a [x, x, x, x, x, x, x, x, x]"
        for (name, before) in zip(names.dropFirst(), names) {
            text += "\n\(name): &\(name) [" + Array(repeating: "*\(before)", count: 9).joined(separator: ", ") + "]"
        }
        return text
    }()

    private static func indented(_ text: String, by prefix: String) -> String {
        text.split(separator: "\n").map { prefix + $0 }.joined(separator: "\n")
    }

    private func told(_ text: String) throws -> [String] {
        let pod = try Pod()
        return try pod.render(text, name: "trial").errors.map(\.description)
    }

    @Test func `Aliases that stand for too much are refused where they stand, in every part of a document`() throws {
        let bound = "with its aliases (*name) replaced, the YAML has more than 100000 values."
        for (text, line) in [
            ("---\ntitle: x\nparams:\n\(Self.indented(Self.bomb, by: "  "))\n---\nText\n", 9),
            ("---\ntitle: x\nteam:\n- name: y\n\(Self.indented(Self.bomb, by: "  "))\n---\nText\n", 10),
            ("A\n\n```{whale-table}\n\(Self.bomb)\n```\n", 9),
            ("A\n\n```{whale-table}\n\(Self.indented(Self.bomb, by: "#| "))\n```\n", 9),
            ("---\nparams:\n  \(Self.bomb.replacing("\n", with: "\n  "))\n  ? [*i, *i]\n  : 1\n---\n", 8),
        ] {
            let errors = try told(text)
            #expect(
                errors.count == 1 && errors[0].contains(bound) && errors[0].hasPrefix("trial.book.md:\(line): "),
                "\(errors)")
        }
    }

    @Test func `YAML that nests too deep is refused`() throws {
        let deep = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
        #expect(try told("---\nparams: {a: \(deep)}\n---\n")[0].contains("the YAML nests more than 100 levels deep"))
    }

    @Test func `Aliases as people use them stay`() throws {
        let members = (0..<200).map { "  m\($0): *base" }.joined(separator: "\n")
        #expect(try told("---\nparams:\n  base: &base {a: 1, b: 2}\n\(members)\n---\n`{wb} params.m7.a`\n").isEmpty)
    }

    @Test func `A table that Markdown would fill up is refused by its fields`() throws {
        let bars = String(repeating: "|a", count: 5_000)
        let rule = String(repeating: "|-", count: 5_000)
        for prefix in ["", "> ", "- "] {
            let rest = prefix == "- " ? "  " : prefix
            let rows = String(repeating: "\(rest)|b\n", count: 20_000)
            let errors = try told("Text that stays.\n\n## Heading\n\n\(prefix)\(bars)\n\(rest)\(rule)\n\(rows)")
            #expect(errors.count == 1 && errors[0].hasPrefix("trial.book.md:1"), "\(errors)")
            #expect(errors[0].contains("the document's tables have more than 500000 fields"))
        }
        let wide = String(repeating: "|-", count: Bounds.tableColumns + 1)
        let errors = try told("\(wide.replacing("-", with: "a"))\n\(wide)\n")
        #expect(errors.first?.contains("columns, more than \(Bounds.tableColumns)") == true, "\(errors)")
    }

    @Test func `A document that is too long is refused by its size`() throws {
        let pod = try Pod()
        try pod.write("reports/long.book.md", String(repeating: "word ", count: Bounds.documentBytes / 5 + 1))
        let error = #expect(throws: FileError.self) {
            try Document.parse(contentsOf: pod.root.appending(path: "reports/long.book.md"))
        }
        #expect(error?.description.contains("the document has 8.0 MiB, more than 8.0 MiB. Split it") == true)
    }

    @Test func `Inline values beyond the bound stay as they are written, and one error says so`() throws {
        let text = String(repeating: "`{wb} params.k` ", count: Bounds.inlineValues + 3)
        let pod = try Pod()
        let result = try pod.render("---\nparams: {k: 20}\n---\n\(text)\n", name: "trial")
        #expect(result.errors.map(\.description).count == 1)
        #expect(result.errors[0].description.contains("more than 20000 inline values"))
        #expect(try pod.read("reports/trial.md").contains("20 20 `{wb} params.k` `{wb} params.k`"))
    }

    /// What took time by its square and did not end; `Benchmarks/growth` measures how the time grows.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            String(repeating: "`{wb} params.k` ", count: 4_000), String(repeating: "`{wb} x\n\n", count: 8_000),
            String(repeating: "<summary>", count: 20_000), "# a" + String(repeating: " ", count: 60_000) + "b",
            "```a" + String(repeating: " ", count: 60_000) + "b\n```",
            "|a|\n|-|\n|" + String(repeating: "x", count: 20_000) + "|\n" + String(repeating: "|b|\n", count: 20_000),
        ])
    func `Long documents are rendered`(text: String) throws {
        let pod = try Pod()
        _ = try pod.render("---\nparams: {k: 20}\n---\n\(text)\n", name: "trial", formats: FrontMatter.Format.allCases)
        #expect(try !pod.read("reports/trial.txt").isEmpty)
    }
}
