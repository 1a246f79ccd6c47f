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
        #expect(markdown.contains("| whale 2 | top-top | few photographs in the database; hub |"))
        #expect(markdown.contains("| whale 4 | left\\|top | hub |"))
        let file = try #require(try pod.files(in: "reports/trial_files").first { $0.hasSuffix(".csv") })
        let list = try pod.read("reports/trial_files/\(file)")
        #expect(list.contains("top-top,w2p3,whale 2,2,hub,w3p1 again\n"))
        #expect(list.contains("left|top,w4p4,whale 4,1,hub,w1p1 is wrong in 9 of 9 queries\n"))
        #expect(markdown.contains("A query misses if its first match is wrong."))
        let one = try Pod().markdown("```{failure-causes}\ncount: 1\n```\n")
        #expect(one.contains("<summary>The first 1 of 2 misses, with") && !one.contains("whale 4"))
    }

    @Test func `The chart of factors counts misses and hits`() throws {
        let markdown = try Pod().markdown("```{cause-chart}\n#| label: fig-a\n```\n")
        #expect(markdown.contains("| few photographs in the database | 1 | 50.0% | 2 | 100.0% | 1 |"))
        #expect(markdown.contains("| hub | 2 | 100.0% | – | – | 1 |"))
        #expect(!markdown.contains("| dark |"), "no miss has it")
        #expect(!markdown.contains("; ;") && !markdown.contains("; ."))
    }

    @Test func `Suspects are listed with photographs, dates and evidence, and those of one day come last`() throws {
        let pod = try Pod()
        let cell = "```{identity-suspects}\n#| label: fig-a\n#| fig-cap: \"`{wb} merges`, `{wb} splits`\"\n```\n"
        let markdown = try pod.markdown(cell)
        let split = try #require(markdown.range(of: "1 name that may be two animals, as a table"))
        let merge = try #require(markdown.range(of: "1 pair of names that may be one animal, as a table"))
        #expect(split.lowerBound < merge.lowerBound)
        #expect(markdown.contains("3 of 5 photographs of whale 1"))
        #expect(
            markdown.contains(
                "| 2020-07-03 | – | 0.90 | one group is of a single encounter or day: probably conditions |"))
        let data = try JSONValue(parsing: Data(pod.read("reports/trial_files/figure-gfm/fig-a-1.json").utf8))
        let shown = data["photographs"]?.array?.compactMap { $0["id"]?.string }
        // One photograph of each group, with the same view; this file has no other animal.
        #expect(shown == ["w2p1", "w2p3", ""])
        let only = try pod.markdown(cell.replacing("```\n", with: "kind: merge\n```\n"))
        #expect(only.contains("may be one animal") && !only.contains("may be two animals"))
    }

    @Test func `The nearest other animal of a split is named and shown`() throws {
        let pod = try Pod()
        try SuspectTable.write(
            [0.5, 0.9].map { score in
                .init(
                    kind: .split, whaleID: "whale 2", otherWhaleID: "whale 2-2",
                    imageIDs: score == 0.5 ? ["w2p4", "w2p5"] : ["w2p3"], score: score, evidence: "two groups",
                    rival: .init(whaleID: "whale 4", imageID: "w4p1"))
            }, to: pod.root.appending(path: "store/search/suspects.csv"))
        let markdown = try pod.markdown("```{identity-suspects}\n#| label: fig-a\n```\n")
        let data = try JSONValue(parsing: Data(pod.read("reports/trial_files/figure-gfm/fig-a-1.json").utf8))
        let shown = data["photographs"]?.array?.compactMap { $0["id"]?.string }
        // That of a single day comes last, in spite of its score.
        #expect(shown == ["w2p1", "w2p4", "w4p1", "w2p1", "w2p3", "w4p1"])
        #expect(markdown.contains("whale 4") && markdown.contains("nearest: whale 4"))
    }

    @Test func `A single photograph is in doubt if the three most similar ones of its view show one other animal`()
        throws
    {
        let pod = try Pod()
        let catalog = try Artefacts(pod.inputs).catalog()
        func found(_ query: String, _ ids: [String]) -> SingleSuspects {
            SingleSuspect.found(
                Rankings(queries: [
                    .init(
                        scenario: "s", id: "q", imageID: query,
                        answers: ids.map { .init(imageID: $0, score: 1, isRelevant: nil) })
                ]), in: catalog)
        }
        let doubt = found("w2p1", ["w3p1", "w3p2", "w3p3", "w2p2"])
        #expect(doubt.suspects.map(\.rival) == ["whale 3"] && doubt.judged == 1)
        #expect(doubt.sentence.hasPrefix("Single photographs: for 1 of 1 query photograph, the 3 most similar"))
        // Two animals, the own animal, another view.
        #expect(found("w2p1", ["w3p1", "w1p2", "w3p3"]).suspects.isEmpty)
        #expect(found("w2p1", ["w2p2", "w3p2", "w3p3"]).sentence.contains("none of 1 query photograph is in doubt"))
        #expect(found("w2p1", ["w3p1", "w3p2", "w3p4"]).judged == 0)
    }

    @Test func `Without suspects there is a note and no figure`() throws {
        let pod = try Pod()
        try pod.write("store/search/suspects.csv", "kind,whale_id,other_whale_id,image_ids,score,evidence,decision\n")
        #expect(try pod.markdown("```{identity-suspects}\n```\n").contains("No name is in doubt."))
        try pod.write(
            "store/search/suspects.json",
            "{\"asked\": 20, \"includes_trained\": false, \"top1\": 0.1, \"chance\": 0.1, \"needed\": 0.28, "
                + "\"reason\": \"the ranking is at chance\"}")
        #expect(
            try pod.markdown("```{identity-suspects}\n```\n").contains("No names to check: the ranking is at chance."))
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
