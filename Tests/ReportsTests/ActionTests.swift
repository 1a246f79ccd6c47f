import Basics
import Catalog
import Evaluation
import Foundation
import Results
import Testing

@testable import Reports

/// What to do next, and the results by scenario.
struct ActionTests {
    private static let cell = "```{what-to-do}\nnames: sec-names\n```\n"

    @Test func `The points are computed, and name what they are made from`() throws {
        let markdown = try Pod().markdown(Self.cell)
        #expect(
            markdown.contains(
                "- **Check 2 names, first whale 1.** In 1 of them, one group is of a single encounter or day")
        )
        #expect(markdown.contains("[More](#sec-names)"))
        // Every animal of the pod has both views, nothing was measured, and four queries support no limit.
        #expect(!markdown.contains("Photograph the missing") && !markdown.contains("unusual"))
        #expect(!markdown.contains("Trust"))
    }

    @Test func `Without data there is a note and no list`() throws {
        let pod = try Pod()
        try pod.write("store/search/suspects.csv", "kind,whale_id,other_whale_id,image_ids,score,evidence,decision\n")
        #expect(try pod.markdown(Self.cell).contains("Nothing follows from these results."))
    }

    @Test func `Sides without a photograph are listed with the missed queries that one would have helped`() throws {
        let pod = try Pod()
        // Whale 4 loses its left views, whale 1 its top views; the left photograph of whale 4 that missed becomes a top view.
        let text = try pod.read("data/pod/metadata.csv").split(separator: "\n").filter { line in
            !(line.hasPrefix("w4p5") && line.contains(",left,")) && !(line.hasPrefix("w1") && line.contains(",top,"))
        }.map { $0.hasPrefix("w4p4") ? $0.replacing(",left,", with: ",top,") : $0[...] }.joined(separator: "\n")
        try pod.write("data/pod/metadata.csv", text + "\n")
        let state = "of 4 animals, 1 has no top view, 1 has no left view"
        #expect(try pod.markdown(Self.cell).contains("- **Photograph the missing sides.** O\(state.dropFirst()).\n"))
        // A database with left views makes the missing side one to find.
        let scenarios = [
            Scenario(id: "left|top", queries: [], database: [Pod.id(3, 4)]),
            Scenario(id: "top-top", queries: [], database: [Pod.id(2, 1)]),
        ]
        try ScenarioSet(scenarios).write(to: pod.root.appending(path: "store/split/scenarios.json"))
        let markdown = try pod.markdown(Self.cell)
        #expect(
            markdown.contains(
                "- **Photograph these sides, on another day.** They would have given 1 of 2 missed queries one more correct "
                    + "photograph to find.\n"
                    + "  - whale 4, left: none so far (1 missed query of other sides would have had one more to find).\n"
            ),
            "\(markdown)")
        #expect(markdown.contains("| left | 1 | whale 4 |\n| top | 1 | whale 1 |"))
    }

    @Test func `A side whose photographs are all of one encounter is listed, with its missed queries`() throws {
        let pod = try Pod()
        // The left views of whale 4 become one encounter.
        try pod.write(
            "data/pod/metadata.csv", try pod.read("data/pod/metadata.csv").replacing("e4-5", with: "e4-4"))
        let markdown = try pod.markdown(Self.cell)
        #expect(
            markdown.contains(
                "For 1 of 2 missed queries, the catalogue has the query's side of its animal from no other day."),
            "\(markdown)")
        #expect(
            markdown.contains("  - whale 4, left: 2, all of 2020-07-04, 2020-07-05 (1 missed query of this side).\n"))
        // With left views of two encounters, nothing follows; nor if a view is unknown.
        #expect(!(try Pod().markdown(Self.cell).contains("Photograph these sides")))
        try pod.write(
            "data/pod/metadata.csv",
            try pod.read("data/pod/metadata.csv").replacing("w4p1.jpg,32,48,top", with: "w4p1.jpg,32,48,"))
        #expect(!(try pod.markdown(Self.cell).contains("Photograph these sides")))
    }

    @Test func `The limit of trust is the lowest score from which nearly all first matches are correct`() throws {
        let high = (0..<40).map { (score: 0.7 + Double($0) / 200, isCorrect: $0 != 0) }
        let low = (0..<10).map { (score: 0.2 + Double($0) / 100, isCorrect: $0 < 3) }
        let found = try #require(TrustedScore(high + low))
        #expect(found.least == 0.3 && found.above == 40 && found.correctAbove == 39)
        #expect(found.below == 10 && found.correctBelow == 3)
        // Half correct, and too few.
        #expect(TrustedScore((0..<40).map { (score: 0.5, isCorrect: $0 % 2 == 0) }) == nil)
        #expect(TrustedScore((0..<19).map { _ in (score: 0.5, isCorrect: true) }) == nil)
    }

    @Test func `Photographs that often come first wrongly are named, and so is the animal of all exceptions`() throws {
        let pod = try Pod()
        func markdown(missed: ClosedRange<Int>) throws -> String {
            try pod.writeQueries(
                ["top-top", "a", "b", "c"].flatMap { scenario in
                    (1...4).flatMap { whale in
                        (1...5).map { photograph in
                            let isMissed = scenario == "a" && whale == 1 && missed.contains(photograph)
                            return Pod.Asked(
                                scenario: scenario, whale: whale, photograph: photograph, precision: isMissed ? 0.5 : 1,
                                first: isMissed ? 2 : 1)
                        }
                    }
                })
            return try pod.markdown(Self.cell)
        }
        let three = try markdown(missed: 1...3)
        #expect(
            three.contains(
                "- **Doubt a first match that shows a top view of whale 2.** Its top photograph of 2020-07-01 comes first for 23 queries, "
                    + "3 of them wrongly."), "\(three)")
        #expect(three.contains("w2p1](trial_files/photographs/w2p1.jpeg) | whale 1: 3 |"))
        #expect(
            three.contains(
                "77 of 80 (96%) were correct; expect slightly less on other queries. All 3 exceptions show whale 2. An animal "
                    + "that the database lacks can reach it, too: in 80 of 80 queries, another animal does.\n"))
        let hubs = try pod.markdown("```{hubs}\n#| label: fig-h\n#| fig-alt: auto\n```\n")
        #expect(hubs.contains("1 photograph. whale 2, top, first for 23, wrongly for 3, w2p1"), "\(hubs)")
        _ = try pod.markdown("```{whale-grid}\n```\n")
        #expect(
            try pod.read("reports/trial_files/animals/whale-20-2.md").contains(
                "- Doubt a first match that shows its top view: its top photograph of 2020-07-01 comes first for 23 queries, 3 of them "
                    + "wrongly ([w2p1]("))
        #expect(try !markdown(missed: 1...2).contains("Doubt a first match"))
        // With the databases' views known, those with the query's view are counted apart.
        try ScenarioSet(
            ["top-top", "a", "b", "c"].map { id in
                Scenario(id: id, queries: [], database: [id == "c" ? Pod.id(3, 4) : Pod.id(2, 1)])
            }
        ).write(to: pod.root.appending(path: "store/split/scenarios.json"))
        let apart = try markdown(missed: 1...3)
        #expect(
            apart.contains(
                "| from 0.00 | in the database | 44 | 41 | 93% |\n| from 0.00 | not in the database | 36 | 36 | 100% |\n\n"
            ),
            "\(apart)")
    }

    @Test func `Misses are counted by scenario and by the view of the query`() throws {
        let markdown = try Pod().markdown("```{miss-table}\n#| label: tbl-a\n```\n")
        #expect(markdown.contains("| top-top | top | top | 2 | 1 | 50% | 0.750 |"))
        #expect(markdown.contains("| left\\|top | left | – | 2 | 1 | 50% | 0.275 |"))
        #expect(markdown.contains("| **all** | – | – | 4 | 2 | 50% | 0.512 |"))
        #expect(markdown.contains("Hardest: the left views of left"))
        // The queries are of another year than the database.
        let pod = try Pod()
        try pod.write(
            "data/pod/metadata.csv",
            try pod.read("data/pod/metadata.csv").replacing(",2020-07-04,", with: ",2021-07-04,"))
        let years = try pod.markdown("```{miss-table}\n```\n")
        #expect(years.contains("| top-top | top of 2021 | top of 2020 | 2 | 1 |"))
        // One animal has most of the misses.
        try pod.writeQueries(
            (1...4).flatMap { whale in
                (1...4).map { photograph in
                    let isMissed = whale == 1 && photograph < 4
                    return Pod.Asked(
                        scenario: whale == 1 ? "top-top" : "left|top", whale: whale, photograph: photograph,
                        precision: isMissed ? 0.5 : 1, first: isMissed ? 2 : 1)
                }
            })
        let one = try pod.markdown("```{miss-table}\n```\n")
        #expect(one.contains("of all other queries, 0%. All 3 misses are of whale 1."), "\(one)")
    }

    @Test func `A caption says how many wrong first matches have a score that is to be trusted`() throws {
        let pod = try Pod()
        let cell = """
            ```{retrieval-grid}
            #| label: fig-a
            #| fig-cap: "`{wb} shown_misses`. `{wb} exceptions | or(No limit.)`"
            count: 1
            ```

            """
        #expect(try pod.markdown(cell).contains("**Figure 1.** 1 of 2 misses. No limit.\n"))
        try pod.writeQueries(
            (1...4).flatMap { whale in
                (1...5).map { photograph in
                    Pod.Asked(
                        scenario: "top-top", whale: whale, photograph: photograph,
                        precision: whale + photograph == 2 ? 0.5 : 1, first: whale + photograph == 2 ? 2 : 1)
                }
            })
        let sentence =
            "1 of these wrong first matches scores 0.00 or more. Such exceptions are rare: of all 20 first matches"
        #expect(
            try pod.markdown(cell).contains(
                "**Figure 1.** The only miss. \(sentence) with such a score, 1 (5%) is wrong.\n"))
    }
}

