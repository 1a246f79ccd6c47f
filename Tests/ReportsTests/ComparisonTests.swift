import Basics
import Evaluation
import Foundation
import Results
import Testing

@testable import Reports

struct ComparisonTests {
    private static func comparedPod() throws -> Pod {
        let pod = try Pod()
        try pod.addEarlierRun()
        return pod
    }

    // MARK: Inline values

    @Test(arguments: [
        ("compare.verdict", "undecided"), ("compare.difference | signed(4)", "+0.0625"),
        ("compare.fixed | count", "1"), ("compare.fixed.0.query_id", "top-top-w1p3"),
        ("compare.broken | plural(query, queries)", "1 query"), ("compare.new.reason | or(none)", "more epochs"),
        ("compare.old.reason | or(none)", "none"), ("compare.interval.1 | signed(4)", "+0.5625"),
        ("runs | count", "3"), ("runs.1.failure", "out of memory"),
    ])
    func `A comparison has inline values`(expression: String, text: String) throws {
        let markdown = try Self.comparedPod().markdown("xx`{wb} \(expression)`yy\n")
        #expect(markdown.contains("xx\(MarkdownText.escaped(text))yy"))
    }

    @Test func `Two runs are compared once per document, however often it uses the comparison`() throws {
        let pod = try Self.comparedPod()
        _ = try pod.markdown(
            "`{wb} compare.verdict` `{wb} compare.wins`\n\n```{compare-table}\n```\n\n```{compare-grid}\n```\n")
        #expect(pod.comparisons.count == 1)
    }

