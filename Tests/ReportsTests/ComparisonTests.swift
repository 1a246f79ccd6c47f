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
        ("compare.verdict", "undecided"), ("compare.subtitle", "Run 3 against run 1"),
        ("compare.earlier | or(none)", "none"),
        ("compare.difference | signed(4)", "+0.0625"),
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

    @Test func `A comparison says that the earlier run scored below the method without training`() throws {
        let pod = try Self.comparedPod()
        var evaluation = Pod.evaluation.object ?? [:]
        evaluation["training"] = [
            "without": 0.5, "with": 0.375, "verdict": "undecided", "probability": 0.5, "interval": nil, "queries": 4,
            "several_seeds": false, "finding": "",
        ]
        try pod.write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate-old")
        #expect(
            try pod.markdown("`{wb} compare.earlier`\n").contains(
                "Run 1 scored below the same method without training (0.375 against 0.500)."))
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

    @Test func `Runs that are not comparable are a note, and for a value a reason to have a fallback`() throws {
        let pod = try Pod()
        pod.ledger = ReportLedger(runs: [Pod.first, Pod.present]) { _, _ in
            throw IncomparableRuns("The queries differ. Run both on the same split.")
        }
        let result = try pod.render(
            "`{wb} compare.verdict`\n\n`{wb} compare.answer | or(none)`\n\n```{compare-table}\n```\n")
        #expect(
            result.errors.map(\.message) == [
                "two runs cannot be compared. The queries differ. Run both on the same split. Or add a fallback: | or(not "
                    + "known)."
            ])
        let markdown = try pod.read("reports/trial.md")
        #expect(markdown.contains("\nnone\n\nThe queries differ. Run both on the same split.\n"))
    }

    @Test(arguments: [
        "compare-table", "compare-grid", "compare-chart", "compare-curves", "compare-queries", "compare-verdict",
    ])
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
        let query = "[w1p3](trial_files/photographs/w1p3.jpeg)"
        #expect(rows[0].hasPrefix("| before | \(query) | whale 1 | top-top | 0.250 | 3 |"))
        #expect(rows[1].hasPrefix("| after | \(query) | whale 1 | top-top | 1.000 | 1 |"))
        #expect(rows[1].contains("✓ [w1p1](trial_files/photographs/w1p1.jpeg) 0.800, ✗"))
        let data = try JSONValue.read(pod.root.appending(path: "reports/trial_files/figure-gfm/fig-f-1.json"))
        #expect(data[path: "rows.0.before.2.mark"]?.string == "right")
        #expect(data[path: "rows.0.after.0.mark"]?.string == "right")
        #expect(
            data[path: "rows.0.note"]?.string
                == "First correct photograph: rank 3 (AP 0.250) before, 1 (AP 1.000) after. Whale 2 came first before.")
        #expect(
            data[path: "rows.0.same_side"]?.array?.isEmpty == true, "the wrong animal was seen from the query's side")
        #expect(markdown.contains("A query is broken if its first match was correct and is wrong now"))
    }

    @Test func `A wrong animal seen from another side is shown from the query's, or a sentence says that it cannot be`()
        throws
    {
        // The query is a left view, and the first photograph returned shows whale 1 from the top.
        let pod = try Self.comparedPod()
        func row() throws -> JSONValue? {
            _ = try pod.markdown("```{compare-grid}\n#| label: fig-f\nselect: still-failing\n```\n")
            return try JSONValue.read(pod.root.appending(path: "reports/trial_files/figure-gfm/fig-f-1.json"))["rows"]?
                .array?.first
        }
        let shown = try #require(try row())
        #expect(shown[path: "same_side.0.id"]?.string == "w1p4" && shown["same_side"]?.array?.count == 1)
        #expect(shown["note"]?.string?.contains("No photograph") == false)
        let lines = try pod.read("data/pod/metadata.csv").split(separator: "\n")
            .map(String.init).map { $0.hasPrefix("w1p") ? $0.replacing(",left,", with: ",right,") : $0 }
        try pod.write("data/pod/metadata.csv", lines.joined(separator: "\n") + "\n")
        let absent = try #require(try row())
        #expect(absent["same_side"]?.array?.isEmpty == true)
        #expect(
            absent["note"]?.string?.hasSuffix(" No photograph shows whale 1 from the query's side, left.") == true)
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

    @Test func `The table has the measures, with counts, intervals and the queries that changed`() throws {
        let markdown = try Self.comparedPod().markdown(
            "```{compare-table}\n#| label: tbl-c\n#| tbl-cap: \"`{wb} queries` of `{wb} animals`\"\n```\n")
        for line in [
            "**Table 1.** 4 of 4",
            "| Measure | Without training | Before (run 1) | After (run 3, longer) | Change | p | 95% interval | Worse | Better |",
            "| **mAP@20** | 0.250 | 0.450 | 0.512 | +0.062 | 1.00 | −0.375 to +0.562 | 1 | 1 |",
            "| Top 1 | 25.0% | 50.0% (2) | 50.0% (2) | 0.0 points | 1.00 | −75.0 to +75.0 | 1 | 1 |",
            "| **mAP@20 by animal** |  |  |  |  |  |  |  |  |",
            "| never trained on (1 query) | – | 0.250 | 0.250 | 0.000 | – | – | – | – |",
            "Run 3 had train.schedule.epochs 2 → 3. Both used the same split, queries, database and seed 1. The "
                + "gain may be chance: p = 1.00, not below 0.01 (95% interval by animal −0.375 to +0.562). The limit is 0.01 "
                + "and not 0.05, because each run has one seed.",
            "1 query is in only one run and is left out.",
        ] {
            #expect(markdown.contains(line + "\n"), "\(line)")
        }
        #expect(!markdown.contains("of each seed"), "one seed is the measure itself")
    }

    @Test func `The verdict says what to do and what decides it`() throws {
        let markdown = try Self.comparedPod().markdown("```{compare-verdict}\n```\n")
        for text in [
            "- **Why.** Run 3 had train.schedule.epochs 2 → 3. The gain may be chance: p = 1.00, not below 0.01",
            "The limit is 0.01 and not 0.05, because each run has one seed.\n",
            "- **What to do next.** To learn whether a second training repeats the gain, train both with the seeds 1, 2, 3. "
                + "With the configuration of run 3 in whalebook.yaml, type:\n\n```sh\n"
                + "whalebook run --set 'seeds=[1, 2, 3]' --set train.schedule.epochs=2 --tag run-1-seeds\n"
                + "whalebook run --set 'seeds=[1, 2, 3]' --tag run-3-seeds\n"
                + "whalebook compare run-1-seeds run-3-seeds\n```\n",
            "- **What got worse.** 1 query lost its correct first match, in top-top; 1 gained one. Whale 2 (−0.500, 1 "
                + "query) lost most.\n",
            "- **Without training.** mAP@20 is 0.250 without training and 0.512 in run 3. The correct animal comes first for "
                + "25.0% without and 50.0% with.\n",
        ] {
            #expect(markdown.contains(text), "\(text)")
        }
        #expect(markdown.components(separatedBy: "- **").count == 5 && !markdown.contains("Warning"))
        #expect(!markdown.contains(" min if"), "no training's time is known")
    }

    @Test func `Animals trained on and others are compared over their own queries`() throws {
        let pod = try Self.comparedPod()
        let split = ReportNode(
            Node(.split, fold: 0), key: "split", outputDigest: "", directory: pod.root.appending(path: "store/split"))
        try Self.changeRuns(pod) { $0.new.nodes.append(split) }
        let markdown = try pod.markdown("```{compare-table}\n```\n")
        #expect(markdown.contains("| trained on (3 queries) |"))
        #expect(markdown.contains("| never trained on (1 query) |"))
    }

    @Test func `The measures of new animals have intervals and p, and a change that chance may cause is not clear`()
        throws
    {
        let pod = try Self.comparedPod()
        var evaluation = Pod.evaluation.object ?? [:]
        var novelty = evaluation["novelty"]?.object ?? [:]
        (novelty["auroc"], novelty["known_found"]) = (0.5, 0.25)
        evaluation["novelty"] = .object(novelty)
        try pod.write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate-old")
        let plain = "| AUROC of new against known | – | 0.500 | 0.875 | +0.375 | – | – | – | – |"
        #expect(try pod.markdown("```{compare-table}\n```\n").contains(plain), "there are no similarities")
        func sample(_ number: Int, _ own: Double, _ other: Double) -> NoveltySample {
            NoveltySample(
                part: .test, queryID: "q\(number)", imageID: "i\(number)", whaleID: "whale \(number)",
                own: .init(imageID: "o", whaleID: "whale \(number)", score: own),
                other: .init(imageID: "x", whaleID: "another", score: other))
        }
        // Every animal separates better after; one more of four is found.
        let samples = [
            "search-old": (0..<4).map { sample($0, $0 == 0 ? 0.8 : 0.4, 0.4) },
            "search": (0..<4).map { sample($0, $0 < 2 ? 0.8 : 0.45, 0.3) },
        ]
        let calibration = try EvaluateFiles.calibration.read(in: pod.root.appending(path: "store/evaluate"))
        try EvaluateFiles.calibration.write(calibration, in: pod.root.appending(path: "store/evaluate-old"))
        for (folder, rows) in samples {
            try SearchFiles.novelty.write(rows, in: pod.root.appending(path: "store/\(folder)"))
        }
        try Self.addSearches(pod)
        let markdown = try pod.markdown("```{compare-table}\n```\n")
        let found = "| known animals found first and called known | – | 25.0% | 50.0% | +25.0 points | 1.00 | 0.0 to"
        #expect(
            markdown.components(separatedBy: "\n").contains { $0.hasPrefix(found) && $0.hasSuffix(" | – | – |") }
        )
    }

    /// The comparison of a pod with other results.
    private static func changeRuns(_ pod: Pod, _ change: @escaping @Sendable (inout ReportComparison) -> Void) throws {
        let ledger = try #require(pod.ledger)
        pod.ledger = ReportLedger(runs: ledger.runs) { old, new in
            guard var found = try ledger.comparison(old, new) else { return nil }
            change(&found)
            return found
        }
    }

    /// Adds the searches of both runs, `search-old` and `search`, to the comparison of a pod.
    private static func addSearches(_ pod: Pod) throws {
        let root = pod.root
        try changeRuns(pod) { found in
            func searched(_ name: String) -> ReportNode {
                ReportNode(
                    Node(.search), key: name, outputDigest: "", directory: root.appending(path: "store/\(name)"))
            }
            found.old.nodes.append(searched("search-old"))
            found.new.nodes.append(searched("search"))
        }
    }

    @Test func `The network alone is compared query by query if its rankings exist`() throws {
        let pod = try Self.comparedPod()
        try Self.addSearches(pod)
        // Of two relevant photographs one is returned: at rank 3, 1, 1 and never before, at 1, 2, 1 and never after.
        #expect(
            try pod.markdown("```{compare-table}\n```\n").contains(
                "| network alone | 0.125 | 0.292 | 0.312 | +0.020 | 1.00 | −0.188 to +0.250 | 1 | 1 |"))
    }

    @Test func `The later run is compared with no training even if the earlier one has no such baseline`() throws {
        let pod = try Self.comparedPod()
        var evaluation = Pod.evaluation.object ?? [:]
        evaluation["untrained"] = .null
        try pod.write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate-old")
        #expect(
            try pod.markdown("```{compare-verdict}\n```\n").contains(
                "mAP@20 is 0.250 without training and 0.512 in run 3. The correct"))
    }

    /// A pod whose compared runs have the given work in the ledger.
    private static func comparedPod(
        _ before: [RunEntry.NodeState], _ after: [RunEntry.NodeState]
    ) throws -> Pod {
        let pod = try comparedPod()
        let ledger = try #require(pod.ledger)
        pod.ledger = ReportLedger(runs: ledger.runs) { old, new in
            guard let found = try ledger.comparison(old, new) else { return nil }
            let entries = (Pod.run(1, parent: nil, nodes: before), Pod.run(3, nodes: after))
            let rows = try [found.old, found.new].map { try EvaluateFiles.queries.read(in: $0.folder(of: .evaluate)) }
            return ReportComparison(
                result: ComparisonSummary(
                    Comparison(old: rows[0], new: rows[1], oldSeeds: [0.45], newSeeds: [0.5125]), fallenOut: 0,
                    old: entries.0, new: entries.1, changes: []),
                old: .init(entry: entries.0, nodes: found.old.nodes),
                new: .init(entry: entries.1, nodes: found.new.nodes))
        }
        return pod
    }

    private static func training(_ member: String, seed: Int, seconds: Double) -> RunEntry.NodeState {
        .init(
            Node(.train, member: member, seed: seed, fold: 0), key: "", outputDigest: "", seconds: seconds, ran: true,
            imported: nil)
    }

    @Test func `What more seeds cost is measured by the trainings compared`() throws {
        // 100 s for each of two seeds before, 200 s after; two further seeds of each take 2 · 300 s.
        let pod = try Self.comparedPod(
            [Self.training("a", seed: 1, seconds: 90), Self.training("a", seed: 2, seconds: 110)],
            [Self.training("a", seed: 1, seconds: 150), Self.training("b", seed: 1, seconds: 50)])
        let markdown = try pod.markdown("```{compare-verdict}\n```\n")
        #expect(
            markdown.contains(
                "the seeds 1, 2, 3 (about 10 min by the recorded times). With"),
            "\(markdown)")
    }

    @Test func `The scenarios have their scores without training if that ranking exists`() throws {
        let pod = try Self.comparedPod()
        #expect(try pod.markdown("```{compare-table}\n```\n").contains("| top-top | – | 0.625 |"))
        let rankings = try ExpandFiles.neighbours.read(in: pod.root.appending(path: "store/expand-old"))
        try ExpandFiles.untrainedNeighbours.write(rankings, in: pod.root.appending(path: "store/expand"))
        // Of two relevant photographs one is returned, at rank 3 and at rank 1.
        #expect(try pod.markdown("```{compare-table}\n```\n").contains("| top-top | 0.333 | 0.625 |"))
    }

    @Test func `How pictures are read is said once in a document`() throws {
        let cell = "```{compare-grid}\n#| label: fig-N\nselect: N\n```\n\n"
        let markdown = try Self.comparedPod().markdown(
            cell.replacing("N", with: "fixed") + cell.replacing("N", with: "broken"))
        #expect(markdown.components(separatedBy: "<summary>How to read these pictures</summary>").count == 2)
    }

    @Test func `The first run's reason is in the subtitle`() throws {
        let pod = try Self.comparedPod()
        try Self.changeRuns(pod) { found in
            let old = Pod.run(1, parent: nil, reason: "a short baseline")
            let rows = [found.old, found.new].map { try? EvaluateFiles.queries.read(in: $0.folder(of: .evaluate)) }
            found = ReportComparison(
                result: ComparisonSummary(
                    Comparison(old: rows[0] ?? [], new: rows[1] ?? [], oldSeeds: [0.45], newSeeds: [0.5]),
                    fallenOut: 0, old: old, new: Pod.present, changes: []),
                old: found.old, new: found.new)
        }
        #expect(
            try pod.markdown("`{wb} compare.subtitle`\n").contains("Run 3 against run 1 (reason: a short baseline)\n"))
    }

    @Test func `If no query changed, there is nothing to do`() throws {
        let pod = try Pod()
        try pod.addEarlierRun { $0 = Pod.asked }
        #expect(
            try pod.markdown("`{wb} compare.advice`\n\n```{compare-verdict}\n```\n").contains(
                "Keep either: both runs rank every query equally well.\n\n- **Why.** Run 3 had "
                    + "train.schedule.epochs 2 → 3. The score did not change.\n- **What got worse.** No query lost its "
                    + "correct first match, and no animal lost.\n"))
    }

    @Test func `Without training more seeds decide nothing`() throws {
        let states = [Pod.state(.embed, "e"), Pod.state(.evaluate, "v")]
        let markdown = try Self.comparedPod(states, states).markdown(
            "`{wb} compare.advice`\n\n```{compare-verdict}\n```\n")
        #expect(markdown.contains("Neither run trained anything, so the seed plays no part."))
        #expect(
            markdown.contains("Only photographs of more animals can decide between these runs")
                && !markdown.contains("seeds:") && !markdown.contains("What to do next"))
    }

    @Test func `A run with uncommitted changes has a warning`() throws {
        let pod = try Self.comparedPod()
        let ledger = try #require(pod.ledger)
        pod.ledger = ReportLedger(runs: ledger.runs) { old, new in
            guard var found = try ledger.comparison(old, new) else { return nil }
            let entry = try JSONValue(encoding: Pod.first).object.map { members in
                try JSONValue.object(members.merging(["uncommitted": true]) { $1 }).decoded(as: RunEntry.self)
            }
            found.old = .init(entry: entry, nodes: found.old.nodes)
            return found
        }
        let markdown = try pod.markdown("```{compare-verdict}\n```\n")
        #expect(markdown.contains("Warning: the code of run 1 had uncommitted changes"))
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
        #expect(markdown.contains("| mAP@20 of each seed | – | 0.450, 0.470 | 0.512, 0.500 | +0.046 | – | – | – | – |"))
    }
}
