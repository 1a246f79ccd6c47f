import Basics
import Evaluation
import Figures
import Options
import Results

struct CompareChart: CellKind {
    static let name = "compare-chart"
    static let summary = """
        mAP before and after a retrain, of each scenario and of all queries with the interval of the change, and of \
        the animals that changed most.
        """
    static let stages: [StageName] = []

    @Option(
        "The number of animals in the chart, of those whose mean average precision changed: the worst losses, then "
            + "the largest gains.", in: 1...1000)
    var count = 20

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent(values: Self.values(scenarios: 0, shown: 0, of: []))
        guard let runs = try context.comparedRuns(noting: &content) else { return content }
        let whales = WhaleChange.changes(runs.pairs, fixed: runs.fixed, broken: runs.broken)
        let changed = whales.filter { $0.mean.direction != .none }
        let shown = WhaleChange.largest(changed, count: count)
        let scenarios = runs.new.scenarios.filter { name in runs.pairs.contains { $0.new.scenario == name } }
        content.values = Self.values(scenarios: scenarios.count, shown: shown.count, of: whales)
        let width = context.cell.options.figureSize().width
        content.parts = [.figure(Self.scenarios(scenarios, runs, width: width))]
        if !shown.isEmpty { content.parts.append(.figure(Self.animals(shown, runs, width: width))) }
        content.notes.append(Self.sentence(whales, shown: shown))
        content.contract = runs.contract
        return content
    }

    private static func values(scenarios: Int, shown: Int, of whales: [WhaleChange]) -> [String: JSONValue] {
        func number(_ direction: MeanChange.Direction) -> JSONValue {
            .number(Double(whales.count { $0.mean.direction == direction }))
        }
        return [
            "scenarios": .number(Double(scenarios)), "shown": .number(Double(shown)),
            "animals": .number(Double(whales.count)), "worse": number(.loss), "better": number(.gain),
            "unchanged": number(.none),
        ]
    }

    /// How many animals changed in each direction, and which of them the chart shows.
    private static func sentence(_ whales: [WhaleChange], shown: [WhaleChange]) -> String {
        func counts(_ whales: [WhaleChange]) -> (losses: Int, gains: Int) {
            (whales.count { $0.mean.direction == .loss }, whales.count { $0.mean.direction == .gain })
        }
        let (all, some) = (counts(whales), counts(shown))
        let unchanged = whales.count - all.losses - all.gains
        let finding =
            "Of \(NumberText.counted(whales.count, "animal", "animals")), \(all.losses) got worse, \(all.gains) got "
            + "better and \(unchanged) did not change."
        guard some != all else { return finding }
        return finding + " The chart has the \(NumberText.counted(some.losses, "largest loss", "largest losses"))"
            + " and the \(NumberText.counted(some.gains, "largest gain", "largest gains"))."
    }

    private static func legend(_ runs: ComparedRuns) -> DumbbellChart.Legend {
        DumbbellChart.Legend(
            before: "before (\(runs.oldName))", risen: "after (\(runs.newName))", fallen: "after, worse",
            interval: "95% interval of the change, from the value before")
    }

    /// Both means and their difference, as printed.
    private static func note(_ mean: MeanChange) -> String {
        "\(NumberText.fixed(mean.old, 3)) to \(NumberText.fixed(mean.new, 3)), "
            + NumberText.change(from: mean.old, to: mean.new, 3)
    }

    private static func cells(_ mean: MeanChange) -> [Table.Cell] {
        [
            .text(NumberText.fixed(mean.old, 4)), .text(NumberText.fixed(mean.new, 4)),
            .text(NumberText.change(from: mean.old, to: mean.new, 4)),
        ]
    }

    // MARK: Scenarios

    private static func scenarios(_ names: [String], _ runs: ComparedRuns, width: Double) -> FigurePart {
        let byName = Dictionary(grouping: runs.pairs, by: \.new.scenario)
        let entries =
            (names.map { (name: $0, pairs: byName[$0] ?? [], isAll: false) }
            + [(name: "all queries", pairs: runs.pairs, isAll: true)])
            .map { entry in
                (
                    name: entry.name, count: entry.pairs.count, mean: MeanChange(entry.pairs),
                    interval: Comparison.interval(of: entry.pairs), isAll: entry.isAll
                )
            }
        let chart = DumbbellChart(
            horizontal: runs.new.metric, legend: legend(runs),
            rows: entries.map { entry in
                DumbbellChart.Row(
                    name: entry.name, before: entry.mean.old, after: entry.mean.new,
                    interval: entry.interval.map {
                        (entry.mean.old + $0.lowerBound)...(entry.mean.old + $0.upperBound)
                    }, note: note(entry.mean), isEmphasised: entry.isAll)
            }, width: width)
        let columns: [Table.Column] =
            [.init("Scenario")]
            + ["Queries", "Before", "After", "Change", "95% interval of the change"].map { .init($0, .right) }
        let table = Table(
            columns: columns,
            rows: entries.map { entry in
                let ends = entry.interval.map {
                    "\(NumberText.signed($0.lowerBound, 4)) to \(NumberText.signed($0.upperBound, 4))"
                }
                return [
                    entry.isAll ? .strong(entry.name) : .text(entry.name),
                    .text(NumberText.thousands(Double(entry.count))),
                ] + cells(entry.mean) + [.text(ends ?? "–")]
            })
        return FigurePart(
            title: "By scenario", figure: chart, format: .svg, table: table, tableTitle: "Scenarios as a table")
    }

    // MARK: Animals

    private static func animals(_ whales: [WhaleChange], _ runs: ComparedRuns, width: Double) -> FigurePart {
        let chart = DumbbellChart(
            horizontal: "mean average precision of an animal's queries", legend: legend(runs),
            rows: whales.map { whale in
                DumbbellChart.Row(
                    name: whale.id, before: whale.mean.old, after: whale.mean.new,
                    note: "\(note(whale.mean)) (\(NumberText.counted(whale.queries, "query", "queries")))")
            }, range: 0...1, width: width)
        let columns: [Table.Column] =
            [.init("Animal")]
            + ["Queries", "Before", "After", "Change", "Broken", "Fixed"].map { .init($0, .right) }
        let table = Table(
            columns: columns,
            rows: whales.map { whale in
                [.text(whale.id), .text(String(whale.queries))] + cells(whale.mean)
                    + [.text(String(whale.broken)), .text(String(whale.fixed))]
            })
        return FigurePart(
            title: "By animal", figure: chart, format: .svg, table: table, tableTitle: "Animals as a table")
    }
}