    @Test func `The document's parameters name the runs`() throws {
        let text = "---\nparams: {old: previous, new: current}\n---\n`{wb} compare.verdict`\n"
        let pod = try Self.comparedPod()
        #expect(try pod.render(text, parameters: ["old": "1", "new": "3"]).errors.isEmpty)
        let result = try pod.render(text, parameters: ["old": "baselin"])
        #expect(
            result.errors.map(\.message) == ["there is no run 'baselin' or 'current'. 'whalebook runs' lists them."])
    }

    @Test func `A misspelt name below a comparison is an error that suggests the nearest`() throws {
        let result = try Self.comparedPod().render("`{wb} compare.verdct`\n")
        #expect(result.errors[0].message.contains("Did you mean 'compare.verdict'?"))
    }

    // MARK: A first run

    @Test func `Without an earlier run a value says what to do, unless it has a fallback`() throws {
        for ledger in [nil, ReportLedger(runs: [Pod.first]) { _, _ in nil }] {
            let pod = try Pod()
            pod.ledger = ledger
            let result = try pod.render("`{wb} compare.verdict`\n")
            #expect(result.errors.count == 1)
            #expect(result.errors[0].message.hasPrefix("there is nothing to compare yet: no earlier run"))
            #expect(result.errors[0].message.contains("Run 'whalebook run' after a retrain"))
            let texts = "`{wb} compare.verdict | or(nothing yet)`, `{wb} compare.fixed | count | or(none)`"
            #expect(try pod.markdown(texts).contains("nothing yet, none"))
        }
    }

    @Test(arguments: ["compare-table", "compare-grid", "compare-chart", "compare-curves"])
    func `Without an earlier run a cell has a note instead of its output`(kind: String) throws {
        let pod = try Pod()
        let markdown = try pod.markdown("```{\(kind)}\n#| label: fig-a\n#| fig-cap: \"`{wb} none`\"\n```\n")
        #expect(markdown.contains("**Figure 1.** There is nothing to compare yet"))
        #expect(try pod.files(in: "reports") == ["trial.book.md", "trial.md"] + Pod.records)
    }

    // MARK: The grid

    @Test func `Each query has what it returned before and after, with links`() throws {
        let pod = try Self.comparedPod()
        let markdown = try pod.markdown(
            "```{compare-grid}\n#| label: fig-f\n#| fig-cap: \"`{wb} shown` of `{wb} selected`, `{wb} queries`\"\n"
                + "ranks: 3\n```\n"
        )
        #expect(markdown.contains("**Figure 1.** 1 of 1, 4\n"))
        let rows = markdown.split(separator: "\n").filter { $0.contains("photographs/") }
        #expect(rows.count == 2)
        #expect(rows[0].hasPrefix("| before | [w1p3](trial_files/photographs/w1p3.jpeg) | whale 1 | top | 0.250 |"))
        #expect(rows[0].contains("The first right match has rank 3"))
        #expect(rows[1].hasPrefix("| after | [w1p3](trial_files/photographs/w1p3.jpeg) | whale 1 | top | 1.000 |"))
        #expect(rows[1].contains("✓ [w1p1](trial_files/photographs/w1p1.jpeg) 0.800, ✗"))
        let data = try JSONValue.read(pod.root.appending(path: "reports/trial_files/figure-gfm/fig-f-1.json"))
        #expect(data[path: "rows.0.before.answers.2.mark"]?.string == "right")
        #expect(data[path: "rows.0.after.answers.0.mark"]?.string == "right")
        #expect(markdown.contains("A query is fixed if its first match is right now"))
    }

    @Test(arguments: [("fixed", "whale 1"), ("broken", "whale 2"), ("still-failing", "whale 4")])
    func `The selection decides which queries are shown`(selection: String, whale: String) throws {
        let markdown = try Self.comparedPod().markdown("```{compare-grid}\nselect: \(selection)\n```\n")
        let rows = markdown.split(separator: "\n").filter { $0.contains("photographs/") }
        #expect(rows.count == 2 && rows.allSatisfy { $0.contains(" \(whale) |") })
    }

    @Test(arguments: [
        ("fixed", "No query was fixed."), ("broken", "No query was broken."),
        ("still-failing", "No query fails in both runs."),
    ])
    func `An empty selection has a note`(selection: String, note: String) throws {
        let pod = try Pod()
        try pod.addEarlierRun { asked in
            asked[0] = Pod.asked[0]
            asked[1] = Pod.asked[1]
            asked[1].first = 2
        }
        // Whales 2 and 4 fail in both runs; for the last case nothing may fail.
        if selection == "still-failing" {
            try pod.addEarlierRun { asked in for index in asked.indices { asked[index].first = 1 } }
        }
        let markdown = try pod.markdown("```{compare-grid}\n#| label: fig-a\nselect: \(selection)\n```\n")
        #expect(markdown.contains("**Figure 1.** \(note)\n"))
        #expect(!markdown.contains("![") && !markdown.contains("error"))
    }

    @Test func `An unknown selection is an error that suggests the nearest`() throws {
        let result = try Self.comparedPod().render("```{compare-grid}\nselect: fixd\n```\n")
        #expect(
            result.errors.map(\.message) == [
                "line 2: 'select' is 'fixd' but must be one of: fixed, broken, still-failing. Did you mean 'fixed'?"
            ])
    }

    // MARK: The tables

    @Test func `The table has the measures, the verdict with its reason, and the worst losses first`() throws {
        let markdown = try Self.comparedPod().markdown(
            "```{compare-table}\n#| label: tbl-c\n#| tbl-cap: \"`{wb} shown` of `{wb} animals`: "
                + "`{wb} fixed`, `{wb} broken`\"\n```\n"
        )
        for line in [
            "**Table 1.** 2 of 4: 1, 1", "| Measure | Before (run 1) | After (run 3, longer) | Change |",
            "| mAP@20 | 0.4500 | 0.5125 | +0.0625 |", "| Top 1 | 25.0% | 50.0% | +25.0 points |",
            "| mAP@20, animals never trained on | 0.2500 | 0.2500 | 0.0000 |",
            "| mAP@20, left\\|top | 0.2750 | 0.2750 | 0.0000 |", "| Verdict | **undecided** |",
            "| Reason | at least one run has only one seed, so the spread between seeds is unknown; chance alone "
                + "would bring as large a change with probability 1.0000 |",
            "| Change of mAP@20 | 0.4500 to 0.5125, +0.0625 (95% interval by animal −0.3750 to +0.5625) |",
            "| Queries | 4: 1 better, 1 worse, 2 unchanged |",
            "| First photograph | 1 broken, 1 fixed, 1 still failing |",
            "| mAP@20 by seed, before | 0.4500 |", "1 query is in only one run and is left out.",
        ] {
            #expect(markdown.contains(line + "\n"), "\(line)")
        }
        #expect(markdown.contains("| whale 2 | 1 | 1 | 0 | −0.5000 |\n| whale 1 | 1 | 0 | 1 | +0.7500 |\n\n"))
    }

    @Test func `With several seeds each, the change is that of their means, and every seed is listed`() throws {
        let pod = try Self.comparedPod()
        let ledger = try #require(pod.ledger)
        pod.ledger = ReportLedger(runs: ledger.runs) { old, new in
            guard let found = try ledger.comparison(old, new) else { return nil }
            let rows = [found.old, found.new].map { try? EvaluateFiles.queries.read(in: $0.folder(of: .evaluate)) }
            let comparison = Comparison(
                old: rows[0] ?? [], new: rows[1] ?? [], oldSeeds: [0.45, 0.47], newSeeds: [0.5125, 0.5])
            return ReportComparison(
                result: ComparisonSummary(comparison, fallenOut: 0, old: Pod.first, new: Pod.present, changes: []),
                old: found.old, new: found.new)
        }
        let markdown = try pod.markdown("```{compare-table}\n```\n")
        #expect(markdown.contains("| Change of mAP@20, mean over seeds |"))
        #expect(markdown.contains("| mAP@20 by seed, after | 0.5125, 0.5000 |"))
    }

    @Test func `The requested number of animals is shown, with the total`() throws {
        let markdown = try Self.comparedPod().markdown("```{compare-table}\ncount: 1\n```\n")
        #expect(markdown.contains("| whale 2 |") && !markdown.contains("| whale 1 |"))
        #expect(markdown.contains("1 of 2 animals with a fixed or broken query are shown."))
    }

    @Test func `The runs are listed with their changes, reason and outcome`() throws {
        let pod = try Self.comparedPod()
        let markdown = try pod.markdown("```{runs-table}\n#| label: tbl-r\n#| tbl-cap: \"`{wb} shown`\"\n```\n")
        #expect(markdown.contains("**Table 1.** 3\n"))
        #expect(markdown.contains("| 1 |  | 0.4500 | – | the first run | 2024-05-01 | 1 min 35 s |"))
        #expect(
            markdown.contains(
                "| 2 |  | – | – | seeds \\[1\\] → \\[9\\]; a variant off the main line; failed: out of memory |"))
        #expect(markdown.contains("| 3 | longer | 0.5125 | +0.0625 | more epochs; train.schedule.epochs 2 → 3 |"))
        let last = try pod.markdown("```{runs-table}\ncount: 1\n```\n")
        #expect(last.contains("| 3 | longer |") && !last.contains("the first run"))
        #expect(last.contains("The last 1 of 3 runs are shown."))
    }

    @Test func `A run on other data or another split has no change against its parent`() throws {
        let pod = try Self.comparedPod()
        for (name, isComparable) in [("split.fold", false), ("data", false), ("search.k", false), ("splitter", true)] {
            let present = Pod.run(3, changes: [.init(name: name, old: 0, new: 1)], map: 0.5125)
            pod.ledger = ReportLedger(runs: [Pod.first, present]) { _, _ in throw CancellationError() }
            let markdown = try pod.markdown("```{runs-table}\n```\n")
            #expect(markdown.contains("| 0.5125 | +0.0625 |") == isComparable, "\(name)")
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
