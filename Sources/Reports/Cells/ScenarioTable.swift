import Basics
import Evaluation
import Figures
import Results

struct ScenarioTable: CellKind {
    static let name = "scenario-table"
    static let summary = "The measures of each scenario, of all queries together, and of each pair of views."
    static let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let columns = MeasureColumns(evaluation)
        var rows = evaluation.scenarios.map { name -> MeasureColumns.Row in
            let scenario = evaluation.result.scenarios[name]
            let database = scenario.map { NumberText.thousands(Double($0.details.database)) } ?? "–"
            return ([.text(name), .text(database)], scenario?.summary)
        }
        rows.append(([.strong("all queries"), "–"], evaluation.pooled))
        if let others = evaluation.otherEncounters {
            rows.append(([.text(MeasureColumns.otherEncounters), "–"], others))
        }
        return CellContent(
            parts: columns.parts([.init("Scenario"), .init("Database", .right)], rows)
                + Self.viewpoints(evaluation, columns),
            values: ["scenarios": .number(Double(evaluation.scenarios.count))],
            contract: MeasureColumns.contract(of: evaluation))
    }

    /// The measures by the views of query and database; empty if there is only one pair.
    private static func viewpoints(_ evaluation: EvaluationView, _ columns: MeasureColumns) -> [CellContent.Part] {
        let pairs = evaluation.result.viewpoints
        guard pairs.count > 1 else { return [] }
        let rows = pairs.map { pair -> MeasureColumns.Row in
            ([.text(pair.details.query), .text(pair.details.database)], pair.summary)
        }
        return [.markdown("**By view: each query against the database photographs of one view**")]
            + columns.parts([.init("Query's view"), .init("Database's view")], rows)
    }
}

struct ScenarioChart: CellKind {
    static let name = "scenario-chart"
    static let summary = "mAP of each scenario and of all queries, with their intervals."
    static let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let measured =
            evaluation.scenarios.map { (name: $0, summary: evaluation.summary(of: $0), isAll: false) }
            + [(name: "all queries", summary: evaluation.pooled, isAll: true)]
        let rows = measured.map { entry in
            IntervalChart.Row(
                name: entry.name, value: entry.summary?.map ?? .nan, interval: entry.summary?.interval,
                note: entry.summary?.scoreText ?? "no answerable query", isEmphasised: entry.isAll)
        }
        let chart = IntervalChart(
            horizontal: "\(evaluation.metric), with the 95% interval", rows: rows, range: 0...1,
            width: context.cell.options.figureSize().width)
        let columns = MeasureColumns(evaluation)
        let table = Table(
            columns: [.init("Scenario")] + columns.columns,
            rows: measured.map { [$0.isAll ? .strong($0.name) : .text($0.name)] + columns.cells($0.summary) })
        return CellContent(
            parts: [.figure(FigurePart(figure: chart, format: .svg, table: table))],
            values: ["scenarios": .number(Double(evaluation.scenarios.count))], contract: evaluation.contractText)
    }
}

extension Summary {
    /// mAP with its interval, for the end of a chart's row.
    var scoreText: String {
        NumberText.fixed(map, 3) + (interval.map { " (\(NumberText.interval($0, 3)))" } ?? "")
    }
}
