import Basics
import Drawing
import Evaluation
import Figures
import Results

/// `database-size-curve`: mAP@20 over the share of the other animals' photographs that the database holds.
struct DatabaseSizeCurve: Verb {
    let name = "database-size-curve"
    let stages: [StageName] = [.expand, .evaluate]
    let parameters = ["draws", "seed"]

    private static let shares = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        var content = CellContent()
        let ranking = try context.node(context.reads(.expand) ? .expand : .search, noting: &content)
        let right = try context.artefacts.rightRanks(ranking)
        let draws = try context.integer("draws", 1...1000, standard: 20)
        let seed = UInt64(try context.integer("seed", 0...Int.max, standard: 1))
        let ranks = evaluation.queries.filter { $0.relevant > 0 }.compactMap { query in
            right[query.id].map { (scenario: query.scenario, ranks: $0.map(\.rank)) }
        }
        content.values = ["queries": .number(Double(ranks.count)), "draws": .number(Double(draws))]
        guard !ranks.isEmpty else {
            content.notes.append("The ranking does not say where the right answers stand in the whole database.")
            return content
        }
        func curve(_ name: String, _ own: [[Int]], isEmphasised: Bool = false) -> LineChart.Line {
            LineChart.Line(
                name: name,
                points: Self.shares.map {
                    Point(100 * $0, DatabaseSize.map(ranks: own, share: $0, draws: draws, seed: seed))
                }, isEmphasised: isEmphasised)
        }
        let lines =
            evaluation.scenarios.compactMap { scenario in
                let own = ranks.filter { $0.scenario == scenario }.map(\.ranks)
                return own.isEmpty ? nil : curve(scenario, own)
            } + [curve("all queries", ranks.map(\.ranks), isEmphasised: true)]
        let chart = LineChart(
            horizontal: "other animals' photographs in the database, %", vertical: "mAP@\(AveragePrecision.limit)",
            lines: lines, range: 0...1, size: context.cell.options.figureSize())
        content.parts = [.figure(FigurePart(figure: chart, format: .svg, table: Self.table(lines)))]
        content.contract = """
            The ranking in the whole database with each wrong photograph left in by chance and every right one kept, the \
            mean of \(NumberText.counted(draws, "draw", "draws")); at 100% it is the ranking itself, whose ties count as \
            the order that they have. The first seed's ranking.
            """
        return content
    }

    private static func table(_ lines: [LineChart.Line]) -> Table {
        Table(
            columns: [.init("Share", .right)] + lines.map { .init($0.name, .right) },
            rows: shares.enumerated().map { place, share in
                [.text(NumberText.percent(share))]
                    + lines.map { .text(NumberText.fixed($0.points[place].y, 4)) }
            })
    }
}
