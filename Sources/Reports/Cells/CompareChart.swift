import Basics
import Evaluation
import Figures
import Options
import Results

struct CompareChart: CellKind {
    static let name = "compare-chart"
    static let summary = """
        mAP before and after a retrain, of each scenario and of all queries with the interval and p of the change, and of \
        the animals that changed most in the sum of their queries; tables and, with the animals, a CSV file have all of \
        them, with the queries that changed.
        """
    static let stages: [StageName] = []

    @Option("Whether scenarios are drawn, animals, or first the one and then the other.")
    var of = Subject.both
    @Option(
        "The number of animals in the chart, of those whose mean average precision changed: the largest losses, in the "
            + "sum of an animal's queries, then the largest gains.", in: 1...1000)
    var count = 20

    /// What is compared.
    enum Subject: String, OptionChoice { case scenarios, animals, both }

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent(values: Self.values(scenarios: 0, shown: 0, of: []))
        content.values["finding"] = ""
        guard let runs = try context.comparedRuns(noting: &content) else { return content }
        let catalog = try context.artefacts.catalog()
        let whales = WhaleChange.changes(runs.pairs) { pair in
            runs.newAnswers[pair.new.id]?.first.flatMap { catalog[$0.imageID]?.whaleID }
        }
        let changed = whales.filter { $0.mean.direction != .none }
        let shown = WhaleChange.largest(changed, count: count)
        let scenarios = runs.new.scenarios.filter { name in runs.pairs.contains { $0.new.scenario == name } }
        content.values = Self.values(scenarios: scenarios.count, shown: shown.count, of: whales)
        let width = context.cell.options.figureSize().width
        let parts = Self.parts(scenarios, runs, try context.artefacts.comparedMeasures())
        let title = of == .both ? (scenarios: "By scenario", animals: "By animal") : nil
        if of != .animals {
            content.parts = [.figure(Self.scenarios(parts, runs, title: title?.scenarios, width: width))]
        }
        // The scenarios alone stand next to a verdict, before a table that says how numbers are counted.
        guard of != .scenarios else { return content }
        content.contract = runs.contract
        let table = Self.table(of: whales, runs)
        let all = NumberText.counted(whales.count, "animal", "animals")
        let listed = "All \(all): losses, then gains, the largest first"
        if !shown.isEmpty {
            content.parts.append(
                .figure(Self.animals(shown, runs, title: title?.animals, width: width, table, listed)))
        }
        content.values["finding"] = .string(Self.sentence(whales, shown: shown, runs))
        content.list = Self.list(parts, whales, runs.trained, title: listed, table: shown.isEmpty ? table : nil)
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

