import Basics
import Figures

/// `cause-chart`: for each cause the share of misses that it holds for beside that of hits.
struct CauseChart: Verb {
    let name = "cause-chart"
    let stages = ["evaluate"]

    func content(_ context: CellContext) throws -> CellContent {
        let causes = try context.evaluation().causes()
        let told = causes["causes"]?.array ?? []
        var content = CellContent(contract: causes["contract"]?.string)
        content.values = ["misses": causes["misses"] ?? .null, "hits": causes["hits"] ?? .null]
        let held = told.filter { ($0["misses"]?.double ?? 0) > 0 }
        guard !held.isEmpty else {
            content.notes.append("No query missed.")
            return content
        }
        func share(_ cause: JSONValue, _ key: String) -> Double {
            guard let count = cause[key]?.double, let all = causes[key]?.double, all > 0 else { return .nan }
            return count / all
        }
        let rows = held.map { cause in
            (
                title: cause["title"]?.string ?? "–", misses: share(cause, "misses"), hits: share(cause, "hits"),
                first: cause["first"]?.integer ?? 0
            )
        }
        let chart = BarChart(
            horizontal: "% of the queries for which the cause holds",
            series: ["of \(Self.count(causes, "misses")) misses", "of \(Self.count(causes, "hits")) hits"],
            rows: rows.map { row in
                BarChart.Row(
                    name: row.title, values: [100 * row.misses, 100 * row.hits],
                    note: NumberText.counted(row.first, "miss goes by it", "misses go by it"))
            }, width: context.cell.options.figureSize().width)
        func percent(_ share: Double) -> Table.Cell { .text(share.isFinite ? NumberText.percent(share) : "–") }
        let table = Table(
            columns: [
                .init("Cause"), .init("Of misses", .right), .init("Of hits", .right),
                .init("Misses that go by it", .right),
            ],
            rows: rows.map { [.text($0.title), percent($0.misses), percent($0.hits), .text(String($0.first))] })
        content.parts = [.figure(FigurePart(figure: chart, format: .svg, table: table))]
        return content
    }

    private static func count(_ causes: JSONValue, _ key: String) -> String {
        causes[key]?.double.map(NumberText.thousands) ?? "no"
    }
}
