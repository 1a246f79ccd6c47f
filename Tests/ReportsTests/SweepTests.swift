import Basics
import Evaluation
import Foundation
import Results
import Testing

@testable import Reports

struct SweepTests {
    private static let cell = """
        ```{query-extension-curve}
        #| label: fig-sweep
        #| fig-cap: "`{wb} choices` choices on `{wb} queries` queries: `{wb} neighbours` and `{wb} alpha`"
        ```

        """

    @Test func `The sweep has a line for each number of neighbours and for none, with the best choice`() throws {
        let pod = try Pod()
        let markdown = try pod.markdown(Self.cell)
        #expect(markdown.contains("**Figure 1.** 4 choices on 3 queries: 3 and 3"))
        #expect(markdown.contains("| 0 | 0.500 | 0.500 |"))
        #expect(markdown.contains("| 3 | 0.400 | 0.625 |"))
        #expect(markdown.contains("The test is not used."))
        let data = try JSONValue.read(pod.root.appending(path: "reports/trial_files/figure-gfm/fig-sweep-1.json"))
        let names = data["lines"]?.array?.compactMap { $0["name"]?.string }
        #expect(names == ["1 neighbour", "3 neighbours", "no extension"])
        #expect(data[path: "lines.1.y"]?.numbers == [0.4, 0.625])
        #expect(data[path: "lines.2.x"]?.numbers == [0, 3])
    }

    @Test func `Inline values have the best choice and the score without extension`() throws {
        let pod = try Pod()
        let text = "`{wb} sweep.best.map | fixed(3)` with `{wb} sweep.best.neighbours`, `{wb} sweep.baseline.map`\n"
        #expect(try pod.markdown(text).contains("0.625 with 3, 0.5"))
    }

    @Test(
        arguments: [
            (
                [["kind": "alpha-qe", "neighbours": 3, "alpha": 3]],
                "(3 neighbours with alpha 3) is the best of 5: mAP@20 0.625, against 0.500 without."
            ),
            (
                [["kind": "alpha-qe", "neighbours": 3, "alpha": 0]],
                "mAP@20 is 0.400 with the setting used (3 neighbours with alpha 0), 0.500 without extension and 0.625 with the "
                    + "best of 5 (3 neighbours with alpha 3). The differences were not tested on validation."
            ),
            (
                [],
                "mAP@20 is 0.500 with the setting used (no extension) and 0.625 with the best of 5 (3 neighbours with alpha 3). "
            ),
            (
                [["kind": "average-qe", "neighbours": 3]],
                "the extension used here was not tried; 3 neighbours with alpha 3 is the best of those tried (0.625, 0.500 "
                    + "without)."
            ),
        ] as [(JSONValue, String)])
    func `A sentence says whether the configured extension is the best on validation`(steps: JSONValue, words: String)
        throws
    {
        let pod = try Pod()
        pod.configuration = .object((pod.configuration.object ?? [:]).merging(["expand": steps]) { $1 })
        let markdown = try pod.markdown("`{wb} sweep.finding`\n")
        #expect(markdown.contains("On 3 validation queries, ranked by the network alone, "))
        #expect(markdown.contains(words), "\(markdown)")
    }

    @Test func `An empty sweep says why it is empty`() throws {
        let pod = try Pod()
        try SweepFiles.choices.write(
            ExpansionSweep(rows: [], queries: 0), in: pod.root.appending(path: "store/sweep"))
        let markdown = try pod.markdown("```{query-extension-curve}\n#| label: fig-sweep\n```\n")
        #expect(markdown.contains("No validation query is answerable"))
    }
}
