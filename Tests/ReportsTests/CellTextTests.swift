import Basics
import Foundation
import Testing

@testable import Reports

/// Cells in lists, and values that stand there as text.
struct CellTextTests {
    private func document(_ text: String) -> Document {
        Document(parsing: text, url: URL(filePath: "/reports/trial.book.md"))
    }

    private func committed(_ path: String) throws -> Document {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try Document.parse(contentsOf: tests.appending(path: "Cases/\(path)"))
    }

    @Test func `The committed documents are read as they are written`() throws {
        let list = try committed("13/list.book.md").cells
        #expect(list.map(\.options.label) == ["fig-worst"] && list[0].parameters.map(\.name) == ["select", "count"])
        let numbers = try committed("14/n1.book.md").cells
        #expect(numbers.map { $0.parameters.map(\.value) } == [["007"]])
        for (path, line, escape) in [("13/alpha.book.md", 12, #"\alpha"#), ("13/alpha2.book.md", 7, #"\alpha"#)] {
            let cells = try committed(path).cells
            let problem = try #require(cells.first?.problems.first)
            #expect(problem.line == line)
            #expect(problem.problem.contains("'\(escape)'") && problem.remedy.contains("single quotes"))
        }
        let captions = try committed("13/alpha.book.md").cells.dropFirst()
        #expect(captions.flatMap(\.problems).isEmpty)
        #expect(captions.last?.options.figureCaption == "A long caption over two lines: with a colon.")
    }

    private func indented(_ prefix: String, by blanks: String) -> Document {
        document(
            """
            \(prefix)
            \(blanks)```{retrieval-grid}
            \(blanks)#| label: fig-worst
            \(blanks)#| eval: false
            \(blanks)select: worst
            \(blanks)count: 1
            \(blanks)```

            After.
            """)
    }

    @Test(arguments: [
        ("1. The worst:\n", "   "), ("- The worst:", "  "), ("10. The worst:\n", "    "), ("- a\n  - b", "    "),
        ("1. a\n   1. b\n\n      - c", "        "), ("1.\tThe worst:", "\t"), ("Text", "  "),
    ])
    func `A cell in a list keeps its options`(prefix: String, blanks: String) throws {
        let parsed = indented(prefix, by: blanks)
        let cell = try #require(parsed.cells.first)
        #expect(cell.options.label == "fig-worst" && !cell.options.eval && cell.problems.isEmpty)
        #expect(cell.parameters.map(\.name) == ["select", "count"])
        guard case .prose(let last, _) = parsed.blocks.last else {
            Issue.record("no text after the cell")
            return
        }
        #expect(last.contains("After."))
    }

    @Test(arguments: [("Text", "    "), ("- a\n\nText", "    "), ("- a", "      ")])
    func `Farther from its list, or outside one, it is an indented code block`(prefix: String, blanks: String) {
        #expect(indented(prefix, by: blanks).cells.isEmpty)
    }

    @Test func `The line of a problem in an indented cell is right`() throws {
        let cell = try #require(document("- a\n\n  ```{map-curve}\n  #| lable: fig-a\n  ```\n").cells.first)
        #expect(cell.problems.map(\.line) == [4])
    }

    @Test func `A backslash that YAML would change is a problem of the cell`() throws {
        let cell = try #require(
            document("```{map-curve}\n#| label: fig-a\n#| fig-cap: \"at $\\alpha=3$\"\n```\n").cells.first)
        #expect(cell.problems.map(\.line) == [3])
        #expect(
            cell.problems.first?.description.contains(
                "does not keep '\\alpha' as it is written. Write the text in single") == true)
        let plain = try #require(document("```{map-curve}\n#| fig-cap: 'at $\\alpha=3$'\n```\n").cells.first)
        #expect(plain.options.figureCaption == "at $\\alpha=3$" && plain.problems.isEmpty)
    }

    @Test(arguments: ["007", "1e3", "NO", "yes", "0x1F", "1_000", "12:30", "00.5", "off"])
    func `A text that YAML could take for something else is the text that stands there`(text: String) throws {
        let parsed = document(
            "---\nparams: {whale: \(text)}\n---\n```{whale-grid}\nwhale: \(text)\nwhales: [\(text)]\n```\n")
        #expect(parsed.frontMatter.params["whale"] == .string(text))
        #expect(parsed.cells[0].parameters.map(\.value) == [.string(text), .array([.string(text)])])
    }

    @Test func `Numbers and truth values are still read, and keep their text`() throws {
        let parsed = document(
            "---\nparams: {a: 20, b: -1.50, c: 1e-3, d: true, e: .5, f: ~, g: '20'}\n---\n```{x}\nwhale: 0.50\n```\n")
        #expect(
            parsed.frontMatter.params
                == ["a": 20, "b": -1.5, "c": 0.001, "d": true, "e": 0.5, "f": .null, "g": "20"])
        #expect(parsed.cells[0].parameters.first?.texts == ["0.50"])
        let flags = document("---\ntoc: yes\n---\n```{map-curve}\n#| eval: no\n```\n")
        #expect(flags.frontMatter.hasContents == true && flags.cells[0].options.eval == false)
    }
}
