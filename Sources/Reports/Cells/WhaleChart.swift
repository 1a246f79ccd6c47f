import Basics
import Evaluation
import Figures
import Results

/// `whale-chart`: how many animals are found how well, and the score of each of some.
struct WhaleChart: Verb {
    let name = "whale-chart"
    let stages: [StageName] = [.evaluate]
    let parameters = ["sort", "count"]

    private static let bins = 10

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let whales = try WhaleScore.sorted(
            WhaleScore.scores(of: evaluation.queries),
            by: context.choice("sort", WhaleScore.orders, standard: "worst")
        ).filter { $0.mean != nil }
        var content = CellContent(contract: evaluation.contractText)
        content.values = ["animals": .number(Double(whales.count))]
        guard !whales.isEmpty else {
            content.notes.append("No query has an answer, so no animal has a score.")
            return content
        }
        let shown = Array(whales.prefix(try context.integer("count", 1...1000, standard: 20)))
        content.values["shown"] = .number(Double(shown.count))
        let options = context.cell.options
        content.parts = [
            .figure(Self.histogram(whales, evaluation.metric, options)),
            .figure(Self.bars(shown, evaluation.metric, options)),
        ]
        if shown.count < whales.count {
            content.notes.append("The bars are those of \(shown.count) of \(whales.count) animals.")
        }
        return content
    }

    private static func histogram(_ whales: [WhaleScore], _ metric: String, _ options: CellOptions) -> FigurePart {
        var counts = Array(repeating: 0, count: bins)
        for whale in whales { counts[min(Int((whale.mean ?? 0) * Double(bins)), bins - 1)] += 1 }
        let chart = Histogram(
            horizontal: "\(metric) of an animal", vertical: "Animals", range: 0...1,
            series: [.init(name: "animals", counts: counts)], size: options.figureSize(height: 2.75))
        let rows = counts.enumerated().map { bin, count -> [Table.Cell] in
            let ends = [bin, bin + 1].map { NumberText.fixed(Double($0) / Double(bins), 1) }
            return [.text(ends.joined(separator: " to ")), .text(String(count))]
        }
        return FigurePart(
            figure: chart, format: .svg,
            table: Table(columns: [.init(metric, .right), .init("Animals", .right)], rows: rows),
            tableTitle: "How many animals, as a table")
    }

    private static func bars(_ whales: [WhaleScore], _ metric: String, _ options: CellOptions) -> FigurePart {
        let told = whales.map { whale in
            let answerable = whale.queries.count { $0.relevant > 0 }
            return (whale: whale, queries: answerable, note: NumberText.fixed(whale.mean ?? .nan, 3))
        }
        let chart = BarChart(
            horizontal: "\(metric) of an animal", series: [metric],
            rows: told.map { entry in
                BarChart.Row(
                    name: entry.whale.id, values: [entry.whale.mean ?? .nan],
                    note: "\(entry.note) (\(NumberText.counted(entry.queries, "query", "queries")))")
            }, range: 0...1, width: options.figureSize().width)
        let table = Table(
            columns: [.init("Animal"), .init(metric, .right), .init("Queries with an answer", .right)],
            rows: told.map { [.text($0.whale.id), .text($0.note), .text(String($0.queries))] })
        return FigurePart(figure: chart, format: .svg, table: table, tableTitle: "Animals by score as a table")
    }
}