/// Sections that are left out with their cells.
struct OptionalSectionTests {
    private static let text = """
        ## First {#sec-first .optional}

        Text of the first.

        ```{heat-map}
        #| label: fig-a
        ```

        ## Second {#sec-second}

        ```{retrieval-grid}
        #| label: fig-b
        count: 1
        ```

        See @fig-b.

        """

    @Test func `An optional section without anything to show is left out with its heading, text and number`() throws {
        let pod = try Pod()
        let whole = try pod.markdown(Self.text)
        #expect(whole.contains("## First") && whole.contains("Text of the first.") && whole.contains("**Figure 2.**"))
        pod.graph.removeAll { $0.stage == .explain }
        let short = try pod.markdown(Self.text)
        #expect(!short.contains("## First") && !short.contains("Text of the first.") && !short.contains("sec-first"))
        #expect(short.contains("## Second") && short.contains("See [Figure 1](#fig-b)."))
        let stays = try pod.markdown(Self.text.replacing(" .optional", with: ""))
        #expect(stays.contains("## First") && stays.contains("There are no heat maps"))
    }

    @Test func `A section stays with a cell that fails, and goes with the sections inside it`() throws {
        let pod = try Pod()
        try FileManager.default.removeItem(at: pod.root.appending(path: "store/explain"))
        _ = try pod.render(Self.text)
        #expect(try pod.read("reports/trial.md").contains("## First"))
        pod.graph.removeAll { $0.stage == .explain }
        let nested = Self.text.replacing("Text of the first.", with: "### Inner\n\nText of the inner.")
        let markdown = try pod.markdown(nested)
        #expect(!markdown.contains("Inner") && !markdown.contains("inner") && markdown.contains("## Second"))
    }

    @Test func `A section without cells stays`() throws {
        #expect(try Pod().markdown("## Alone {.optional}\n\nText.\n").contains("## Alone\n\nText."))
    }
}
