import Foundation
import Testing

@testable import Reports

struct DocumentTests {
    private func document(_ text: String) -> Document {
        Document(parsing: text, url: URL(filePath: "/reports/trial.book.md"))
    }

    @Test func `An unknown front matter key is reported with its line and the nearest known one`() throws {
        let problems = document("---\ntitle: x\nparms: {k: 20}\n---\nText\n").problems
        #expect(
            problems.map(\.description) == ["trial.book.md:3: unknown front matter key 'parms'. Did you mean 'params'?"]
        )
    }

    @Test func `Formats are read as one name, or as names with options`() {
        #expect(document("---\nformat: html\n---\n").frontMatter.formats == [.html])
        let both = document("---\nformat: {gfm: default, html: {embed-resources: false, toc: true}}\n---\n")
        #expect(both.frontMatter.formats == [.gfm, .html])
        #expect(!both.frontMatter.embedsResources && both.frontMatter.hasContents == true)
        #expect(both.problems.isEmpty)
    }

    @Test func `An unknown format and an unknown option of it are reported with their lines`() {
        let problems = document("---\nformat:\n  html:\n    embed-resource: true\n  pdff: default\n---\n").problems
        #expect(problems.map(\.line) == [5, 4])
        #expect(problems.map(\.remedy) == ["Known: gfm, html, text.", "Did you mean 'embed-resources'?"])
    }

    @Test func `A front matter that is not YAML or never ends is reported with its line, and the text is kept`() {
        let broken = document("---\ntitle: \"open\nteam: [\n---\nText\n")
        #expect(broken.problems.count == 1 && broken.problems[0].line != nil)
        #expect(broken.blocks.count == 1)
        #expect(document("---\ntitle: x\n").problems.map(\.line) == [1])
    }

    @Test func `A team member without a name is an error that shows how to write one`() {
        let problems = document("---\nteam:\n  - biography: x\n---\n").problems
        #expect(problems.map(\.line) == [3])
        #expect(problems[0].remedy.contains("name:"))
    }

    @Test func `Cells are distinguished from other fenced blocks, also inside longer fences`() {
        let parsed = document(
            """
            Before

            ```{map-curve}
            #| label: fig-a
            select: x
            ```

            ````markdown
            ```{map-curve}
            ```
            ````
            ~~~{code}
            declaration: A
            ~~~
            """)
        #expect(parsed.cells.map(\.kind) == ["map-curve", "code"])
        #expect(parsed.cells.map(\.line) == [3, 12])
        #expect(parsed.cells[0].options.label == "fig-a")
        #expect(parsed.cells[0].parameters.map(\.line) == [5])
        #expect(parsed.blocks.count == 4)
    }

    @Test func `An unknown cell option is reported with its line and the nearest known one`() {
        let cell = document("Text\n\n```{map-curve}\n#| label: fig-a\n#| figcap: x\n```\n").cells[0]
        #expect(cell.problems.map(\.line) == [5])
        #expect(cell.problems.map(\.message) == ["unknown cell option 'figcap'. Did you mean 'fig-cap'?"])
    }

    @Test func `Options of the wrong kind are reported, each with what to write`() {
        let text = "```{map-curve}\n#| echo: perhaps\n#| fig-dpi: 3\n#| label: \"a b\"\n#| from: {a: b}\n```\n"
        let problems = document(text).cells[0].problems
        #expect(problems.map(\.line) == [2, 3, 4, 5])
        #expect(problems.allSatisfy { !$0.remedy.isEmpty })
    }

    @Test func `A cell that never ends is reported with the line of its start`() {
        let cell = document("Text\n```{map-curve}\nselect: x\n").cells[0]
        #expect(cell.problems.map(\.line) == [2])
        #expect(cell.problems[0].remedy.contains("```"))
    }

    @Test func `Every option of the design is known`() {
        let text = """
            ```{map-curve}
            #| label: fig-a
            #| echo: true
            #| eval: true
            #| include: true
            #| output: true
            #| warning: true
            #| error: false
            #| fig-cap: "x"
            #| fig-alt: auto
            #| fig-width: 7
            #| fig-height: 4.5
            #| fig-dpi: 192
            #| tbl-cap: "y"
            #| from: [evaluate]
            ```
            """
        let cell = document(text).cells[0]
        #expect(cell.problems.isEmpty)
        #expect(cell.options.figureHeight == 4.5 && cell.options.from?.values == ["evaluate"])
    }

    @Test func `Headings can have labels and can be unnumbered`() {
        let parsed = document("## First {#sec-first}\n\n### Aside {.unnumbered}\n\n## Odd {#oops}\n")
        let headings = parsed.blocks.compactMap { if case .heading(let heading) = $0 { heading } else { nil } }
        #expect(headings.map(\.label) == ["sec-first", nil, nil])
        #expect(headings.map(\.isNumbered) == [true, false, true])
        #expect(headings.map(\.text) == ["First", "Aside", "Odd"])
        #expect(parsed.problems.map(\.line) == [5])
    }

    @Test func `Windows line ends and a byte-order mark change nothing`() {
        let text = "---\ntitle: x\n---\n\n## A\n\n```{code}\ndeclaration: B\n```\n"
        let plain = document(text)
        let windows = document("\u{FEFF}" + text.replacing("\n", with: "\r\n"))
        #expect(windows.blocks == plain.blocks)
        #expect(windows.frontMatter == plain.frontMatter && windows.problems.isEmpty)
    }

    @Test func `A file that is not UTF-8 is refused with its name`() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).book.md")
        try Data([0xFF, 0xFE, 0x41]).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        #expect { try Document.parse(contentsOf: url) } throws: { "\($0)".contains("Save the file as UTF-8") }
    }
}
