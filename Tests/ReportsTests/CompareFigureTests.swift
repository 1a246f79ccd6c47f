import Basics
import Evaluation
import Foundation
import Results
import Testing

@testable import Reports

/// The charts and curves of two runs, the lists of queries, and the printed changes.
struct CompareFigureTests {
    private static func comparedPod(_ change: (inout [Pod.Asked]) -> Void = { _ in }) throws -> Pod {
        let pod = try Pod()
        try pod.addEarlierRun(change)
        return pod
    }

    private static func data(_ pod: Pod, _ name: String) throws -> JSONValue {
        try JSONValue.read(pod.root.appending(path: "reports/trial_files/figure-gfm/\(name).json"))
    }

    // MARK: The chart

    @Test func `Scenarios and animals have their means before and after, losses first`() throws {
        let pod = try Self.comparedPod()
        let markdown = try pod.markdown(
            "```{compare-chart}\n#| label: fig-c\n#| fig-cap: \"`{wb} scenarios`; `{wb} shown` of `{wb} animals`\"\n```\n"
        )
        #expect(markdown.contains("**Figure 1.** 2; 2 of 4\n"))
        let scenarios = try Self.data(pod, "fig-c-1")["rows"]?.array ?? []
        #expect(scenarios.map { $0["name"]?.string } == ["top-top", "left|top", "all queries"])
        func rounded(_ name: String) -> [Double] {
            scenarios.map { (($0[name]?.double ?? .nan) * 1e9).rounded() / 1e9 }
        }
        #expect(rounded("before") == [0.625, 0.275, 0.45])
        #expect(rounded("after") == [0.75, 0.275, 0.5125])
        #expect(scenarios[2]["note"]?.string == "0.450 to 0.512, +0.062, p = 1.00")
        // The interval of the change, from the value before.
        #expect(rounded("low")[2] == 0.075 && rounded("high")[2] == 1.0125)
        let animals = try Self.data(pod, "fig-c-2")["rows"]?.array ?? []
        #expect(
            animals.map { $0["note"]?.string } == [
                "−0.500 × 1 query, −0.125", "+0.750 × 1 query, +0.188",
            ])
        #expect(
            markdown.contains(
                "| whale 2 | 1 | −0.125 | 1.000 | 0.500 | −0.500 | 1 | 0 | 1 | 0 | 0 | – |\n| whale 1 |"))
        #expect(
            markdown.contains("| top-top | 2 | 0.625 | 0.750 | +0.125 | −0.500 to +0.750 | 1.00 | 1 | 1 | 1 | 1 | 0 |"))
        #expect(markdown.contains("| 0 | 0 | 0 | 0 | 1 | whale 1 |"), "a failing animal has what comes first")
        let file = try pod.read("reports/trial_files/tables/fig-c.csv").split(separator: "\n").map(String.init)
        #expect(file[0] == "kind,name,queries,worse,better,broken,fixed,failing,map_old,map_new,in_training")
        #expect(file[1] == "scenario,top-top,2,1,1,1,1,0,0.625,0.75," && file.count == 8)
        #expect(
            markdown.contains(
                "[fig-c.csv](trial_files/tables/fig-c.csv) has the numbers of all queries, 2 scenarios and 4 animals.\n"
            ))
    }

    @Test func `Animals and queries are known from training or not if the split is in the store`() throws {
        let pod = try Self.comparedPod()
        let split = ReportNode(
            Node(.split, fold: 0), key: "split", outputDigest: "", directory: pod.root.appending(path: "store/split"))
        try Self.changeRuns(pod) { $0.new.nodes.append(split) }
        let markdown = try pod.markdown(
            "```{compare-chart}\n#| label: fig-c\n```\n\n```{compare-queries}\n#| label: tbl-q\n```\n")
        #expect(markdown.contains("| Animal | In training | Queries |"))
        #expect(markdown.contains("| whale 2 | yes | 1 | −0.125 | 1.000 | 0.500 |"))
        #expect(markdown.contains("| whale 4 | no | 1 | 0.000 | 0.000 | 0.000 |"))
        #expect(markdown.contains("| w4p4 | whale 4 | no | left\\|top | whale 1 |"))
        for (file, line) in [("fig-c", "animal,whale 4,1,0,0,0,0,1,0.0,0.0,no"), ("tbl-q", ",0.25,1.0,yes")] {
            #expect(try pod.read("reports/trial_files/tables/\(file).csv").contains(line), "\(line)")
        }
    }

    @Test func `The requested number of animals is drawn, and the rest are counted`() throws {
        let markdown = try Self.comparedPod().markdown(
            "```{compare-chart}\n#| label: fig-c\n#| fig-cap: \"`{wb} finding`\"\ncount: 1\n```\n")
        #expect(
            markdown.contains(
                "1 animal got worse (−0.125 in mAP@20), 1 better (+0.188), 2 unchanged. Shown: the only loss."
            )
        )
    }

    @Test func `If no animal changed, only the scenarios are drawn`() throws {
        let pod = try Self.comparedPod { $0 = Pod.asked }
        let markdown = try pod.markdown(
            "```{compare-chart}\n#| label: fig-c\n#| fig-cap: \"`{wb} finding`\"\n```\n")
        #expect(markdown.contains("fig-c-1.svg") && !markdown.contains("fig-c-2.svg"))
        #expect(markdown.contains("0 animals got worse, 0 better, 4 unchanged.\n"))
        #expect(markdown.contains("<summary>All 4 animals: losses, then gains, the largest first</summary>"))
    }

    private static func row(_ name: String, _ precision: Double) -> QueryRow {
        QueryRow(
            scenario: "s", id: name, imageID: name, whaleID: name, viewpoint: "", relevant: 1,
            averagePrecision: precision, averagePrecisionBefore: nil, firstHitRank: 1, cause: "")
    }

    private static func pairs(_ old: [QueryRow], _ new: [QueryRow]) -> [Comparison.Pair] {
        Comparison(old: old, new: new, oldSeeds: [], newSeeds: []).pairs
    }

    @Test(arguments: [
        (1, ["-3"]), (2, ["-3", "+2"]), (3, ["-3", "-1", "+2"]), (4, ["-3", "-1", "+2", "+1"]),
        (9, ["-3", "-1", "+2", "+1", "0"]),
    ])
    func `Half of the animals shown are losses, the worst first, if there are enough gains`(
        count: Int, shown: [String]
    ) {
        let changes = ["+1": 0.1, "-1": -0.1, "0": 0, "+2": 0.2, "-3": -0.3]
        let names = changes.keys.sorted()
        let pairs = Self.pairs(
            names.map { Self.row($0, 0.5) }, names.map { Self.row($0, 0.5 + (changes[$0] ?? 0)) })
        let all = WhaleChange.changes(pairs)
        #expect(WhaleChange.largest(all, count: count).map(\.id) == shown)
        let losses = all.filter { $0.mean.direction == .loss }
        #expect(WhaleChange.largest(losses, count: 2).map(\.id) == ["-3", "-1"], "no gain leaves room for losses")
    }

    @Test func `An animal that loses a little in many queries comes before one that loses more in one`() throws {
        func rows(_ precisions: [(animal: String, value: Double)]) -> [QueryRow] {
            precisions.enumerated().map { place, row in
                QueryRow(
                    scenario: "s", id: "\(place)", imageID: "\(place)", whaleID: row.animal, viewpoint: "", relevant: 1,
                    averagePrecision: row.value, averagePrecisionBefore: nil, firstHitRank: 1, cause: "")
            }
        }
        let animals = Array(repeating: "many", count: 6) + ["one"]
        let changes = WhaleChange.changes(
            Self.pairs(
                rows(animals.map { ($0, 0.5) }), rows(animals.map { ($0, $0 == "many" ? 0.4 : 0.3) })))
        #expect(changes.map(\.id) == ["many", "one"])
        #expect(changes.map { $0.part(of: 7) } == ["−0.086", "−0.029"], "0.6 and 0.2, over 7 queries")
    }

    // MARK: The curves

    @Test func `The trainings of both runs share their axes, each up to its last epoch`() throws {
        let pod = try Self.comparedPod()
        let markdown = try pod.markdown(
            "```{compare-curves}\n#| label: fig-t\n#| fig-cap: \"`{wb} before`, `{wb} after`\"\n```\n")
        #expect(markdown.contains("**Figure 1.** 2, 3\n"))
        let loss = try Self.data(pod, "fig-t-1")["lines"]?.array ?? []
        #expect(loss.map { $0["name"]?.string } == ["before (run 1)", "after (run 3, longer)"])
        #expect(loss.map { $0["y"]?.numbers } == [[5.5, 3.25], [5.5, 3.25, 2.75]])
        let score = try Self.data(pod, "fig-t-2")
        #expect(score["vertical"]?.string == "Validation mAP@20")
        #expect(score[path: "lines.1.y"]?.numbers == [0.2, 0.6, 0.5])
        #expect(markdown.contains("| 3 | – | 0.500 |"))
        #expect(markdown.contains("**Training loss**") && markdown.contains("**Validation mAP@20**"))
        // The best validation is at epoch 2 of both.
        #expect(loss.map { $0["ringed"]?.double } == [2, 2])
        #expect(markdown.contains("after (run 3, longer) 2.750, ring at 2."))
    }

    /// The comparison of a pod with other trainings.
    private static func changeRuns(_ pod: Pod, _ change: @escaping @Sendable (inout ReportComparison) -> Void) throws {
        let ledger = try #require(pod.ledger)
        pod.ledger = ReportLedger(runs: ledger.runs) { old, new in
            guard var found = try ledger.comparison(old, new) else { return nil }
            change(&found)
            return found
        }
    }

    private static func training(_ pod: Pod, _ member: String, seed: Int, _ folder: String) -> ReportNode {
        ReportNode(
            Node(.train, member: member, seed: seed, fold: 0), key: folder, outputDigest: "",
            directory: pod.root.appending(path: "store/\(folder)"))
    }

    @Test func `Of several seeds the first is shown, and the page says so`() throws {
        let pod = try Self.comparedPod()
        let second = Self.training(pod, "lite0", seed: 2, "train-old")
        try Self.changeRuns(pod) { $0.new.nodes.append(second) }
        let markdown = try pod.markdown("```{compare-curves}\n#| label: fig-t\n```\n")
        #expect(markdown.contains("Of several seeds or folds, each line is the first: seed 1, fold 0.\n"))
        #expect(try Self.data(pod, "fig-t-1")[path: "lines.1.y"]?.numbers == [5.5, 3.25, 2.75])
    }

    @Test func `A replaced member is drawn over the one it replaced, and several members have a chart each`() throws {
        let pod = try Self.comparedPod()
        let other = Self.training(pod, "b5", seed: 1, "train-old")
        try Self.changeRuns(pod) { $0.old.nodes = $0.old.nodes.filter { $0.stage != .train } + [other] }
        #expect(try pod.markdown("```{compare-curves}\n#| label: fig-t\n```\n").contains("before (run 1, b5) 0.600"))
        try Self.changeRuns(pod) { $0.new.nodes.append(other) }
        let both = try pod.markdown("```{compare-curves}\n#| label: fig-t\n```\n")
        #expect(
            both.contains("**lite0: Training loss**") && both.contains("**b5: Training loss**")
                && both.contains("fig-t-4.svg"))
        #expect(try Self.data(pod, "fig-t-1")["lines"]?.array?.count == 1, "lite0 is new")
        #expect(try Self.data(pod, "fig-t-3")["lines"]?.array?.count == 2)
    }

    @Test func `A run without a training has a sentence, and the other its curve`() throws {
        let pod = try Self.comparedPod()
        try Self.changeRuns(pod) { $0.old.nodes.removeAll { $0.stage == .train } }
        let text = "```{compare-curves}\n#| label: fig-t\n```\n"
        let one = try pod.markdown(text)
        #expect(
            one.contains("Nothing was trained in run 1: its embeddings are a published network's or were imported.\n"))
        #expect(try Self.data(pod, "fig-t-1")["lines"]?.array?.count == 1)
        try FileManager.default.removeItem(at: pod.root.appending(path: "store/train/history.csv"))
        let none = try pod.markdown(text)
        #expect(none.contains("No epoch is recorded for run 3, longer: its model was imported without its history."))
        #expect(!none.contains(".svg"))
        let entry = Pod.run(1, nodes: [Pod.state(.train, "cc")])
        try Self.changeRuns(pod) { $0.old = .init(entry: entry, nodes: $0.old.nodes) }
        #expect(try pod.markdown(text).contains("The training of run 1 is no longer in the store."))
    }

    /// A training with the given validations; its loss falls unless `loss` gives another for each epoch.
    private static func history(_ maps: [Double?], loss: (Int) -> Double = { 1 / Double($0) }) -> History {
        History(
            member: "lite0", seed: 1, fold: 0,
            epochs: maps.enumerated().map { number, map in
                History.Epoch(
                    number: number + 1, learningRate: 0, trainLoss: loss(number + 1), validationMAP: map,
                    imagesPerSecond: 1, seconds: 1, waitingShare: 0)
            })
    }

    @Test(
        arguments: [([0.2, nil, 0.495, nil, 0.5, 0.3], 5), ([nil, 0.4], 2), ([nil, nil], 2), ([], nil)]
            as [([Double?], Int?)])
    func `The weights of the best validation are used, without one those of the last epoch`(
        maps: [Double?], epoch: Int?
    ) {
        #expect(TrainingCourse(Self.history(maps).epochs).used == epoch)
    }

    @Test(
        arguments: [
            // The reference run's two trainings.
            ([0.018, 0.042, 0.089, 0.173, 0.246, 0.322, 0.417, 0.431, 0.487, 0.511, 0.507], .rising),
            ([0.084, 0.276, 0.355, 0.408, 0.553, 0.637, 0.71, 0.698, 0.734, 0.737, 0.734], .flat(since: 9)),
            ([0.2, 0.6, 0.55, 0.5], .overfitting), ([0.2, 0.6, 0.595, 0.5], .fallen(to: 0.5)),
            ([0.2, 0.6, 0.5], .fallen(to: 0.5)), ([0.2, 0.3, 0.4], .rising), ([0.5, 0.5, 0.5], .flat(since: 1)),
            ([0.2, 0.6], nil), ([nil, nil, nil], nil),
        ] as [([Double?], TrainingCourse.End?)])
    func `The end of a validation rises, is flat or falls`(maps: [Double?], end: TrainingCourse.End?) {
        #expect(TrainingCourse(Self.history(maps).epochs).end == end)
    }

    @Test func `Only a loss that fell further makes a falling validation overfitting`() {
        let history = Self.history([0.2, 0.6, 0.3, 0.3]) { Double($0) }
        #expect(TrainingCourse(history.epochs).end == .fallen(to: 0.3))
    }

    @Test func `What the curves show at their ends is in the caption, and more epochs are advised`() throws {
        let pod = try Self.comparedPod()
        for (folder, maps) in [("train-old", [0.1, 0.2, 0.3]), ("train", [0.2, 0.4, 0.3, 0.3])] {
            try TrainFiles.history.write(
                Self.history(maps), in: pod.root.appending(path: "store/\(folder)"))
        }
        let curves = try pod.markdown("```{compare-curves}\n#| label: fig-t\n#| fig-cap: \"`{wb} finding`\"\n```\n")
        #expect(
            curves.contains(
                "**Figure 1.** Run 1: validation was still rising near the end, from 0.200 at epoch 2 to 0.300 at "
                    + "epoch 3. Run 3, longer: validation stayed below its best after epoch 2 while the loss fell further: the "
                    + "network overfits.\n"
            ))
        let rose =
            "Try more epochs: validation of run 3 was still rising near the end."
        #expect(try !pod.markdown("```{compare-verdict}\n```\n").contains(rose))
        try TrainFiles.history.write(Self.history([0.1, 0.2, 0.3]), in: pod.root.appending(path: "store/train"))
        #expect(try pod.markdown("```{compare-verdict}\n```\n").contains(rose))
    }

    @Test func `A table of curves has every epoch that was measured, unless they are many`() {
        let curves = Curves(
            horizontal: "Epoch", vertical: "",
            curves: [
                .init(name: "a", values: [.nan, 1, .nan, 2, 3]),
                .init(name: "b", values: [.nan, .nan, .nan, 1, .nan, .nan, 2]),
            ])
        #expect(curves.places(about: 100) == [2, 4, 5, 7])
        #expect(curves.places(about: 2) == [2, 5, 7])
    }

    @Test func `Scenarios and animals can be drawn apart`() throws {
        let pod = try Self.comparedPod()
        let markdown = try pod.markdown(
            "```{compare-chart}\n#| label: fig-s\nof: scenarios\n```\n\n```{compare-chart}\n#| label: fig-w\nof: animals\n```\n"
        )
        #expect(try Self.data(pod, "fig-s-1")["rows"]?.array?.count == 3)
        #expect(try Self.data(pod, "fig-w-1")["rows"]?.array?.count == 2)
        #expect(!markdown.contains("fig-s-2.svg") && !markdown.contains("fig-w-2.svg"))
        #expect(!markdown.contains("**By ") && !markdown.contains("fig-s.csv") && markdown.contains("fig-w.csv"))
    }

    // MARK: The lists

    @Test func `Every loss is listed in a folded table and every query in a file, the numbers unrounded`() throws {
        let pod = try Self.comparedPod { $0[1].precision = 0.73664 }
        let markdown = try pod.markdown(
            "```{compare-queries}\n#| label: tbl-q\n#| tbl-cap: \"`{wb} worse`, `{wb} better`, `{wb} failing`, "
                + "`{wb} lasting`, `{wb} queries`\"\n```\n")
        #expect(markdown.contains("**Table 1.** 1, 1, 1, 1, 4\n"))
        #expect(
            markdown.contains(
                "<summary>1 query worse: the 1 broken first, then the largest losses</summary>"))
        #expect(
            markdown.contains(
                "| w2p3 | whale 2 | top-top | broken | whale 2 | whale 3 | 1 | 2 | 0.737 | 0.500 | −0.237 |\n"))
        #expect(
            markdown.contains("<summary>1 query with the same wrong animal first in both runs, worst first</summary>"))
        #expect(markdown.contains("| w4p4 | whale 4 | left\\|top | whale 1 | – | 5 | 0.000 | 0.000 | 0.000 |\n"))
        #expect(!markdown.contains("wrong in both runs"), "no query fails with different animals first")
        #expect(markdown.contains("<summary>1 query better: the 1 fixed first, then the largest gains</summary>"))
        #expect(markdown.contains("[tbl-q.csv](trial_files/tables/tbl-q.csv) has all 4 queries."))
        let lines = try pod.read("reports/trial_files/tables/tbl-q.csv").split(separator: "\n")
        #expect(
            lines[0] == """
                scenario,query_id,query_image_id,whale_id,viewpoint,outcome,first_hit_rank_old,first_hit_rank_new,\
                average_precision_old,average_precision_new,in_training,first_whale_id_old,first_whale_id_new,\
                margin_old,margin_new
                """)
        #expect(
            lines[1].hasPrefix("top-top,top-top-w2p3,w2p3,whale 2,top,broken,1,2,0.73664,0.5,,whale 2,whale 3,")
                && lines.count == 5)
        let margins = lines[1].split(separator: ",").suffix(2).compactMap { Double($0) }
        #expect(margins.count == 2 && margins[0] > 0 && margins[1] < 0, "the first match was correct and is wrong")
        let manifest = try JSONValue.read(pod.root.appending(path: "reports/trial_files/manifest.json"))
        #expect(manifest["files"]?.array?.contains("trial_files/tables/tbl-q.csv") == true)
        _ = try pod.markdown("```{compare-grid}\n#| label: fig-other\n```\n")
        #expect(try !pod.files(in: "reports").contains("trial_files/tables/tbl-q.csv"), "no file is left behind")
    }

    @Test func `A table of very many queries ends`() {
        let rows = (0..<501).map { Self.row("q\($0)", 0.5) }
        let pairs = Self.pairs(rows, rows)
        func ranks(_ pair: Comparison.Pair) -> [Int?] { [pair.old.firstHitRank, pair.new.firstHitRank] }
        func firsts(_ pair: Comparison.Pair) -> (before: String?, after: String?) { (nil, nil) }
        #expect(CompareQueries.table(of: pairs, nil, ranks: ranks, firsts: firsts).rows.count == 500)
        let csv = CompareQueries.csv(pairs, nil, ranks: ranks, margins: { _ in [nil, 0.5] }, firsts: firsts)
        #expect(csv.split(separator: "\n").count == 502)
    }

    // MARK: Printed changes

    @Test func `A printed change is the difference of the printed numbers`() {
        #expect(NumberText.change(from: 0.73664, to: 0.75746, 4) == "+0.0209", "the exact change is 0.02082")
        #expect(NumberText.change(from: 0.73664, to: 0.73656, 4) == "0.0000")
        #expect(NumberText.change(from: .nan, to: 1, 4) == "–")
        var generator = SeededGenerator(seed: 3)
        for digits in [1, 3, 4] {
            for _ in 0..<2000 {
                let (old, new) = (generator.uniform(), generator.uniform())
                let printed = [old, new].map { Self.number(NumberText.fixed($0, digits)) }
                let change = Self.number(NumberText.change(from: old, to: new, digits))
                #expect(abs(change - (printed[1] - printed[0])) < 1e-9, "\(old) to \(new)")
            }
        }
    }

    @Test func `In every table of the report the change is that of the printed numbers`() throws {
        // Precisions whose exact change rounds to another number than the difference of their roundings.
        let pod = try Self.comparedPod { asked in
            asked[0].precision = 0.25564
            asked[1].precision = 0.73664
            asked[2].precision = 0.54966
            asked[3].precision = 0.00033
        }
        var evaluation = Pod.evaluation.object ?? [:]
        var pooled = evaluation["pooled"]?.object ?? [:]
        (pooled["map"], pooled["top1"], pooled["top5"]) = (0.73664, 0.81275, 0.92647)
        evaluation["pooled"] = .object(pooled)
        try pod.write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate-old")
        (pooled["map"], pooled["top1"], pooled["top5"]) = (0.75746, 0.80144, 0.89654)
        evaluation["pooled"] = .object(pooled)
        try pod.write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate")
        let markdown = try pod.markdown(
            "`{wb} compare.answer`\n\n```{compare-table}\n```\n\n```{compare-chart}\n```\n\n"
                + "```{compare-verdict}\n```\n\n```{compare-queries}\n```\n")
        var rows = 0
        var place: Int?
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("|") else {
                place = nil
                continue
            }
            let cells = line.replacing("\\|", with: "/").split(separator: "|").map {
                $0.trimming(while: \.isWhitespace)
            }
            if let head = cells.firstIndex(where: { $0.hasPrefix("Before") }) {
                place = cells.dropFirst(head + 2).first?.lowercased().hasSuffix("change") == true ? head : nil
            }
            guard let place, cells.count > place + 2 else { continue }
            // A share has its count behind it, a change its unit.
            let numbers = cells[place...].prefix(3).map { Self.number($0.prefix { $0 != " " }) }
            guard numbers.allSatisfy(\.isFinite) else { continue }
            rows += 1
            #expect(abs(numbers[2] - (numbers[1] - numbers[0])) < 1e-9, "\(line)")
        }
        #expect(rows >= 15)
        let sentences = markdown.matches(of: #/(\d\.\d+) to (\d\.\d+), ([+−]?\d\.\d+)/#)
        #expect(sentences.count >= 3, "in the alternative texts")
        for sentence in sentences {
            let (old, new, change) = (sentence.1, sentence.2, sentence.3)
            #expect(abs(Self.number(change) - (Self.number(new) - Self.number(old))) < 1e-9, "\(sentence.0)")
        }
    }

    /// A printed number; NaN for other text.
    private static func number(_ text: some StringProtocol) -> Double {
        let plain = String(text).trimming(while: \.isWhitespace).replacing("−", with: "-").replacing("%", with: "")
        return Double(plain) ?? .nan
    }
}
