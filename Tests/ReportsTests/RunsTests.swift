import Basics
import Foundation
import Results
import Testing

@testable import Reports

/// The table of runs with its changes in words, and the drawing of the workflow.
struct RunsTests {
    @Test(
        arguments: [
            ([("train.schedule.epochs", 21, 42)], ["42 epochs instead of 21"]),
            (
                [
                    ("train.loss.gamma", 2, nil), ("train.loss.kind", "focal", "cross-entropy"),
                    ("train.batch-size", 8, 16),
                ],
                ["cross-entropy instead of the focal loss", "train.batch-size 8 → 16"]
            ), ([("split.fold", 0, 1)], ["split.fold 0 → 1"]), ([("seeds", [1], [9])], ["seeds [1] → [9]"]),
            ([("seeds", [1], [1, 2])], ["2 seeds instead of 1"]),
            (
                [("train.members.1.backbone", nil, "b5"), ("train.members.1.name", nil, "second")],
                ["another network, second"]
            ), ([("train.members.1.name", "second", nil)], ["no longer the network second"]),
            ([("train.members.0.name", "a", "b")], ["train.members.0.name a → b"]),
            (
                [("expand.0.alpha", 3, 5), ("expand.1.neighbours", 3, 5)],
                ["query extension: alpha 3 → 5", "query extension, step 2: neighbours 3 → 5"]
            ),
        ] as [([(String, JSONValue?, JSONValue?)], [String])])
    func `Changes of options are in words`(changes: [(String, JSONValue?, JSONValue?)], words: [String]) {
        let changes = changes.map { RunEntry.Change(name: $0.0, old: $0.1, new: $0.2) }
        #expect(OptionWords.changes(changes, RelativePaths(root: URL(filePath: "/"))) == words)
    }

    @Test func `The runs are listed with their changes, reason and outcome`() throws {
        let pod = try Pod()
        try pod.addEarlierRun()
        let markdown = try pod.markdown("```{runs-table}\n#| label: tbl-r\n#| tbl-cap: \"`{wb} shown`\"\n```\n")
        #expect(markdown.contains("**Table 1.** 3\n"))
        #expect(markdown.contains("| 1 |  | 0.450 | – | the first run | 2024-05-01 |"))
        #expect(
            markdown.contains(
                "| 2 |  | – | – | seeds \\[1\\] → \\[9\\]; a variant off the main line; failed: out of memory |"))
        #expect(markdown.contains("| 3 | longer | 0.512 | +0.062 | more epochs; 3 epochs instead of 2 |"))
        let last = try pod.markdown("```{runs-table}\ncount: 1\n```\n")
        #expect(last.contains("| 3 | longer |") && !last.contains("the first run"))
        #expect(last.contains("The last 1 of 3 runs are shown."))
    }

    @Test func `A run on other data or another split has no change against its parent`() throws {
        let pod = try Pod()
        try pod.addEarlierRun()
        for (name, isComparable) in [("split.fold", false), ("data", false), ("search.k", false), ("splitter", true)] {
            let present = Pod.run(3, changes: [.init(name: name, old: 0, new: 1)], map: 0.5125)
            pod.ledger = ReportLedger(runs: [Pod.first, present]) { _, _ in throw CancellationError() }
            let markdown = try pod.markdown("```{runs-table}\n```\n")
            #expect(markdown.contains("| 0.512 | +0.062 |") == isComparable, "\(name)")
        }
    }

    @Test func `Without a ledger the table of runs says so`() throws {
        #expect(try Pod().markdown("```{runs-table}\n```\n").contains("No run has been recorded yet."))
    }

    // MARK: The workflow

    @Test func `The workflow is drawn with every node, and its table names all that each reads`() throws {
        let pod = try Pod()
        let markdown = try pod.markdown(
            "```{workflow-graph}\n#| label: fig-w\n#| fig-cap: \"`{wb} nodes`, `{wb} stages`, `{wb} unsettled`\"\n```\n"
        )
        #expect(markdown.contains("**Figure 1.** 8, 8, 1\n"))
        #expect(markdown.contains("8 nodes: 7 fresh, 1 stale. Not fresh: evaluate."))
        #expect(
            markdown.contains("| search seed 1 fold 0 | fresh | 12 s | split fold 0, embed lite0 seed 1 fold 0 |"))
        #expect(markdown.contains("| split fold 0 | fresh | 12 s | the photographs |"))
        #expect(try pod.read("reports/trial_files/figure-gfm/fig-w-1.svg").contains("<svg"))
        let data = try JSONValue.read(pod.root.appending(path: "reports/trial_files/figure-gfm/fig-w-1.json"))
        #expect(data[path: "nodes.5.state"]?.string == "stale")
    }

    @Test func `An unknown state of a workflow is an error that lists the known ones`() throws {
        let pod = try Pod()
        pod.graph = [Pod.node("split fold 0", [], state: "odd")]
        let result = try pod.render("```{workflow-graph}\n```\n")
        #expect(
            result.errors.map(\.message.description) == [
                "'split fold 0' has the state 'odd'. Known: fresh, stale, missing, partial, failed, blocked."
            ])
    }
}
