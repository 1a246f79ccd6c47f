import Basics
import Evaluation
import Results
import Testing

@testable import Reports

/// What to do after a comparison, what it leaves open, and what to type to settle that.
struct AdviceTests {
    /// Two runs of `animals` animals, of which `gains` find their first photograph only after, with what is open.
    private static func summary(
        gains: Int, of animals: Int, seeds: ([Double], [Double]) = ([0.5], [0.6]), new: RunEntry = Pod.present,
        changes: [RunEntry.Change] = [], isLoss: Bool = false
    ) -> ComparisonSummary {
        func rows(_ precision: (Int) -> Double) -> [QueryRow] {
            (0..<animals).map { number in
                QueryRow(
                    scenario: "s", id: "\(number)", imageID: "\(number)", whaleID: "\(number)", viewpoint: "",
                    relevant: 1, averagePrecision: precision(number), averagePrecisionBefore: nil, firstHitRank: 1,
                    cause: "")
            }
        }
        let (low, high) = (rows { _ in 0.5 }, rows { $0 < gains ? 1 : 0.5 })
        return ComparisonSummary(
            Comparison(
                old: isLoss ? high : low, new: isLoss ? low : high, oldSeeds: isLoss ? seeds.1 : seeds.0,
                newSeeds: isLoss ? seeds.0 : seeds.1),
            fallenOut: 0, old: Pod.first, new: new, changes: changes)
    }

    @Test func `A clear gain with one seed leaves the seed open, and what to type settles it`() {
        let one = Self.summary(
            gains: 20, of: 20,
            changes: [
                .init(name: "train.weights", old: "my model.pt", new: "b"),
                .init(name: "train.schedule.epochs", old: 21, new: 42),
            ])
        #expect(one.advice == "Replace run 1 with run 3.")
        #expect(
            one.leftOpen?.hasPrefix(
                "To learn whether a second training repeats the gain, train both with the seeds 1, 2, 3.")
                == true)
        #expect(
            one.commands?.first
                == "whalebook run --set 'seeds=[1, 2, 3]' --set 'train.weights=my model.pt' --set train.schedule.epochs=21 "
                + "--tag run-1-seeds")
        // Another kind has other options, and a variant is no configuration of the file.
        for (changes, new) in [
            ([RunEntry.Change(name: "train.loss.kind", old: "focal", new: "cross-entropy")], Pod.present),
            ([.init(name: "expand.1.alpha", old: nil, new: 3)], Pod.present),
            ([.init(name: "import of embed", old: "a", new: "b")], Pod.present),
            ([], Pod.run(3, settings: ["seeds=[9]"])),
        ] {
            let summary = Self.summary(gains: 20, of: 20, new: new, changes: changes)
            #expect(summary.commands == nil)
            #expect(
                summary.leftOpen?.hasSuffix(
                    "Set 'seeds: [1, 2, 3]' in the configuration of each, run the older one "
                        + "first, and compare again.") == true)
        }
    }

    @Test func `A verdict names what changed, and says if the run to use is not shown to beat no training`() throws {
        let pod = try Pod()
        try pod.addEarlierRun()
        var evaluation = Pod.evaluation.object ?? [:]
        evaluation["training"] = [
            "without": 0.25, "with": 0.5, "verdict": "undecided", "probability": 0.02, "interval": nil, "queries": 4,
            "several_seeds": false, "finding": "",
        ]
        try pod.write(.object(evaluation), to: EvaluateFiles.evaluation, in: "evaluate")
        let summary = Self.summary(
            gains: 20, of: 20, changes: [.init(name: "train.schedule.epochs", old: 2, new: 3)])
        let ledger = try #require(pod.ledger)
        pod.ledger = ReportLedger(runs: ledger.runs) { old, new in
            guard let found = try ledger.comparison(old, new) else { return nil }
            return ReportComparison(result: summary, old: found.old, new: found.new)
        }
        let markdown = try pod.markdown(
            "`{wb} compare.advice` `{wb} compare.reservation`\n\n```{compare-verdict}\nqueries: sec-a\n```\n\n## A {#sec-a}\n"
        )
        for text in [
            "Replace run 1 with run 3. But run 3 is not shown to beat no training.\n\n"
                + "- **Why.** Run 3 had train.schedule.epochs 2 → 3.",
            " [More](#sec-a)\n- **Without training.** "
                + "mAP@20 is 0.250 without training and 0.512 in run 3: undecided (p = 0.020, not below 0.01); the "
                + "seeds below also test this. The correct animal comes first for 25.0% without and 50.0% with.\n",
        ] {
            #expect(markdown.contains(text), "\(text)")
        }
    }

    @Test func `If the later run is worse, the report says how to return to the earlier one`() throws {
        let pod = try Pod()
        try pod.addEarlierRun()
        let change = RunEntry.Change(name: "train.schedule.epochs", old: 42, new: 2)
        let ledger = try #require(pod.ledger)
        func markdown(_ changes: [RunEntry.Change]) throws -> String {
            let new = Pod.run(3, changes: changes)
            let summary = Self.summary(gains: 20, of: 20, new: new, changes: changes, isLoss: true)
            pod.ledger = ReportLedger(runs: ledger.runs) { old, current in
                guard let found = try ledger.comparison(old, current) else { return nil }
                return ReportComparison(result: summary, old: found.old, new: .init(entry: new, nodes: found.new.nodes))
            }
            return try pod.markdown("`{wb} compare.advice`\n\n```{compare-verdict}\n```\n")
        }
        let worse = try markdown([change])
        #expect(
            worse.contains(
                "- **What to do next.** To return to run 1, set train.schedule.epochs to 42 in the configuration and type "
                    + "'whalebook run', which uses results that are still in the store. To learn whether a second training "
                    + "repeats the drop, train both with the seeds 1, 2, 3."), "\(worse)")
        #expect(worse.contains("Keep run 1.\n"))
        #expect(try !markdown([.init(name: "expand.1.alpha", old: nil, new: 3)]).contains("To return"))
    }

    @Test func `With several seeds the errors by animals and by seeds are apart, and nothing is open after a verdict`()
    {
        let apart = Self.summary(gains: 20, of: 24, seeds: ([0.4, 0.42], [0.6, 0.66]))
        #expect(apart.verdict == .better && apart.leftOpen == nil && apart.commands == nil)
        #expect(
            apart.why.hasSuffix(
                "The scores of the seeds do not overlap, so the seed is an unlikely cause, too. Other animals would move "
                    + "the change by about 0.039, other seeds by about 0.032 (standard errors)."))
        let mixed = Self.summary(gains: 20, of: 24, seeds: ([0.4, 0.62], [0.6, 0.66]))
        #expect(mixed.leftOpen?.hasPrefix("To learn whether the gain remains with more seeds, train both") == true)
        #expect(mixed.commands?.first?.contains("seeds=[1, 2, 3, 4]") == true)
    }

    @Test func `Until a verdict, only a change that chance hardly explains speaks for the run that scores higher`() {
        // All signs agree in 2 of 2^n patterns: 0.031 of 6 animals, 0.5 of 2.
        #expect(Self.summary(gains: 6, of: 8).advice == "For now run 3 is the better guess.")
        #expect(Self.summary(gains: 2, of: 8).advice == "For now keep run 1.")
        #expect(Self.summary(gains: 20, of: 20).advice == "Replace run 1 with run 3.")
    }
}
