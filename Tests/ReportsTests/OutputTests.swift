import Basics
import Foundation
import Testing

@testable import Reports

struct OutputTests {
    private static let text = """
        ---
        title: "All of it: `{wb} evaluate.pooled.map | fixed(2)`"
        params: {run: current, k: 20}
        team: [{name: A & B}]
        ---
        ## One {#sec-one}

        Prose with a [link](x.md), ~~struck~~, a footnote[^1] and `code` <br />.

        [^1]: The note.

        ```{team}
        ```

        ```{scenario-table}
        #| label: tbl-s
        #| tbl-cap: "Scenarios < & >"
        ```

        ```{code}
        snippet: focal-loss
        ```

        ```{nonsense}
        ```
        """

    @Test func `The same inputs give the same bytes`() throws {
        let pod = try Pod()
        _ = try pod.render(Self.text, formats: [.gfm, .html, .text], to: "first")
        _ = try pod.render(Self.text, formats: [.gfm, .html, .text], to: "second")
        let files = try pod.files(in: "first")
        #expect(files == (try pod.files(in: "second")))
        for file in files { #expect(try pod.read("first/\(file)") == pod.read("second/\(file)")) }
    }

    @Test func `No output has an absolute path`() throws {
        let pod = try Pod()
        try FileManager.default.removeItem(at: pod.root.appending(path: "store/split/split.csv"))
        _ = try pod.render(Self.text + "\n\n```{split-table}\n```\n", formats: [.gfm, .html, .text])
        for file in try pod.files(in: "reports") where !file.hasSuffix(".book.md") {
            #expect(try !pod.read("reports/\(file)").contains(pod.root.path), "\(file)")
        }
    }

    @Test func `Nothing outside the project is linked to`() throws {
        let pod = try Pod()
        let outside = FileManager.default.temporaryDirectory.appending(path: "outside-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: outside) }
        let url = pod.root.appending(path: "reports/a.book.md")
        try AtomicFile.write("```{code}\nsnippet: focal-loss\n```\n", to: url)
        _ = try ReportRenderer(inputs: pod.inputs).render(Document.parse(contentsOf: url), to: outside)
        let markdown = try String(contentsOf: outside.appending(path: "a.md"), encoding: .utf8)
        #expect(!markdown.contains("]("))
        #expect(markdown.contains("From `Sources/Networks/FocalLoss.swift`, lines 4–7."))
    }

    @Test func `Links are relative and encoded`() {
        let links = Links(from: URL(filePath: "/p/reports/out"), root: URL(filePath: "/p"))
        #expect(links.target(URL(filePath: "/p/data/a b#1.jpg")) == "../../data/a%20b%231.jpg")
        #expect(links.target(URL(filePath: "/q/data/a.jpg")) == nil)
        #expect(Links(from: URL(filePath: "/q"), root: URL(filePath: "/p")).target(URL(filePath: "/p/a")) == nil)
    }

    @Test func `A character with a combining mark is still escaped`() {
        let mark = "\u{301}"
        #expect(MarkdownText.html("<\(mark)\"\(mark)&\(mark)") == "&lt;\(mark)&quot;\(mark)&amp;\(mark)")
        #expect(MarkdownText.escaped("*\(mark)a*") == "\\*\(mark)a\\*")
        #expect(MarkdownText.code("a`\(mark)|\(mark)", isInTable: true) == "``a`\(mark)\\|\(mark)``")
    }

    @Test func `The web page is well-formed, self-contained and escaped`() throws {
        let pod = try Pod()
        let result = try pod.render(Self.text, formats: [.html])
        #expect(result.outputs.map(\.lastPathComponent) == ["trial.html"])
        let html = try pod.read("reports/trial.html")
        let parser = XMLWellFormedness(html)
        #expect(parser.problem == nil)
        #expect(html.contains("<title>All of it: 0.51</title>"))
        #expect(
            html.contains(
                "<blockquote class=\"caution\" role=\"note\">\n<p class=\"label\">Caution</p>\n<p><strong>This document was rendered with 1 error.</strong></p>"
            ))
        #expect(html.contains("<del>struck</del>") && html.contains("footnote"))
        #expect(!html.contains("src=\"http") && !html.contains("<script src") && !html.contains("<link"))
    }

    private func plainText(_ markdown: String) throws -> String { try #require(CommonMark(markdown)).plainText() }

    @Test func `Deeply nested quotations and lists neither overflow the stack nor lose their words`() throws {
        let quoted = try plainText(String(repeating: "> ", count: 50_000) + "at the bottom")
        #expect(quoted.contains("at the bottom"))
        let listed = (0..<60).map { String(repeating: "  ", count: $0) + "- item \($0)\n" }.joined()
        let listText = try plainText(listed + "\n" + String(repeating: "  ", count: 60) + "***\n")
        #expect(listText.contains("item 40") && listText.contains("59"))
    }

    @Test func `Plain text keeps headings, lists, tables and pictures' texts, and leaves out what is folded`() throws {
        let text = try plainText(
            """
            # Title

            A **bold** [link](x) and `code`.

            1. one
            2. two

            | a | bb |
            |---|---|
            | 1 | 2 |

            ![What it shows](x.png)

            <details>
            <summary>More &amp; more</summary>

            folded

            <details>
            <summary>Even more</summary>

            folded twice

            </details>

            </details>

            ```swift
            let a = 1
            ```

            <details>
            <summary>Without an end</summary>

            not folded
            """
        )
        #expect(
            text == """
                Title
                =====

                A bold link and code.

                1.  one
                2.  two

                a  bb
                -  --
                1  2

                [Picture: What it shows]

                    let a = 1

                not folded

                """)
    }

    @Test func `Formats come from the front matter by default`() throws {
        let pod = try Pod()
        let result = try pod.render("---\nformat: {gfm: default, text: default}\n---\nText\n", formats: [])
        #expect(result.outputs.map(\.lastPathComponent) == ["trial.md", "trial.txt"])
    }

    // MARK: Parameters

    @Test func `Another value of a parameter gets its own file`() throws {
        let pod = try Pod()
        let text = "---\nparams: {k: 20, run: current}\n---\nk `{wb} params.k`, run `{wb} params.run`\n"
        let result = try pod.render(text, parameters: ["run": "b5/x", "k": "20"])
        #expect(result.outputs.map(\.lastPathComponent) == ["trial--run-b5_x.md"])
        #expect(try pod.read("reports/trial--run-b5_x.md").contains("k 20, run b5/x"))
    }

    @Test func `An unknown parameter is refused with the nearest known one`() throws {
        let pod = try Pod()
        #expect { try pod.render("---\nparams: {count: 1}\n---\n", parameters: ["cuont": "2"]) } throws: {
            "\($0)" == "trial.book.md has no parameter 'cuont'. Did you mean 'count'?"
        }
    }

    // MARK: Manifest

    @Test func `Only files in the document's own manifest are ever removed`() throws {
        let pod = try Pod()
        try pod.write("reports/trial_files/figure-gfm/fig-old-1.png", "old")
        try pod.write("reports/trial_files/figure-gfm/mine.png", "mine")
        try pod.write("elsewhere.txt", "keep")
        try pod.write(
            "reports/trial_files/manifest.json",
            #"{"files": ["trial_files/figure-gfm/fig-old-1.png", "../elsewhere.txt", "/etc/hostname"]}"#)
        _ = try pod.render("Text\n")
        #expect(
            try pod.files(in: "reports") == [
                "trial.book.md", "trial.md", "trial_files/figure-gfm/mine.png", "trial_files/manifest.json",
                "trial_files/record.json",
            ])
        #expect(try pod.read("elsewhere.txt") == "keep")
    }

    @Test func `A document without figures has only its records next to it`() throws {
        let pod = try Pod()
        _ = try pod.render("Text\n")
        #expect(try pod.files(in: "reports") == ["trial.book.md", "trial.md"] + Pod.records)
    }
}
