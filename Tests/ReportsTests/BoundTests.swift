import Basics
import Foundation
import Testing

@testable import Reports

/// Documents that would exhaust memory or time.
struct BoundTests {
    /// Nine anchors, each with nine aliases of the one before: 387 million values in 300 bytes.
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

    private func messages(_ text: String) throws -> [String] {
        let pod = try Pod()
        return try pod.render(text, name: "trial").errors.map(\.description)
    }

    @Test func `Aliases that expand too far are refused with their line, in every part of a document`() throws {
        let bound = "with its aliases (*name) expanded, the YAML has more than 100000 values."
        for (text, line) in [
            ("---\ntitle: x\nparams:\n\(Self.indented(Self.bomb, by: "  "))\n---\nText\n", 9),
            ("---\ntitle: x\nteam:\n- name: y\n\(Self.indented(Self.bomb, by: "  "))\n---\nText\n", 10),
            ("A\n\n```{whale-table}\n\(Self.bomb)\n```\n", 9),
            ("A\n\n```{whale-table}\n\(Self.indented(Self.bomb, by: "#| "))\n```\n", 9),
            ("---\nparams:\n  \(Self.bomb.replacing("\n", with: "\n  "))\n  ? [*i, *i]\n  : 1\n---\n", 8),
        ] {
            let errors = try messages(text)
            #expect(
                errors.count == 1 && errors[0].contains(bound) && errors[0].hasPrefix("trial.book.md:\(line): "),
                "\(errors)")
        }
    }

    @Test func `YAML that nests too deeply is refused`() throws {
        let deep = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
        let message = try messages("---\nparams: {a: \(deep)}\n---\n")[0]
        #expect(message.contains("the YAML nests more than 100 levels deep"))
    }

    @Test func `Ordinary aliases are kept`() throws {
        let members = (0..<200).map { "  m\($0): *base" }.joined(separator: "\n")
        #expect(try messages("---\nparams:\n  base: &base {a: 1, b: 2}\n\(members)\n---\n`{wb} params.m7.a`\n").isEmpty)
    }

    @Test func `A table that Markdown would fill up is refused for its number of fields`() throws {
        let bars = String(repeating: "|a", count: 5_000)
        let rule = String(repeating: "|-", count: 5_000)
        for prefix in ["", "> ", "- "] {
            let rest = prefix == "- " ? "  " : prefix
            let rows = String(repeating: "\(rest)|b\n", count: 20_000)
            let errors = try messages("Text that stays.\n\n## Heading\n\n\(prefix)\(bars)\n\(rest)\(rule)\n\(rows)")
            #expect(errors.count == 1 && errors[0].hasPrefix("trial.book.md:1"), "\(errors)")
            #expect(errors[0].contains("the document's tables have more than 500000 fields"))
        }
        let wide = String(repeating: "|-", count: Bounds.tableColumns + 1)
        let errors = try messages("\(wide.replacing("-", with: "a"))\n\(wide)\n")
        #expect(errors.first?.contains("columns, more than \(Bounds.tableColumns)") == true, "\(errors)")
    }

    @Test func `A document that is too long is refused for its size`() throws {
        let pod = try Pod()
        try pod.write("reports/long.book.md", String(repeating: "word ", count: Bounds.documentBytes / 5 + 1))
        let error = #expect(throws: FileError.self) {
            try Document.parse(contentsOf: pod.root.appending(path: "reports/long.book.md"))
        }
        #expect(error?.description.contains("the document has 2.0 MiB, more than 2.0 MiB. Split it") == true)
    }

    @Test(arguments: ["\n", "\r", "\r\n"])
    func `A document with too many lines is refused for their number`(end: String) throws {
        let pod = try Pod()
        func parse(_ lines: Int) throws -> Document {
            try pod.write("reports/long.book.md", String(repeating: "a\(end)", count: lines - 1))
            return try Document.parse(contentsOf: pod.root.appending(path: "reports/long.book.md"))
        }
        _ = try parse(Bounds.documentLines)
        let error = #expect(throws: FileError.self) { try parse(Bounds.documentLines + 1) }
        #expect(error?.description.contains("the document has 100001 lines, more than 100000. Split it") == true)
    }

    @Test func `Cells beyond the bound are left out, with one error`() {
        let cell = "```{metrics-table}\n```\n"
        let text = String(repeating: cell, count: Bounds.documentCells + 3) + "The end.\n"
        let document = Document(parsing: text, url: URL(filePath: "/trial.book.md"))
        #expect(document.cells.count == Bounds.documentCells)
        #expect(document.blocks.last == .prose("The end.\n", line: 2 * Bounds.documentCells + 7))
        #expect(document.problems.map(\.line) == [2 * Bounds.documentCells + 1])
        #expect(document.problems[0].message.contains("more than 5000 cells; the rest are left out"))
    }

    @Test(arguments: [">", "> ", "+ ", "1. ", "> - 3) "])
    func `A line that nests quotations or lists too deeply is left out`(mark: String) throws {
        let errors = try messages("Text.\n\n## Heading\n\n\(String(repeating: mark, count: 5_000))deep\n")
        #expect(errors.count == 1 && errors[0].hasPrefix("trial.book.md:5: "), "\(errors)")
        #expect(errors[0].contains("the line nests more than 100 quotations and lists"))
        #expect(try messages("\(String(repeating: mark, count: 30))deep\n").isEmpty)
    }

    @Test func `References beyond the bound stay as written`() throws {
        let text = String(repeating: "@fig-none ", count: Bounds.inlineValues + 3)
        let pod = try Pod()
        let result = try pod.render(text, name: "trial")
        #expect(result.errors.count == Bounds.inlineValues + 1)
        let page = try pod.read("reports/trial.md")
        #expect(page.contains("@fig-none @fig-none"))
        #expect(page.contains("- … and 19981 more, each in its place."))
        #expect(page.split(separator: "\n").count { $0.hasPrefix("> - [Line") } == 20)
    }

    @Test func `A document with many problems reports the first twenty and the number of the others`() {
        let text = "---\n" + (0..<500).map { "key\($0): 1\n" }.joined() + "---\n"
        let problems = Document(parsing: text, url: URL(filePath: "/trial.book.md")).problems
        #expect(problems.count == 21)
        #expect(problems.last?.message.contains("there are 480 more problems") == true)
        let cell = "```{metrics-table}\n" + (0..<500).map { "key\($0): 1\n" }.joined() + "```\n"
        let inner = Document(parsing: cell, url: URL(filePath: "/trial.book.md")).cells[0].problems
        #expect(inner.count <= 21)
    }

    @Test func `Inline values beyond the bound stay as written, with one error`() throws {
        let text = String(repeating: "`{wb} params.k` ", count: Bounds.inlineValues + 3)
        let pod = try Pod()
        let result = try pod.render("---\nparams: {k: 20}\n---\n\(text)\n", name: "trial")
        #expect(result.errors.map(\.description).count == 1)
        #expect(result.errors[0].description.contains("more than 20000 inline values"))
        #expect(try pod.read("reports/trial.md").contains("20 20 `{wb} params.k` `{wb} params.k`"))
    }

    /// Texts that once took quadratic time; `Benchmarks/growth` measures how the time grows.
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
