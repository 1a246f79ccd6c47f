import Basics
import Foundation
import Results
import Testing

@testable import Reports

@Suite struct AblationTests {
    private static let cell =
        "```{ablation-table}\n#| label: tbl-ablation\n#| tbl-cap: \"`{wb} measured` of `{wb} parts`\"\n```\n"

    /// A variant of the main line's third run.
    private static func variant(
        _ number: Int, split: String? = nil, parent: Int = 3, map: Double? = 0.5,
        outcome: RunEntry.Outcome = .finished, configuration: JSONValue = [:], _ changes: String...
    ) -> RunEntry {
        Pod.run(
            number, parent: parent, settings: ["…"], outcome: outcome,
            changes: changes.map { .init(name: $0, old: "a", new: "b") },
            nodes: split.map { [Pod.state(.split, $0)] } ?? [], map: map, configuration: configuration)
    }

    private func markdown(_ variants: RunEntry...) throws -> String {
        let pod = try Pod()
        try pod.addEarlierRun()
        let ledger = try #require(pod.ledger)
        pod.ledger = ReportLedger(
            runs: ledger.runs + variants, splitComparisons: ledger.splitComparisons, comparison: ledger.comparison)
        return try pod.markdown(Self.cell)
    }

    @Test func `A run that differs only in a part's options shows what the part contributes`() throws {
        let markdown = try markdown(Self.variant(4, "train.loss.kind", "train.loss.gamma"))
        #expect(
            markdown.contains(
                "| the focal loss | train.loss.kind a → b; train.loss.gamma a → b (run 4) | 0.512 | 0.500 | +0.012 | – | – |"
            ))
        #expect(markdown.contains("4 of 5"))
    }

    @Test func `The difference from a variant in the store has an interval, and the record keeps the variant`() throws {
        let pod = try Pod()
        try pod.addEarlierRun()
        let ledger = try #require(pod.ledger)
        let found = try #require(try ledger.comparison("previous", "current"))
        pod.ledger = ReportLedger(
            runs: ledger.runs + [Self.variant(4, "train.loss.kind")], variant: { _, _ in found },
            comparison: ledger.comparison)
        let chance = NumberText.fixed(found.result.probability, 2)
        let row = "| train.loss.kind a → b (run 4) | 0.512 | 0.500 | +0.012 | −0.375 to +0.562 | \(chance) |"
        #expect(try pod.markdown(Self.cell).contains(row))
        let record = try JSONValue.read(pod.root.appending(path: "reports/trial_files/record.json"))
            .decoded(as: RenderRecord.self)
        #expect(record.results.contains { $0.key == "evaluate-old" })
        let again = try record.inputs(pod.inputs.place).ledger?.variant(Pod.first, Pod.present)
        #expect(again?.result == found.result)
    }

    @Test func `A later run without a score, such as one of the search alone, does not replace the run`() throws {
        let search = Pod.run(5, parent: 3, settings: [], changes: [], nodes: [], map: nil)
        #expect(try markdown(Self.variant(4, "train.loss.kind"), search).contains("a → b (run 4) | 0.512 | 0.500 |"))
    }

    @Test func `The caption can say which parts are shown to help, and which others were not measured alone`() throws {
        let cell = Self.cell.replacing("`{wb} measured` of `{wb} parts`", with: "`{wb} shown`")
        let sentences = "Not measured alone: ArcFace, the joining of the scores. Shown to help: matched marks."
        #expect(try Pod().markdown(cell).contains("**Table 1.** \(sentences)\n"))
    }

    @Test func `A part that no run replaced is not measured`() throws {
        let markdown = try markdown()
        #expect(markdown.contains("| the focal loss | not measured | – | – | – | – | – |"))
        #expect(
            markdown.contains("| generalised-mean (GeM) pooling | not measured |")
                && !markdown.contains("the classifier"))
    }

    @Test func `Query extension, marks and networks are measured in the run itself, the largest difference first`()
        throws
    {
        let rows = try markdown(Self.variant(4, "train.loss.kind")).split(separator: "\n").filter {
            $0.contains("| none | 0")
        }
        #expect(
            rows == [
                "| the network | none | 0.625 | 0.250 | +0.375 | +0.125 to +0.500 | 0.011 |",
                "| matched marks | none | 0.625 | 0.500 | +0.125 | 0.000 to +0.250 | \\< 0.001 |",
                "| query extension | none | 0.512 | 0.500 | +0.012 | −0.112 to +0.625 | 0.38 |",
            ])
    }

    @Test func `A replaced backbone does not hide what the network adds to marks`() throws {
        let markdown = try markdown(Self.variant(4, map: 0.375, "train.members.lite0.backbone"))
        #expect(markdown.contains("| the network | none | 0.625 | 0.250 |"))
        #expect(markdown.contains("| the network | train.members.lite0.backbone a → b (run 4) | 0.512 | 0.375 |"))
    }

    @Test func `Another query extension is in words, next to none at all`() throws {
        let markdown = try markdown(
            Self.variant(
                4, configuration: ["expand": [["kind": "alpha-qe", "neighbours": 1, "alpha": 5]]],
                "expand.0.alpha", "expand.0.neighbours"),
            Self.variant(
                5,
                configuration: [
                    "expand": [["kind": "database-augmentation", "neighbours": 2], ["kind": "k-reciprocal"]]
                ], "expand"))
        #expect(markdown.contains("| query extension | 1 neighbour, alpha 5 (run 4) | 0.512 | 0.500 |"))
        #expect(
            markdown.contains(
                "| query extension | database-augmentation, 2 neighbours, then k-reciprocal (run 5) | 0.512 | 0.500 |"))
        #expect(markdown.contains("| query extension | none | 0.512 | 0.500 | +0.012 | −0.112 to +0.625 | 0.38 |"))
    }

    @Test func `A variant without query extension replaces the run's own measurement`() throws {
        let markdown = try markdown(Self.variant(4, configuration: ["expand": []], "expand"))
        #expect(markdown.contains("| query extension | none (run 4) | 0.512 | 0.500 | +0.012 | – | – |"))
        #expect(!markdown.contains("| query extension | none |"))
    }

    @Test func `Runs that differ in more, have other queries, failed or left another state do not count`() throws {
        let markdown = try markdown(
            Self.variant(4, "train.loss.kind", "train.schedule.epochs"),
            Self.variant(5, "train.loss.kind", "split.fold"), Self.variant(6, outcome: .failed, "train.loss.kind"),
            Self.variant(7, parent: 1, "train.loss.kind"), Self.variant(8, map: nil, "train.loss.kind"),
            Self.variant(9, "train.losses"), Self.variant(10, split: "of other photographs", "train.loss.kind"))
        #expect(markdown.contains("| the focal loss | not measured |"))
        #expect(!markdown.contains("a → b"))
    }
}
