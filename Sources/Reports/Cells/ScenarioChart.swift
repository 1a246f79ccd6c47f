import Basics
import Figures
import Results

/// `scenario-chart`: mAP of each scenario and of all queries, with the intervals within which it may lie.
struct ScenarioChart: Verb {
    let name = "scenario-chart"
    let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let measured =
            evaluation.scenarios.map { (name: $0, summary: evaluation.summary(of: $0), isAll: false) }
            + [(name: "all queries", summary: evaluation.pooled, isAll: true)]
        let rows = measured.map { entry in
            let interval = entry.summary?.interval
            let ends = interval.map { " (\(NumberText.interval($0, 3)))" } ?? ""
            return IntervalChart.Row(
                name: entry.name, value: entry.summary?.map ?? .nan, interval: interval,
                note: entry.summary.map { NumberText.fixed($0.map, 3) + ends } ?? "no query with an answer",
                isEmphasised: entry.isAll)
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
