import Basics
import Evaluation
import Options
import Results

struct CompareTable: CellKind {
    static let name = "compare-table"
    static let summary = """
        The verdict on a retrain, the measures before and after it, and the animals whose queries were fixed or \
        broken.
        """
    static let stages: [StageName] = []

    @Option(
        "The number of animals listed, of those with a fixed or broken query: the worst losses, then the largest gains.",
        in: 1...100_000, or: "all")
    var count: Int? = nil

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent(values: Self.values(shown: 0, of: []))
        guard let runs = try context.comparedRuns(noting: &content) else { return content }
        let whales = WhaleChange.changes(runs.pairs, fixed: runs.fixed, broken: runs.broken)
        let turned = whales.filter { $0.fixed + $0.broken > 0 }
        let shown = WhaleChange.largest(turned, count: count ?? turned.count)
        content.values = Self.values(shown: shown.count, of: whales)
        content.parts = [.table(Self.facts(runs)), .table(Self.measures(runs))]
        if shown.isEmpty {
            content.notes.append("No animal has a query that was fixed or broken.")
        } else {
            content.parts.append(.folded(summary: "Animals with a fixed or broken query", Self.table(of: shown)))
        }
        if shown.count < turned.count {
            content.notes.append("\(shown.count) of \(turned.count) animals with a fixed or broken query are shown.")
        }
        if runs.result.fallenOut > 0 {
            let fallen = runs.result.fallenOut
            let words = fallen == 1 ? "is in only one run and is left out" : "are in only one run and are left out"
            content.notes.append("\(NumberText.counted(fallen, "query", "queries")) \(words).")
        }
        content.contract = runs.contract
        return content
    }

    private static func values(shown: Int, of whales: [WhaleChange]) -> [String: JSONValue] {
        [
            "shown": .number(Double(shown)), "animals": .number(Double(whales.count)),
            "fixed": .number(Double(whales.count { $0.fixed > 0 })),
            "broken": .number(Double(whales.count { $0.broken > 0 })),
        ]
    }

    // MARK: Facts

    private static func facts(_ runs: ComparedRuns) -> Table {
        let result = runs.result
        func seeds(_ run: ComparisonSummary.Run) -> Table.Cell {
            .text(run.seeds.isEmpty ? "–" : run.seeds.map { NumberText.fixed($0, 4) }.joined(separator: ", "))
        }
        let ofSeeds = [result.old, result.new].allSatisfy { $0.seeds.count > 1 } ? ", mean over seeds" : ""
        let spread = result.interval.map { " (95% interval by animal \(Self.interval($0)))" } ?? ""
        let outcomes = [
            "\(runs.broken.count) broken", "\(runs.fixed.count) fixed",
            "\(runs.stillFailing.count) still failing",
        ]
        let means = runs.means
        let ends = [means.old, means.new].map { NumberText.fixed($0, 4) }.joined(separator: " to ")
        let change = NumberText.change(from: means.old, to: means.new, 4)
        let counts = [result.wins, result.losses, result.ties].map { NumberText.thousands(Double($0)) }
        return Table(
            columns: [.init("What"), .init("Value")],
            rows: [
                ["Verdict", .strong(result.verdict.rawValue)],
                ["Reason", .text(result.why)],
                [
                    .text("Change of \(runs.new.metric)\(ofSeeds)"),
                    .text("\(ends), \(change)\(spread)"),
                ],
                ["Probability of such a change by chance", .text(NumberText.fixed(result.probability, 4))],
                [
                    "Queries",
                    .text("\(runs.pairs.count): \(counts[0]) better, \(counts[1]) worse, \(counts[2]) unchanged"),
                ],
                ["First photograph", .text(outcomes.joined(separator: ", "))],
                [.text("\(runs.new.metric) by seed, before"), seeds(result.old)],
                [.text("\(runs.new.metric) by seed, after"), seeds(result.new)],
            ])
    }

    private static func interval(_ interval: ClosedRange<Double>) -> String {
        "\(NumberText.signed(interval.lowerBound, 4)) to \(NumberText.signed(interval.upperBound, 4))"
    }

    // MARK: Measures

    private static func measures(_ runs: ComparedRuns) -> Table {
        let metric = runs.new.metric
        func both(_ title: String, isShare: Bool = false, _ value: (EvaluationView) -> Double?) -> [Table.Cell]? {
            row(title, value(runs.old), value(runs.new), isShare: isShare)
        }
        var rows = [both(metric) { $0.pooled?.map }]
        rows += MeasureColumns.hitRates.map { rate in
            both(rate.title, isShare: true) { $0.pooled?.values[rate.measure] }
        }
        rows.append(both("\(metric), animals known from training") { $0.result.populations.known?.map })
        rows.append(both("\(metric), animals never trained on") { $0.result.populations.unseen?.map })
        rows += runs.new.scenarios.map { name in both("\(metric), \(name)") { $0.summary(of: name)?.map } }
        return Table(
            columns: [
                .init("Measure"), .init("Before (\(runs.oldName))", .right), .init("After (\(runs.newName))", .right),
                .init("Change", .right),
            ], rows: rows.compactMap(\.self))
    }

    /// Nil if neither run has the measure. Shares are percentages, their changes percentage points.
    private static func row(_ title: String, _ old: Double?, _ new: Double?, isShare: Bool) -> [Table.Cell]? {
        guard old != nil || new != nil else { return nil }
        func text(_ value: Double?) -> Table.Cell {
            .text(value.map { isShare ? NumberText.percent($0) : NumberText.fixed($0, 4) } ?? "–")
        }
        var change = "–"
        if let old, let new {
            change =
                isShare
                ? NumberText.change(from: old * 100, to: new * 100, 1) + " points"
                : NumberText.change(from: old, to: new, 4)
        }
        return [.text(title), text(old), text(new), .text(change)]
    }

    // MARK: Animals

    private static func table(of whales: [WhaleChange]) -> Table {
        let columns =
            [Table.Column("Animal")]
            + ["Queries", "Broken", "Fixed", "Mean change of average precision"].map { .init($0, .right) }
        let rows = whales.map { whale -> [Table.Cell] in
            [.animal(whale.id)] + [whale.queries, whale.broken, whale.fixed].map { .text(String($0)) }
                + [.text(NumberText.change(from: whale.mean.old, to: whale.mean.new, 4))]
        }
        return Table(columns: columns, rows: rows)
    }
}
