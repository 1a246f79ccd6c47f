import Basics
import Drawing
import Evaluation
import Figures
import Results

/// `query-extension-curve`: mAP@20 on validation over alpha, a line for each number of neighbours, and without.
struct QueryExtensionCurve: Verb {
    let name = "query-extension-curve"
    let stages: [StageName] = [.sweep]

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent()
        let node = try context.node(.sweep, noting: &content)
        let sweep = try context.artefacts.read(SweepFiles.choices, of: node)
        guard let baseline = sweep.baseline, let best = sweep.best else {
            content.notes.append("No photograph of the validation has an answer, so there was nothing to sweep.")
            return content
        }
        let choices = sweep.rows.filter { $0.neighbours > 0 }
        let alphas = Set(choices.map(\.alpha)).sorted()
        let lines = Dictionary(grouping: choices, by: \.neighbours).sorted { $0.key < $1.key }.map { count, rows in
            LineChart.Line(
                name: count == 1 ? "1 neighbour" : "\(count) neighbours",
                points: rows.sorted { $0.alpha < $1.alpha }.map { Point($0.alpha, $0.map) },
                isEmphasised: count == best.neighbours)
        }
        let without = LineChart.Line(
            name: "without", points: alphas.map { Point($0, baseline.map) }, isDashed: true)
        let cell = context.cell
        let chart = LineChart(
            horizontal: "alpha", vertical: "mAP@\(AveragePrecision.limit) on validation", lines: lines + [without],
            size: cell.options.figureSize())
        let table = Table(
            columns: [.init("neighbours", .right)] + alphas.map { .init("alpha \(NumberText.shortest($0))", .right) },
            rows: [[.text("0")] + alphas.map { _ in .text(NumberText.fixed(baseline.map, 4)) }]
                + Dictionary(grouping: choices, by: \.neighbours).sorted { $0.key < $1.key }.map { count, rows in
                    [.text(String(count))]
                        + alphas.map { alpha in
                            .text(rows.first { $0.alpha == alpha }.map { NumberText.fixed($0.map, 4) } ?? "–")
                        }
                })
        content.parts = [
            .figure(
                FigurePart(
                    figure: chart, format: .svg, table: table, tableTitle: "\(chart.vertical) as a table"))
        ]
        content.values = [
            "choices": .number(Double(choices.count)), "queries": .number(Double(sweep.queries)),
            "neighbours": .number(Double(best.neighbours)), "alpha": .number(best.alpha), "best": .number(best.map),
            "without": .number(baseline.map),
        ]
        content.contract =
            "mAP@\(AveragePrecision.limit) over \(sweep.queries) validation queries; encounters that ask do not answer; "
            + "the test has no part in it"
        return content
    }
}
