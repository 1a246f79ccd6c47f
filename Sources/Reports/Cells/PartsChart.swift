import Basics
import Evaluation
import Figures
import Results

struct PartsChart: CellKind {
    static let name = "parts-chart"
    static let summary = "mAP of the final ranking, without training, and by networks and marks alone, with intervals."
    static let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let result = evaluation.result
        let isExtended = !result.expanded.steps.isEmpty
        let fusion = result.fusion.flatMap { $0.absence == nil ? $0 : nil }
        let parts: [(name: String, summary: Summary?)] =
            [
                (fusion?.untrainedTitle ?? "", fusion?.untrained),
                (fusion?.title(of: .network) ?? "", fusion?.network.pooled),
                (fusion?.title(of: .marks) ?? "", fusion?.marks.pooled),
                (
                    fusion.map { $0.title(of: .both) } ?? "no query extension",
                    isExtended ? result.expanded.before : nil
                ),
                ("final, but without training", result.untrained?.summary),
            ]
        let final = (name: isExtended ? "final, with query extension" : "final", summary: evaluation.pooled)
        let rows = (parts.filter { $0.summary != nil } + [final]).map { part in
            IntervalChart.Row(
                name: part.name, value: part.summary?.map ?? .nan, interval: part.summary?.interval,
                note: part.summary?.scoreText ?? "no answerable query", isEmphasised: part.name == final.name)
        }
        let chart = IntervalChart(
            horizontal: "\(evaluation.metric), with the 95% interval", rows: rows, range: 0...1,
            width: context.cell.options.figureSize().width)
        let columns = MeasureColumns(evaluation)
        let table = Table(
            columns: [.init("Ranking")] + columns.columns,
            rows: parts.filter { $0.summary != nil }.map { [.text($0.name)] + columns.cells($0.summary) }
                + [[.strong(final.name)] + columns.cells(final.summary)])
        return CellContent(
            parts: [.figure(FigurePart(figure: chart, format: .svg, table: table))],
            values: ["rankings": .number(Double(rows.count))], contract: evaluation.contractText)
    }
}
