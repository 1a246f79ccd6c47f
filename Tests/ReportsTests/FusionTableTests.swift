import Basics
import Evaluation
import Foundation
import Results
import Testing

@testable import Reports

struct FusionTableTests {
    private static let cell = """
        ```{fusion-table}
        #| label: tbl-fusion
        #| tbl-cap: "`{wb} network | fixed(2)`, `{wb} marks | fixed(2)`, `{wb} both | fixed(2)`: `{wb} verdict`"
        ```

        """

    /// The table of the pod's evaluation with other members.
    private static func markdown(_ changes: [String: JSONValue] = [:], fusion: [String: JSONValue] = [:]) throws
        -> String
    {
        let pod = try Pod()
        let members = (Pod.fusion.object ?? [:]).merging(fusion) { $1 }
        let evaluation = (Pod.evaluation.object ?? [:]).merging(["fusion": .object(members)]) { $1 }
        try pod.write(.object(evaluation.merging(changes) { $1 }), to: EvaluateFiles.evaluation, in: "evaluate")
        return try pod.markdown(cell)
    }

    @Test func `The three rankings are side by side, with tests against the networks and the choices`() throws {
        let markdown = try Self.markdown()
        #expect(markdown.contains("**Table 1.** 0.50, 0.25, 0.62: better"))
        #expect(markdown.contains("| networks alone | 4 | 0.500 | 0.250 to 0.750 | 50.0% | 75.0% | 100.0% |"))
        #expect(markdown.contains("| **networks and marks** | 4 | 0.625 |"))
        #expect(
            markdown.contains("| marks alone, correct photographs of other encounters only | 4 | 0.125 | – | 25.0% |"))
        #expect(markdown.contains("| left\\|top | 2 | 0.250 | 0.000 | 0.250 |"))
        #expect(markdown.contains("| top | 2 | 0.750 | 0.500 | 1.000 |"))
        for row in [
            "| marks alone | networks alone | 4 | −0.250 | −0.500 to 0.000 | p = 0.25 | 0, 2, 2 | undecided |",
            "| **networks and marks** | networks alone | 4 | +0.125 | 0.000 to +0.250 | p \\< 0.001 | 1, 0, 3 | better |",
            "| **networks and marks** | marks alone | 4 | +0.375 | +0.125 to +0.500 | p = 0.011 | 2, 1, 1 | undecided |",
        ] {
            #expect(markdown.contains(row), "\(row)")
        }
        #expect(markdown.contains("| the networks' similarity + matched marks | 0.750 | 62.5% | ✓ |"))
        #expect(markdown.contains("| the networks' similarity | 0.500 | 25.0% |  |"))
        #expect(
            markdown.contains(
                "joins the networks' similarity + matched marks, the best choice on 8 validation photographs, each with the "
                    + "same weight."))
        #expect(markdown.contains("All rankings are before query extension."))
        #expect(
            markdown.contains("Correct photographs of other encounters only: correct photographs of the query's own"))
    }

    @Test
    func `The rankings are compared by the training photographs of the query's animal, with validation's finding`()
        throws
    {
        let rankings = FusionMeasures.Name.allCases.map { ranking -> (String, JSONValue) in
            var members = Pod.fusion[path: ranking.rawValue]?.object ?? [:]
            members["training"] = .object([
                "many": members["scenarios"]?["top-top"] ?? .null, "unseen": members["scenarios"]?["left|top"] ?? .null,
            ])
            return (ranking.rawValue, .object(members))
        }
        let markdown = try Self.markdown(
            fusion: Dictionary(uniqueKeysWithValues: rankings).merging(
                ["ensemble": false, "validation": "Validation differs."]) { $1 })
        #expect(markdown.contains("**By the training photographs of the query's animal**"))
        #expect(
            markdown.contains(
                "| none | 2 | 0.250 | 0.000 | 0.250 |\n| 5 or more | 2 |"))
        #expect(
            markdown.contains("| network alone | 4 | 0.500 |") && markdown.contains("| **network and marks** | 4 |"))
        #expect(
            markdown.contains("| the network's similarity | 0.500 |") && markdown.contains("\nValidation differs.\n"))
    }

    @Test func `If nothing was joined, the reason is a note`() throws {
        let absent = try Self.markdown(
            fusion: [
                "absence": "4 pairs are too few", "parts": [], "choices": [],
                "finding": "Marks and networks are not joined: 4 pairs are too few.",
            ])
        #expect(absent.contains("\nMarks and networks are not joined: 4 pairs are too few.\n"))
        #expect(!absent.contains("Scores joined") && !absent.contains("the best choice"))
        #expect(!absent.contains("**The choice of scores"))
    }

    @Test func `One scenario and one view need no tables of their own`() throws {
        let rankings = FusionMeasures.Name.allCases.map { ranking -> (String, JSONValue) in
            var members = Pod.fusion[path: ranking.rawValue]?.object ?? [:]
            for name in ["scenarios", "viewpoints"] {
                members[name] = .object((members[name]?.object ?? [:]).filter { $0.key.hasPrefix("top") })
            }
            members["other_encounters"] = .null
            return (ranking.rawValue, .object(members))
        }
        let markdown = try Self.markdown(fusion: Dictionary(uniqueKeysWithValues: rankings))
        #expect(!markdown.contains("| Scenario |") && !markdown.contains("Query's view"))
        #expect(!markdown.contains("**By scenario**") && !markdown.contains("**By view**"))
        #expect(!markdown.contains("| networks alone, correct photographs of other encounters only |"))
    }

    @Test func `Without matched marks the table is one sentence`() throws {
        let markdown = try Self.markdown(["fusion": .null])
        #expect(
            markdown.contains(
                "**Table 1.** Marks were not matched. To match them, set 'match: {kind: sift}' and run again.\n"))
    }

    @Test func `The chart of the parts has rankings without training first and the final ranking last`() throws {
        let pod = try Pod()
        let cell = "```{parts-chart}\n#| label: fig-parts\n#| fig-alt: auto\n```\n"
        func names() throws -> [String]? {
            let url = pod.root.appending(path: "reports/trial_files/figure-gfm/fig-parts-1.json")
            return try JSONValue.read(url)["rows"]?.array?.compactMap { $0["name"]?.string }
        }
        #expect(try pod.markdown(cell).contains("| **final, with query extension** | 4 |"))
        #expect(
            try names() == [
                "networks alone, without training", "networks alone", "marks alone", "networks and marks",
                "final, but without training", "final, with query extension",
            ])
        let evaluation = (Pod.evaluation.object ?? [:]).merging(["fusion": .null, "untrained": .null]) { $1 }
        try pod.write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate")
        _ = try pod.markdown(cell)
        #expect(try names() == ["no query extension", "final, with query extension"])
    }

    @Test(arguments: ["metrics-table", "scenario-table"])
    func `Tables of scores have a row without the query's encounter if encounters are known`(kind: String) throws {
        let pod = try Pod()
        let row = "correct photographs of other encounters only |"
        let reason = "are left out of the ranking, because they may show the same waves and plants."
        let known = try pod.markdown("```{\(kind)}\n```\n")
        #expect(known.contains(row) && known.contains(reason))
        #expect(
            known.split(separator: "\n").contains { $0.contains(row) && $0.contains("| 4 | 0.438 | 0.300 to 0.500 |") }
        )
        let evaluation = (Pod.evaluation.object ?? [:]).merging(["other_encounters": .null]) { $1 }
        try pod.write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate")
        let unknown = try pod.markdown("```{\(kind)}\n```\n")
        #expect(!unknown.contains(row) && !unknown.contains(reason))
    }
}
