import Basics
import Foundation
import Testing

@testable import Reports

struct RenderTests {
    // MARK: References

    @Test func `References become numbered links, forward and back`() throws {
        let markdown = try Pod().markdown(
            """
            ---
            number-sections: true
            ---
            See @tbl-b, @tbl-a and @sec-two; mind (@tbl-a).

            ## One

            ### Inner

            ## Two {#sec-two}

            ```{split-table}
            #| label: tbl-a
            #| tbl-cap: "Split"
            ```

            ```{scenario-table}
            #| label: tbl-b
            ```
            """)
        #expect(
            markdown.contains(
                "See [Table 2](#tbl-b), [Table 1](#tbl-a) and [Section 2](#sec-two); mind ([Table 1](#tbl-a))."))
        #expect(markdown.contains("## 1. One\n"))
        #expect(markdown.contains("### 1.1. Inner\n"))
        #expect(markdown.contains("<a id=\"sec-two\"></a>\n\n## 2. Two\n"))
        #expect(markdown.contains("<a id=\"tbl-a\"></a>\n\n**Table 1.** Split\n"))
    }

    @Test func `A section without a number is referred to by its title`() throws {
        #expect(try Pod().markdown("See @sec-x.\n\n## The whales {#sec-x}\n").contains("See [The whales](#sec-x)."))
    }

    @Test func `An unknown reference is an error that suggests the nearest label`() throws {
        let pod = try Pod()
        let result = try pod.render("Text\nsee @tbl-splt.\n\n```{split-table}\n#| label: tbl-split\n```\n")
        #expect(result.errors.map(\.line) == [2])
        #expect(result.errors[0].message == "'@tbl-splt' refers to nothing. Did you mean 'tbl-split'?")
    }

    @Test func `A label that is used twice is an error`() throws {
        let cell = "```{split-table}\n#| label: tbl-a\n```\n"
        let result = try Pod().render(cell + cell)
        #expect(
            result.errors.map(\.message) == [
                "the label 'tbl-a' is taken. Give each figure, table and section its own label."
            ])
    }

    // MARK: Failing cells

    @Test func `A failing cell leaves a box, a banner that links to it, and the rest of the document`() throws {
        let pod = try Pod()
        let result = try pod.render(
            "Before\n\n```{split-tabel}\n#| label: tbl-x\n```\n\nAfter @tbl-x\n\n```{code}\nsnippet: focal-loss\n```\n"
        )
        #expect(
            result.errors.map(\.description) == [
                "trial.book.md:3: there is no kind 'split-tabel'. Did you mean 'split-table'?"
            ])
        let markdown = try pod.read("reports/trial.md")
        #expect(markdown.contains("> [!CAUTION]\n> **This document was rendered with 1 error.**"))
        #expect(markdown.contains("- [Line 3](#error-1): there is no kind"))
        #expect(
            markdown.contains(
                "<a id=\"tbl-x\"></a><a id=\"error-1\"></a>\n\n> [!CAUTION]\n> **`split-tabel` on line 3 has failed.**")
        )
        #expect(markdown.contains("Before\n") && markdown.contains("After [Table 1](#tbl-x)"))
        #expect(markdown.contains("public struct FocalLoss"))
    }

    @Test func `A missing stage names the command to run, a missing file its relative path`() throws {
        let pod = try Pod()
        try FileManager.default.removeItem(at: pod.root.appending(path: "store/split"))
        try FileManager.default.removeItem(at: pod.root.appending(path: "store/evaluate/queries.csv"))
        let result = try pod.render("```{split-table}\n```\n\n```{scenario-table}\n```\n")
        #expect(result.errors.count == 2)
        #expect(
            result.errors[0].message == "there is no result of 'split'. Run 'whalebook run split', then render again.")
        #expect(result.errors[1].message.hasPrefix("Cannot read store/evaluate/queries.csv:"))
    }

    @Test func `A kind's unknown parameter is reported with its line and the nearest known one`() throws {
        let result = try Pod().render("\n```{whale-table}\n#| label: tbl-w\ncont: 3\n```\n")
        #expect(result.errors.map(\.message) == ["line 4: 'whale-table' takes no 'cont'. Did you mean 'count'?"])
    }

    @Test func `An intended failure does not count`() throws {
        let pod = try Pod()
        let result = try pod.render("```{split-tabel}\n#| error: true\n```\n")
        #expect(result.errors.isEmpty)
        #expect(try pod.read("reports/trial.md").contains("has failed"))
    }

    @Test func `A cell reads only the stages that it names`() throws {
        let result = try Pod().render(
            "```{split-table}\n#| from: [evaluate]\n```\n```{split-table}\n#| from: splt\n```\n")
        #expect(result.errors.count == 2)
        #expect(result.errors[0].message.contains("Write '#| from: [evaluate, split]'."))
        #expect(result.errors[1].message.contains("Did you mean 'split'?"))
    }

    @Test func `Wrong front matter is reported at the top, and the document is still rendered`() throws {
        let pod = try Pod()
        let result = try pod.render("---\ntitel: x\n---\nText\n")
        #expect(result.errors.map(\.line) == [2])
        #expect(
            try pod.read("reports/trial.md").contains(
                "> - Line 2: unknown front matter key 'titel'. Did you mean 'title'?"))
    }

    // MARK: Fields for the author

    @Test func `An empty field is marked in place, listed at the top and in the result, and not an error`()
        throws
    {
        let pod = try Pod()
        let result = try pod.render(
            """
            ---
            params: {score: null, place: "", k: 20}
            team:
              - {name: A, biography: "", city: null}
            ---
            At `{wb} params.score | hint("The score, and its place.")`, `{wb} params.place | or(no place)`, `{wb} params.k`, `{wb} team.0.city`.

            ```{team}
            ```

            """)
        #expect(result.errors.isEmpty)
        #expect(
            result.gaps.map(\.description) == [
                "trial.book.md:6: to be filled in: params.score", "trial.book.md:6: to be filled in: team.0.city",
                "trial.book.md:8: to be filled in: team.0.biography", "trial.book.md:8: to be filled in: team.0.city",
            ])
        let markdown = try pod.read("reports/trial.md")
        #expect(
            markdown.contains(
                "> [!NOTE]\n> **To be filled in: 4 fields.**\n>\n> - `params.score` in `trial.book.md`, shown at line 6\n"
            ))
        #expect(
            markdown.contains(
                "At **\\[to be filled in: params.score\\]** The score, and its place., no place, 20, **\\[to be filled in: t"
            ))
        #expect(
            markdown.contains(
                "**A**\n\n**\\[to be filled in: team.0.biography\\]** Two or three sentences about you.\n\nCity: **\\[to be f"
            ))
    }

    @Test func `A result that is null is an error`() throws {
        let result = try Pod().render("`{wb} evaluate.pooled.seeds.deviation`\n")
        #expect(result.gaps.isEmpty && result.errors.count == 1)
    }

    // MARK: Stale results

    @Test func `Stale results are marked at the top, at the caption and at each number`() throws {
        let pod = try Pod()
        pod.staleness = ["split": "split.fold 0 -> 1"]
        let result = try pod.render(
            "At `{wb} split.photographs`, not `{wb} evaluate.pooled.map`.\n\n```{split-table}\n#| label: tbl-s\n"
                + "#| tbl-cap: \"Split\"\n```\n\n```{scenario-table}\n#| label: tbl-e\n#| tbl-cap: \"Fresh\"\n```\n")
        #expect(result.errors.isEmpty)
        #expect(result.staleCells == 2)
        let markdown = try pod.read("reports/trial.md")
        #expect(markdown.contains("> [!WARNING]\n> **Stale: 1 cell and 1 number show an earlier state**"))
        #expect(markdown.contains("> - split fold 0: split.fold 0 -\\> 1"))
        #expect(markdown.contains("At 20<sup>†</sup>, not 0.5125."))
        #expect(markdown.contains("**Table 1.** Split ⚠ *stale: split.fold 0 -\\> 1*"))
        #expect(markdown.contains("**Table 2.** Fresh\n"))
    }

    @Test func `Fresh results have no banner`() throws {
        let pod = try Pod()
        let result = try pod.render("`{wb} split.photographs`\n")
        #expect(result.staleCells == 0)
        #expect(!(try pod.read("reports/trial.md").contains("[!")))
    }

    // MARK: Cell options

    @Test func `Cells obey eval, include, output and echo`() throws {
        let pod = try Pod()
        func text(_ option: String) throws -> String {
            try pod.markdown("```{split-table}\n#| label: tbl-s\n#| \(option)\n```\n")
        }
        #expect(try !text("eval: false").contains("| training |"))
        #expect(try !text("include: false").contains("| training |"))
        #expect(try !text("output: false").contains("| training |"))
        let echoed = try text("echo: true")
        #expect(echoed.contains("````markdown\n```{split-table}\n#| label: tbl-s"))
        #expect(echoed.contains("| training |"))
    }

    @Test func `Notes of a cell are shown by default`() throws {
        let pod = try Pod()
        let cell = "```{whale-table}\n#| warning: WARN\ncount: 1\n```\n"
        #expect(try pod.markdown(cell.replacing("WARN", with: "true")).contains("1 of 4 animals are shown."))
        #expect(try !pod.markdown(cell.replacing("WARN", with: "false")).contains("1 of 4 animals are shown."))
    }

    @Test func `Parameters of a cell can be inline values`() throws {
        let markdown = try Pod().markdown(
            "---\nparams: {count: 2}\n---\n```{whale-table}\n#| tbl-cap: \"`{wb} shown`\"\ncount: \"`{wb} params.count`\"\n```\n"
        )
        #expect(markdown.contains("2 of 4 animals are shown."))
    }

    // MARK: Tables

    @Test func `Scenario names with bars stay in their cell`() throws {
        let markdown = try Pod().markdown("```{scenario-table}\n```\n")
        #expect(markdown.contains("| left\\|top | 10 | 2 | 0.275 | 0.000 to 0.500 | 50.0% | 50.0% | 100.0% |"))
        #expect(markdown.contains("| **all queries** | – | 4 | 0.512 |"))
        #expect(markdown.contains("One seed, spread unknown"))
        #expect(markdown.contains("queries sha256:aaaaaaaaaaaa"))
    }

    @Test func `The split's table counts photographs, animals and views of each role`() throws {
        let markdown = try Pod().markdown("```{split-table}\n```\n")
        #expect(markdown.contains("| training | 6 | 3 | 0 | 6 | 6 | 0 |"))
        #expect(markdown.contains("| test | 11 | 4 | 1 | 11 | 3 | 8 |"))
    }

    @Test func `The metrics table has the effects of training and expansion`() throws {
        let markdown = try Pod().markdown("```{metrics-table}\n```\n")
        #expect(markdown.contains("| before training, with marks and query extension | 4 | 0.250 | – | 25.0% |"))
        #expect(markdown.contains("| final, animals never trained on | 1 | 0.250 |"))
        #expect(markdown.contains("| networks alone, before training | 4 | 0.125 |"))
        #expect(markdown.contains("| networks alone, after training | 4 | 0.500 |"))
        #expect(!markdown.contains("alpha-qe"))
    }

    @Test func `The worst animals come first`() throws {
        let markdown = try Pod().markdown("```{whale-table}\n```\n")
        let rows = markdown.split(separator: "\n").filter { $0.hasPrefix("| whale ") }
        #expect(rows.map { String($0.dropFirst(2).prefix(7)) } == ["whale 4", "whale 2", "whale 3", "whale 1"])
    }

    @Test func `The machine and the stages' times are listed`() throws {
        #expect(MachineFact.threads(of: [["threads": 2], ["threads": 2]]) == " (2 threads)")
        #expect(MachineFact.threads(of: [["threads": 1]]) == " (1 thread)")
        for other: [JSONValue?] in [[], [["threads": 2], ["threads": 4]], [["threads": 2], nil]] {
            #expect(MachineFact.threads(of: other).isEmpty)
        }
        let markdown = try Pod().markdown("```{machine-specs}\n```\n")
        #expect(
            markdown.contains(
                "| Processor | Test processor |\n| Cores | 2 |\n| Memory | 8.0 GiB |\n| Memory used by training | 650 MiB |"
            ))
        #expect(markdown.contains("| Machine | processor Test processor, cores 2, memory 8.0 GiB |"))
        #expect(markdown.contains("| train lite0 seed 1 fold 0 | 7.5 s |"))
        let memory = try Pod().markdown("`{wb} run.training.memory | or(unknown)`\n")
        #expect(memory.contains("Training used at most 650 MiB of main memory, measured after each epoch;"))
    }

    @Test func `The team comes from the front matter, escaped`() throws {
        let markdown = try Pod().markdown(
            "---\nteam: [{name: A *B*, biography: Works with whales., city: Oslo}, {name: C}]\n---\n```{team}\n```\n")
        #expect(markdown.contains("**A \\*B\\***\n\nWorks with whales.\n\nCity: Oslo.\n\n**C**"))
    }

    @Test func `Code links to its lines by a relative path`() throws {
        let markdown = try Pod().markdown("```{code}\nsnippet: focal-loss\n```\n")
        #expect(markdown.contains("```swift\n/// Counts hard photographs more.\npublic struct FocalLoss {"))
        #expect(
            markdown.contains(
                "From [`Sources/Networks/FocalLoss.swift`, lines 4–7](../Sources/Networks/FocalLoss.swift#L4-L7)."
            ))
    }

    @Test func `Provenance ends every document once, folded`() throws {
        let pod = try Pod()
        for text in ["Text\n", "```{provenance}\n```\n\nText\n"] {
            let markdown = try pod.markdown(text)
            #expect(markdown.components(separatedBy: "<summary>Provenance</summary>").count == 2)
            #expect(markdown.contains("| Command | `whalebook report` |"))
            #expect(markdown.contains("| split | – | – | 0 | fresh | cached |"))
        }
    }

    @Test func `The model table has stochastic depth if a member has it`() throws {
        let pod = try Pod()
        #expect(try !modelTable(pod).columns.contains("Stochastic depth"))
        pod.configuration = [
            "train": ["members": [["name": "lite0", "backbone": "b", "weights": "none", "stochastic-depth": 0.25]]]
        ]
        let (columns, row) = try modelTable(pod)
        let column = try #require(columns.firstIndex(of: "Stochastic depth"))
        #expect(row[column] == "0.25")
    }

    @Test func `The model table has the licence of the initial weights if one is known`() throws {
        let pod = try Pod()
        #expect(try !modelTable(pod).columns.contains("Licence"))
        for (licence, name) in [("cc-by-nc-4.0", "CC BY-NC 4.0"), ("openrail", "openrail")] {
            try pod.writeTraining(folder: "train", parameters: 5, licence: licence)
            let (columns, row) = try modelTable(pod)
            let column = try #require(columns.firstIndex(of: "Licence"))
            #expect(row[column] == name)
        }
    }

    @Test func `The model table says that a backbone was frozen`() throws {
        let pod = try Pod()
        #expect(try !pod.markdown("```{model-table}\n```\n").contains("frozen"))
        try pod.writeTraining(folder: "train", parameters: 1_000_000, train: ["freeze": "backbone"])
        #expect(try pod.markdown("```{model-table}\n```\n").contains("The backbone of lite0 was frozen: only"))
    }

    /// The header and the first row of the model table.
    private func modelTable(_ pod: Pod) throws -> (columns: [String], row: [String]) {
        let table = try pod.markdown("```{model-table}\n#| tbl-cap: \"Models.\"\n```\n").split(separator: "\n")
            .filter { $0.hasPrefix("|") }
            .map { row in row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        // Below the header and the rule; other tables follow.
        return try (#require(table.first), #require(table.dropFirst(2).first))
    }
}
