import Basics
import Evaluation
import Foundation
import Results
import Testing

@testable import Reports

@Suite struct DiagnosisTests {
    @Test func `Every miss is listed with all its factors, and the file has their evidence`() throws {
        let pod = try Pod()
        let markdown = try pod.markdown("```{failure-causes}\n#| label: tbl-a\n#| tbl-cap: \"`{wb} misses`\"\n```\n")
        #expect(markdown.contains("<summary>All 2 misses, with their factors</summary>"))
        #expect(
            markdown.contains("| whale 2 | whale 3 | yes | top-top | (few photographs in the database); hub |"))
        #expect(markdown.contains("| whale 4 | whale 1 | – | left\\|top | hub |"))
        let file = try #require(try pod.files(in: "reports/trial_files").first { $0.hasSuffix(".csv") })
        let list = try pod.read("reports/trial_files/\(file)")
        #expect(list.contains("top-top,w2p3,whale 2,whale 3,2,hub,w3p1 again\n"))
        #expect(list.contains("left|top,w4p4,whale 4,whale 1,1,hub,w1p1 is wrong in 9 of 9 queries\n"))
        #expect(markdown.contains("A query misses if its first match is wrong."))
        let one = try Pod().markdown("```{failure-causes}\ncount: 1\n```\n")
        #expect(one.contains("<summary>The first 1 of 2 misses, with") && !one.contains("whale 4"))
    }

    @Test func `The chart of factors counts misses and hits`() throws {
        let markdown = try Pod().markdown("```{cause-chart}\n#| label: fig-a\n```\n")
        #expect(markdown.contains("| few photographs in the database | 1 | 50.0% | 2 | 100.0% |\n"))
        #expect(markdown.contains("| hub | 2 | 100.0% | – | – |\n"))
        #expect(!markdown.contains("| dark |"), "no miss has it")
        #expect(!markdown.contains("; ;") && !markdown.contains("; ."))
    }

    @Test func `Queries across views have a chart of their own, and few others a sentence`() throws {
        let pod = try Pod()
        try pod.writeKinds(of: "blurred", others: (misses: 3, hits: 20))
        let both = "```{cause-chart}\n#| label: fig-a\n```\n\n```{failure-causes}\n#| label: tbl-a\n```\n"
        let markdown = try pod.markdown(both)
        // A factor that hits have as often has no chart.
        #expect(
            markdown.contains(
                "Of the 12 queries compared with another view on purpose, no factor is in the misses more often than in the "
                    + "hits by 10 percentage points or more, so none of them explains many misses."), "\(markdown)")
        #expect(!markdown.contains("fig-a-1.svg"))
        #expect(markdown.contains("present: 12 queries compared with another view on purpose</summary>"))
        #expect(markdown.contains("| blurred | 2 | 25.0% | 1 | 25.0% |\n"))
        #expect(
            markdown.contains(
                "Of 23 queries in databases with the query's view, 3 missed, too few to compare. Their factors: blurred (2)."
            ), "\(markdown)")
        try pod.writeKinds(of: "blurred", others: (misses: 5, hits: 20))
        let others = try pod.markdown(both)
        #expect(others.contains("fig-a-1.svg") && others.contains("25 queries in databases with the query's view"))
    }

    @Test func `Each confused pair has what decides it and a place for the verdict`() throws {
        let pod = try Pod()
        let cell = "```{look-alikes}\n#| label: fig-a\n```\n"
        let verdict = "☐ two animals ☐ one animal ☐ open"
        #expect(try pod.markdown(cell).contains("Compare their top and left views. \(verdict)"))
        // Their marks were compared, and so were those of first matches.
        func write(agreeing: Int, wrong: Int) throws {
            try ExplainFiles.compared.write(
                (0..<agreeing).map {
                    MatchedMark(
                        queryImageID: "w2p1", imageID: "w3p2",
                        match: Pod.match(0.1 * Double($0), 0.1 * Double($0), 0.9, agrees: true))
                }, in: pod.root.appending(path: "store/explain"))
            try FuseFiles.firstMatches.write(
                [(8, true), (wrong, false)].map { agreeing, isCorrect in
                    FirstMatch(
                        scenario: "top-top", queryID: "q", imageID: "w1p1", agreeing: agreeing, isCorrect: isCorrect)
                }, in: pod.root.appending(path: "store/fuse"))
        }
        for (agreeing, wrong, finding) in [
            (9, 6, "perhaps one animal, since 9 marks agree."),
            (6, 6, "6 marks agree."), (7, 6, "7 marks agree."),
        ] {
            try write(agreeing: agreeing, wrong: wrong)
            let markdown = try pod.markdown(cell)
            #expect(
                markdown.contains(
                    "8 agreeing marks or more, as in a usual correct first match, suggest one animal. Fewer leave it open: "
                        + "wrong first matches have up to \(wrong).\(agreeing < 8 ? " No pair here has as many." : "")\n"
                ))
            #expect(markdown.contains("**whale 2 and whale 3**, look-alikes: \(finding) \(verdict)"), "\(markdown)")
            let data = try JSONValue(parsing: Data(pod.read("reports/trial_files/figure-gfm/fig-a-1.json").utf8))
            #expect(data[path: "pair.query.id"]?.string == "w2p1" && data[path: "pair.answer.id"]?.string == "w3p2")
            #expect(data[path: "pair.matches"]?.array?.count == agreeing)
        }
    }

    @Test func `Photographs that are left out move the correct ones up, and their own animals lose them`() throws {
        func query(_ id: String, _ relevant: Int) -> QueryRow {
            QueryRow(
                QueryResult(scenario: "s", queryID: id, imageID: id, whaleID: "w", relevant: relevant, answers: []),
                before: nil, viewpoint: "top")
        }
        func answers(_ ids: String...) -> [Rankings.Answer] {
            ids.map { .init(imageID: $0, score: 0.5, isRelevant: nil) }
        }
        func ranks(_ id: String, _ right: (String, Int)...) -> [RightRanks.Row] {
            right.map { .init(scenario: "s", queryID: id, imageID: $0.0, rank: $0.1, rankInView: 1) }
        }
        let queries = [query("a", 2), query("b", 1), query("c", 1), query("none", 0)]
        let returned = ["a": answers("hub", "r1", "x"), "b": answers("hub", "x", "y"), "c": answers("x", "y", "z")]
        let right = ["a": ranks("a", ("r1", 2), ("r2", 4)), "b": ranks("b", ("hub", 1)), "c": ranks("c", ("r3", 1))]
        let found = try #require(LeftOutPhotographs(["hub"], from: queries, answers: returned, ranks: right))
        // The only correct photograph of b is left out, so b does not count.
        #expect(found.queries == 2 && found.first == (1, 2))
        // a: (1/2 + 2/4) / 2 with the hub, (1/1 + 2/3) / 2 without; c: 1.
        #expect(abs(found.mean.with - 0.75) < 1e-12 && abs(found.mean.without - (5.0 / 6 + 1) / 2) < 1e-12)
        #expect(!found.isLeast)
        // Beyond the photographs returned, another one that is left out may come before a correct one.
        let least = LeftOutPhotographs(["hub", "other"], from: queries, answers: returned, ranks: right)
        #expect(least?.isLeast == true)
        #expect(LeftOutPhotographs(["hub"], from: queries, answers: returned, ranks: [:]) == nil)
        #expect(
            found.advice(1)
                == "Try leaving it out of the database: without it, the correct animal would come first for 2 "
                + "instead of 1 of 2 test queries, and mAP@20 would be 0.917 instead of 0.750.")
        let same = LeftOutPhotographs(["z"], from: queries, answers: returned, ranks: right)
        #expect(
            same?.advice(1)
                == "Leave it in the database: without it, the correct animal would still come first for 2 of 3 "
                + "test queries, and mAP@20 would be at least 0.833, as it is now.")
    }

    @Test func `Suspects are listed with photographs, dates and evidence, and those of one day come last`() throws {
        let pod = try Pod()
        let cell = "```{identity-suspects}\n#| label: fig-a\n#| fig-cap: \"`{wb} merges`, `{wb} splits`\"\n```\n"
        let markdown = try pod.markdown(cell)
        #expect(markdown.contains("<summary>All 2 names to check, with the evidence</summary>"))
        // The split is of a single photograph, so it comes last in spite of its score.
        let merge = try #require(markdown.range(of: "| 1 | whale 1 |"))
        let split = try #require(markdown.range(of: "| 2 | whale 2 |"))
        #expect(merge.lowerBound < split.lowerBound)
        #expect(markdown.contains("3 of 5 photographs of whale 1"))
        #expect(
            markdown.contains(
                "| 2020-07-03 | – | 0.90 | a single photograph: light or water may explain it | Two groups. |"))
        let file = pod.root.appending(path: "reports/trial_files/tables/fig-a.csv")
        let listed = try SuspectTable.read(file).map(\.suspect)
        #expect(try listed == SearchFiles.suspects.read(in: pod.root.appending(path: "store/search")))
        #expect(markdown.contains("[fig-a.csv](trial_files/tables/fig-a.csv) lists all 2."))
        let data = try JSONValue(parsing: Data(pod.read("reports/trial_files/figure-gfm/fig-a-1.json").utf8))
        let shown = data["photographs"]?.array?.compactMap { $0["id"]?.string }
        // One photograph of each group, with the same view; this file has no other animal.
        #expect(shown == ["w2p1", "w2p3", ""])
        let only = try pod.markdown(cell.replacing("```\n", with: "kind: merge\n```\n"))
        #expect(only.contains("| 1 | whale 1 |") && !only.contains("| 2 | whale 2 |"))
    }

    @Test func `The nearest other animal of a split is named and shown`() throws {
        let pod = try Pod()
        try SuspectTable.write(
            [0.5, 0.9].map { score in
                .init(
                    kind: .split, whaleID: "whale 2", otherWhaleID: "whale 2-2",
                    imageIDs: score == 0.5 ? ["w2p4", "w2p5"] : ["w2p3"], score: score, evidence: "two groups",
                    rival: .init(
                        whaleID: "whale 4", imageID: "w4p1",
                        comparison: score == 0.5
                            ? .init(imageID: "w2p5", similarity: 0.75, kept: ("w2p2", 0.5)) : nil))
            }, to: pod.root.appending(path: "store/search/suspects.csv"))
        let markdown = try pod.markdown("```{identity-suspects}\n#| label: fig-a\n```\n")
        let data = try JSONValue(parsing: Data(pod.read("reports/trial_files/figure-gfm/fig-a-1.json").utf8))
        let shown = data["photographs"]?.array?.compactMap { $0["id"]?.string }
        // That of a single day comes last, in spite of its score.
        #expect(shown == ["w2p2", "w2p5", "w4p1", "w2p1", "w2p3", "w4p1"])
        #expect(markdown.contains("whale 4") && markdown.contains("nearest: whale 4"))
        #expect(data[path: "photographs.0.captions"]?.array?.last?.string == "similarity 0.500")
        #expect(data[path: "photographs.2.captions"]?.array?.last?.string == "similarity 0.750")
        let similar =
            "has a similarity of 0.750 to [w4p1](trial_files/photographs/w4p1.jpeg) of whale 4 (2020-07-01), "
            + "and of 0.500"
        #expect(markdown.contains(similar))
    }

    @Test func `What matched marks support comes first, with those that agree and what to expect of the list`() throws {
        let pod = try Pod()
        func split(_ id: String, score: Double, _ agreeing: Int?, _ kept: Int?) -> IdentitySuspect {
            .init(
                kind: .split, whaleID: "whale 2", otherWhaleID: "whale 2-\(id)", imageIDs: [id], score: score,
                evidence: "marks",
                rival: .init(
                    whaleID: "whale 4", imageID: "w4p1",
                    comparison: .init(
                        imageID: id, similarity: 0.75, kept: ("w2p1", 0.5), agreeing: agreeing, keptAgreeing: kept)))
        }
        let suspects = [split("w2p3", score: 1, 4, 4), split("w2p2", score: 0.25, 12, 1)]
        let url = pod.root.appending(path: "store/search/suspects.csv")
        try SuspectTable.write(suspects, to: url)
        #expect(try SuspectTable.read(url).map(\.suspect) == suspects)
        try pod.write(
            "store/search/suspects.json",
            "{\"asked\": 20, \"includes_trained\": false, \"top1\": 0.9, \"chance\": 0.1, \"needed\": 0.28, "
                + "\"reason\": null, \"marks\": {\"encounters\": 40, \"found\": 30}}")
        let markdown = try pod.markdown("```{identity-suspects}\n#| label: fig-a\n```\n")
        #expect(markdown.contains("the list would say so for 30 of 40 encounters (75%)."))
        let first = try #require(markdown.range(of: "[w2p2](trial_files/photographs/w2p2.jpeg) has a similarity"))
        let second = try #require(markdown.range(of: "[w2p3](trial_files/photographs/w2p3.jpeg) has a similarity"))
        #expect(first.lowerBound < second.lowerBound)
        #expect(markdown.contains("of 0.750 (12 agreeing marks) to"))
        #expect(markdown.contains("of 0.500 (1 agreeing mark) to"))
        // One photograph, but light does not make marks agree.
        #expect(markdown.components(separatedBy: "light or water may explain it").count == 2)
        let data = try JSONValue(parsing: Data(pod.read("reports/trial_files/figure-gfm/fig-a-1.json").utf8))
        #expect(data[path: "photographs.1.mark"]?.string == "doubtful")
        #expect(data[path: "photographs.2.captions"]?.array?.last?.string == "similarity 0.750, 12 agreeing marks")
    }

    @Test func `Without suspects there is a note and no figure`() throws {
        let pod = try Pod()
        try pod.write("store/search/suspects.csv", "kind,whale_id,other_whale_id,image_ids,score,evidence,decision\n")
        let text = "```{identity-suspects}\n#| label: fig-a\n```\n\nSee @fig-a and @fig-b.\n\n"
        let map = "```{embedding-map}\n#| label: fig-b\n```\n"
        let plain = try pod.markdown(text + map)
        // A sentence is no figure, so it has no number, and the next figure is the first.
        #expect(plain.contains("\nNo name is in doubt."))
        #expect(plain.contains("See [the names to check](#fig-a) and [Figure 1]"))
        try pod.write(
            "store/search/suspects.json",
            "{\"asked\": 20, \"includes_trained\": false, \"top1\": 0.1, \"chance\": 0.1, \"needed\": 0.28, "
                + "\"reason\": \"the ranking is at chance\"}")
        let poor = try pod.markdown("```{identity-suspects}\n```\n")
        #expect(poor.contains("No names to check: the ranking is at chance.") && !poor.contains("expect"))
    }

    @Test func `Reliability is a curve over the tenths that have predictions`() throws {
        let pod = try Pod()
        let markdown = try pod.markdown("```{reliability-curve}\n#| label: fig-a\n```\n")
        #expect(markdown.contains("| 0.2 to 0.3 | 5 | 25.0% | 20.0% |"))
        #expect(markdown.contains("Each photograph is a query twice. Half fits. The scenarios."))
        let data = try JSONValue(parsing: Data(pod.read("reports/trial_files/figure-gfm/fig-a-1.json").utf8))
        let bins = data["bins"]?.array ?? []
        #expect(bins.map { $0["said"]?.double } == [0.25, 0.85] && bins.map { $0["share"]?.double } == [0.2, 1])
        try pod.write(
            [
                "calibration": nil, "test": nil, "validation": nil, "contract": [:],
                "learned_from": ["photographs": 3, "animals": 2], "reason": "too few photographs",
            ], to: EvaluateFiles.calibration, in: "evaluate")
        #expect(
            try pod.markdown("```{reliability-curve}\n```\n").contains("There is no calibration: too few photographs."))
    }

    @Test func `Measures by the views of query and database follow those by scenario`() throws {
        let markdown = try Pod().markdown("```{scenario-table}\n```\n")
        #expect(markdown.contains("| left | top | 2 | 0.250 | – | 50.0% |"))
    }
}
