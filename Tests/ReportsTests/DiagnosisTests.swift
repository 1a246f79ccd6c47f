import Basics
import Foundation
import Results
import Testing

@testable import Reports

@Suite struct DiagnosisTests {
    @Test func `Causes are listed with their shares, hits and evidence`() throws {
        let markdown = try Pod().markdown("```{failure-causes}\n#| label: tbl-a\n#| tbl-cap: \"`{wb} misses`\"\n```\n")
        #expect(markdown.contains("| few photographs in the database | 1 | 50.0% | 1 | 2 |"))
        #expect(markdown.contains("| hub | 1 | 50.0% | 2 | – |"))
        #expect(!markdown.contains("| dark |"), "no miss has it")
        #expect(markdown.contains("the database has 1 photograph of whale 2"))
        #expect(markdown.contains("w1p1 is wrong in 9 of 9 queries"))
        #expect(!markdown.contains("w3p1 again"), "another cause comes first")
        #expect(markdown.contains("A query misses if its first match is wrong."))
    }

    @Test func `Suspects are listed most likely first, with photographs and evidence`() throws {
        let pod = try Pod()
        let cell = "```{identity-suspects}\n#| label: fig-a\n#| fig-cap: \"`{wb} merges`, `{wb} splits`\"\n```\n"
        let markdown = try pod.markdown(cell)
        let split = try #require(markdown.range(of: "likely two animals"))
        let merge = try #require(markdown.range(of: "likely one animal"))
        #expect(split.lowerBound < merge.lowerBound)
        #expect(markdown.contains("3 of 5 photographs of whale 1"))
        let data = try JSONValue(parsing: Data(pod.read("reports/trial_files/figure-gfm/fig-a-1.json").utf8))
        let shown = data["photographs"]?.array?.compactMap { $0["id"]?.string }
        // For the split, one photograph of each part, with the same view.
        #expect(shown == ["w2p1", "w2p3", "w1p1", "w3p2"])
        #expect(try pod.markdown(cell.replacing("```\n", with: "kind: merge\n```\n")).contains("likely one animal"))
    }

    @Test func `Without suspects there is a note and no figure`() throws {
        let pod = try Pod()
        try pod.write("store/search/suspects.csv", "kind,whale_id,other_whale_id,image_ids,score,evidence,decision\n")
        #expect(try pod.markdown("```{identity-suspects}\n```\n").contains("No name is suspect."))
        try pod.write(
            "store/search/suspects.json",
            "{\"asked\": 20, \"includes_trained\": false, \"top1\": 0.1, \"chance\": 0.1, \"needed\": 0.28, "
                + "\"reason\": \"the ranking is at chance\"}")
        #expect(try pod.markdown("```{identity-suspects}\n```\n").contains("No suspects: the ranking is at chance."))
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
