import Basics
import Figures

/// `scenario-chart`: mAP of each scenario and of all queries, with the intervals within which it may lie.
struct ScenarioChart: Verb {
    let name = "scenario-chart"
    let stages = ["evaluate"]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let measured =
            evaluation.scenarios.map { (name: $0, measures: evaluation.scenario($0), isAll: false) }
            + [(name: "all queries", measures: evaluation.json["pooled"] ?? .null, isAll: true)]
        let rows = measured.map { entry in
            let map = entry.measures["map"]?.double
            let interval = entry.measures["interval"]?.interval
            let ends = interval.map { " (\(NumberText.interval($0, 3)))" } ?? ""
            return IntervalChart.Row(
                name: entry.name, value: map ?? .nan, interval: interval,
                note: map.map { NumberText.fixed($0, 3) + ends } ?? "no query with an answer",
                isEmphasised: entry.isAll)
        }
        let chart = IntervalChart(
            horizontal: "\(evaluation.metric), with the 95% interval", rows: rows, range: 0...1,
            width: context.cell.options.figureSize().width)
        let measures = MeasureColumns(evaluation)
        let table = Table(
            columns: [.init("Scenario")] + measures.columns,
            rows: measured.map { [$0.isAll ? .strong($0.name) : .text($0.name)] + measures.cells($0.measures) })
        return CellContent(
            parts: [.figure(FigurePart(figure: chart, format: .svg, table: table))],
            values: ["scenarios": .number(Double(evaluation.scenarios.count))], contract: evaluation.contract)
    }
}
