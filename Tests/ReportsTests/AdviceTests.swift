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
        changes: [RunEntry.Change] = []
    ) -> ComparisonSummary {
        func rows(_ precision: (Int) -> Double) -> [QueryRow] {
            (0..<animals).map { number in
                QueryRow(
                    scenario: "s", id: "\(number)", imageID: "\(number)", whaleID: "\(number)", viewpoint: "",
                    relevant: 1, averagePrecision: precision(number), averagePrecisionBefore: nil, firstHitRank: 1,
                    cause: "")
            }
        }
        return ComparisonSummary(
            Comparison(
                old: rows { _ in 0.5 }, new: rows { $0 < gains ? 1 : 0.5 }, oldSeeds: seeds.0, newSeeds: seeds.1),
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
            one.leftOpen?.hasPrefix("Whether a second training would repeat the gain: each run has one seed.") == true)
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
        let markdown = try pod.markdown("```{compare-verdict}\n```\n")
        for text in [
            "- **Why.** Run 3, longer had train.schedule.epochs 2 -\\> 3. Chance alone is an unlikely cause of the gain: p ",
            "- **What to do.** Replace run 1 with run 3. Run 3, longer is not shown to beat no training; the further seeds "
                + "named below would test that too.\n",
        ] {
            #expect(markdown.contains(text), "\(text)")
        }
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
        #expect(mixed.leftOpen?.hasPrefix("Whether the gain would remain with more seeds. To settle it") == true)
        #expect(mixed.commands?.first?.contains("seeds=[1, 2, 3, 4]") == true)
    }

    @Test func `Until a verdict, only a change that chance hardly explains speaks for the run that scores higher`() {
        // All signs agree in 2 of 2^n patterns: 0.031 of 6 animals, 0.5 of 2.
        #expect(Self.summary(gains: 6, of: 8).advice == "For now run 3 is the better guess.")
        #expect(Self.summary(gains: 2, of: 8).advice == "For now keep run 1.")
        #expect(Self.summary(gains: 20, of: 20).advice == "Replace run 1 with run 3.")
    }
}
