import Basics
import Evaluation

/// `compare-table`: two runs in numbers, what is to be said of them, and which animals were fixed or broke.
struct CompareTable: Verb {
    let name = "compare-table"
    let stages: [String] = []
    let parameters = ["count"]

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent(values: Self.values(shown: 0, of: []))
        let count = try context.integer("count", 1...100_000, standard: 100_000)
        guard let runs = try context.comparedRuns(noting: &content) else { return content }
        let whales = WhaleChange.changes(runs.pairs, fixed: runs.fixed, broken: runs.broken)
        let turned = whales.filter { $0.fixed + $0.broken > 0 }
        let shown = turned.prefix(count)
        content.values = Self.values(shown: shown.count, of: whales)
        content.parts = [.table(Self.facts(runs)), .table(Self.measures(runs))]
        if shown.isEmpty {
            content.notes.append("No animal has a query that was fixed or broken.")
        } else {
            content.parts.append(.table(Self.table(of: shown)))
        }
        if shown.count < turned.count {
            content.notes.append("\(shown.count) of \(turned.count) animals with such a query are shown.")
        }
        if let fallen = runs.json["fallen_out"]?.integer, fallen > 0 {
            let words = fallen == 1 ? "is left out, which only one run has" : "are left out, which only one run has"
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
        let json = runs.json
        func number(_ key: String) -> Double { json[key]?.double ?? 0 }
        func seeds(_ run: String) -> Table.Cell {
            let values = json[run]?["seeds"]?.numbers ?? []
            return .text(values.isEmpty ? "–" : values.map { NumberText.fixed($0, 4) }.joined(separator: ", "))
        }
        let seedCounts = ["old", "new"].map { json[$0]?["seeds"]?.array?.count ?? 0 }
        let ofSeeds = seedCounts.allSatisfy { $0 > 1 } ? ", mean over seeds" : ""
        let interval = json["interval"]?.numbers.flatMap { $0.count == 2 ? $0 : nil }
        let spread = interval.map { " (95% interval by animal \(ends($0)))" } ?? ""
        let outcomes = [
            "\(runs.fixed.count) fixed", "\(runs.broken.count) broken",
            "\(runs.stillFailing.count) still failing",
        ]
        let counts = ["wins", "losses", "ties"].map { NumberText.thousands(number($0)) }
        return Table(
            columns: [.init("What"), .init("Value")],
            rows: [
                ["Verdict", .strong(json["verdict"]?.string ?? "–")],
                ["Because", .text(json["why"]?.string ?? "–")],
                [
                    .text("Change of \(runs.new.metric)\(ofSeeds)"),
                    .text(NumberText.signed(number("difference"), 4) + spread),
                ],
                ["Probability by chance alone", .text(NumberText.fixed(number("probability"), 4))],
                [
                    "Queries",
                    .text("\(runs.pairs.count): \(counts[0]) won, \(counts[1]) lost, \(counts[2]) as before"),
                ],
                ["First photograph", .text(outcomes.joined(separator: ", "))],
                [.text("\(runs.new.metric) by seed, before"), seeds("old")],
                [.text("\(runs.new.metric) by seed, after"), seeds("new")],
            ])
    }

    private static func ends(_ interval: [Double]) -> String {
        interval.map { NumberText.signed($0, 4) }.joined(separator: " to ")
    }

    // MARK: Measures

    private static func measures(_ runs: ComparedRuns) -> Table {
        let metric = runs.new.metric
        func both(_ title: String, _ path: String, _ key: String, isShare: Bool = false) -> [Table.Cell]? {
            row(title, runs.old.json[path: path]?[key], runs.new.json[path: path]?[key], isShare: isShare)
        }
        var rows = [both(metric, "pooled", "map")]
        rows += MeasureColumns(runs.new).depths.map { both("Top \($0)", "pooled", "top\($0)", isShare: true) }
        rows.append(both("\(metric), animals known from training", "populations.known", "map"))
        rows.append(both("\(metric), animals never trained on", "populations.unseen", "map"))
        rows += runs.new.scenarios.map { name in
            row("\(metric), \(name)", runs.old.scenario(name)["map"], runs.new.scenario(name)["map"], isShare: false)
        }
        return Table(
            columns: [
                .init("Measure"), .init("Before (\(runs.oldName))", .right), .init("After (\(runs.newName))", .right),
                .init("Change", .right),
            ], rows: rows.compactMap(\.self))
    }

    /// Nil where neither run has the measure; shares are told in percent, their changes in points.
    private static func row(_ title: String, _ old: JSONValue?, _ new: JSONValue?, isShare: Bool) -> [Table.Cell]? {
        let (old, new) = (old?.double, new?.double)
        guard old != nil || new != nil else { return nil }
        func text(_ value: Double?) -> Table.Cell {
            .text(value.map { isShare ? NumberText.percent($0) : NumberText.fixed($0, 4) } ?? "–")
        }
        var change = "–"
        if let old, let new {
            change = isShare ? NumberText.signed((new - old) * 100, 1) + " points" : NumberText.signed(new - old, 4)
        }
        return [.text(title), text(old), text(new), .text(change)]
    }

    // MARK: Animals

    private static func table(of whales: ArraySlice<WhaleChange>) -> Table {
        let columns =
            [Table.Column("Animal")]
            + ["Queries", "Fixed", "Broken", "Mean change of average precision"].map { .init($0, .right) }
        let rows = whales.map { whale -> [Table.Cell] in
            [.text(whale.id)] + [whale.queries, whale.fixed, whale.broken].map { .text(String($0)) }
                + [.text(NumberText.signed(whale.change, 4))]
        }
        return Table(columns: columns, rows: rows)
    }
}