    /// How many animals changed in each direction, what that adds to the score, and which of them the chart shows.
    private static func sentence(_ whales: [WhaleChange], shown: [WhaleChange], _ runs: ComparedRuns) -> String {
        func counts(_ whales: [WhaleChange]) -> (losses: Int, gains: Int) {
            (whales.count { $0.mean.direction == .loss }, whales.count { $0.mean.direction == .gain })
        }
        let (all, some) = (counts(whales), counts(shown))
        // The scores of the verdict are means over seeds; the queries are those of the first.
        let metric = runs.new.metric + (runs.result.seedsOverlap == nil ? "" : " of the first seed")
        func part(_ direction: MeanChange.Direction, of count: Int) -> String {
            guard count > 0 else { return "" }
            let total = NumberText.signed(WhaleChange.total(whales, direction) / Double(runs.pairs.count), 3)
            return direction == .loss || all.losses == 0 ? " (\(total) in \(metric))" : " (\(total))"
        }
        let finding =
            "\(NumberText.counted(all.losses, "animal", "animals")) got worse\(part(.loss, of: all.losses)), "
            + "\(all.gains) better\(part(.gain, of: all.gains)), \(whales.count - all.losses - all.gains) unchanged."
        guard some != all else { return finding }
        func words(_ shown: Int, _ all: Int, _ one: String, _ many: String) -> String? {
            switch shown {
            case 0: nil
            case all: all == 1 ? "the only \(one)" : "all \(all) \(many)"
            default: shown == 1 ? "the largest \(one)" : "the \(shown) largest \(many)"
            }
        }
        let parts = [
            words(some.losses, all.losses, "loss", "losses"), words(some.gains, all.gains, "gain", "gains"),
        ].compactMap(\.self)
        return finding + " Shown: \(parts.joined(separator: ", then "))."
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
            .text(NumberText.fixed(mean.old, 3)), .text(NumberText.fixed(mean.new, 3)),
            .text(NumberText.change(from: mean.old, to: mean.new, 3)),
        ]
    }

    /// Everything, with unrounded numbers: the scenarios, all queries together, then the animals.
    private static func list(
        _ parts: [Part], _ whales: [WhaleChange], _ trained: Set<String>?, title: String, table: Table?
    ) -> CompleteList {
        let header = [
            "kind", "name", "queries", "worse", "better", "broken", "fixed", "failing", "map_old", "map_new",
            InTraining.column,
        ]
        func line(_ kind: String, _ name: String, _ turns: Turns, _ mean: MeanChange) -> [String] {
            [kind, name] + ([turns.queries] + turns.counts).map(String.init) + ["\(mean.old)", "\(mean.new)"]
        }
        let lines =
            parts.map { line($0.isAll ? "all" : "scenario", $0.name, $0.turns, $0.mean) + [""] }
            + whales.map {
                line("animal", $0.id, $0.turns, $0.mean) + [InTraining.texts(trained, $0.id).first ?? ""]
            }
        let animals = NumberText.counted(whales.count, "animal", "animals")
        let scenarios = NumberText.counted(parts.count { !$0.isAll }, "scenario", "scenarios")
        return CompleteList(
            title: title, table: table, csv: CSVTable.text(header: header, rows: lines), count: lines.count,
            contents: "the numbers of all queries, \(scenarios) and \(animals)")
    }

    /// The animals with their part in the change of the score.
    private static func table(of whales: [WhaleChange], _ runs: ComparedRuns) -> Table {
        let trained = runs.trained
        let columns: [Table.Column] =
            [.init("Animal")] + InTraining.heads(trained).map { .init($0) }
            + ["Queries", "Adds to \(runs.new.metric)", "Before", "After", "Mean change"].map { .init($0, .right) }
            + Turns.columns + [.init("Most frequent wrong first")]
        return Table(
            columns: columns,
            rows: whales.prefix(longestTable).map { whale in
                [.animal(whale.id)] + InTraining.texts(trained, whale.id).map { .text($0) }
                    + [.text(String(whale.queries)), .text(whale.part(of: runs.pairs.count))] + cells(whale.mean)
                    + whale.turns.cells + [whale.rival.map { .animal($0) } ?? "–"]
            })
    }

    /// The rows that a folded table may have; the file has all.
    private static let longestTable = 500

    // MARK: Scenarios

    /// The queries of a scenario, or all.
    private struct Part {
        let name: String
        let isAll: Bool
        let turns: Turns
        let mean: MeanChange
        let interval: ClosedRange<Double>?
        /// Nil if no query changed.
        let probability: Double?

        init(_ name: String, _ pairs: [Comparison.Pair], _ probability: Double?, isAll: Bool = false) {
            self.name = name
            self.isAll = isAll
            turns = Turns(pairs)
            mean = MeanChange(pairs)
            interval = Comparison.interval(of: pairs)
            self.probability = probability
        }

        /// Both means, their difference and its p.
        var note: String { CompareChart.note(mean) + (probability.map { ", \(NumberText.probability($0))" } ?? "") }
    }

    private static func parts(_ names: [String], _ runs: ComparedRuns, _ measures: ComparedMeasures?) -> [Part] {
        let byName = Dictionary(grouping: runs.pairs, by: \.new.scenario)
        let all = measures?.map?.probability
        return names.map { name in
            let own = measures?.scenarios.first { $0.scenario == name }?.probability
            return Part(name, byName[name] ?? [], names.count > 1 ? own : all)
        }
            + [Part("all queries", runs.pairs, all, isAll: true)]
    }

    private static func scenarios(
        _ parts: [Part], _ runs: ComparedRuns, title: String?, width: Double
    ) -> FigurePart {
        let chart = DumbbellChart(
            horizontal: runs.new.metric, legend: legend(runs),
            rows: parts.map { part in
                DumbbellChart.Row(
                    name: part.name, before: part.mean.old, after: part.mean.new,
                    interval: part.interval.map {
                        (part.mean.old + $0.lowerBound)...(part.mean.old + $0.upperBound)
                    }, note: part.note, isEmphasised: part.isAll)
            }, width: width)
        let columns: [Table.Column] =
            [.init("Scenario")]
            + ["Queries", "Before", "After", "Change", "95% interval", "p"].map { .init($0, .right) } + Turns.columns
        let table = Table(
            columns: columns,
            rows: parts.map { part in
                let ends = part.interval.map { NumberText.changeInterval($0, 3) }
                return [part.isAll ? .strong(part.name) : .text(part.name), .text(String(part.turns.queries))]
                    + cells(part.mean)
                    + [.text(ends ?? "–"), .text(part.probability.map(NumberText.bareProbability) ?? "–")]
                    + part.turns.cells
            })
        return FigurePart(
            title: title, figure: chart, format: .svg, table: table, tableTitle: "Scenarios as a table")
    }

    // MARK: Animals

    /// Below this number of queries an animal is paler, because one photograph can move it far.
    private static let fewQueries = 5

    private static func animals(
        _ shown: [WhaleChange], _ runs: ComparedRuns, title: String?, width: Double, _ table: Table,
        _ tableTitle: String
    ) -> FigurePart {
        let chart = DumbbellChart(
            horizontal: "mean average precision of an animal's queries",
            noteHead: "mean change × queries, in \(runs.new.metric)", legend: legend(runs),
            rows: shown.map { whale in
                DumbbellChart.Row(
                    name: whale.id, before: whale.mean.old, after: whale.mean.new,
                    note: "\(NumberText.change(from: whale.mean.old, to: whale.mean.new, 3)) × "
                        + "\(NumberText.counted(whale.queries, "query", "queries")), "
                        + whale.part(of: runs.pairs.count),
                    isFaint: whale.queries < fewQueries)
            }, range: 0...1, width: width)
        return FigurePart(title: title, figure: chart, format: .svg, table: table, tableTitle: tableTitle)
    }
}
