import Basics
import Evaluation
import Figures
import Options
import Results

struct FailureCauses: CellKind {
    static let name = "failure-causes"
    static let summary = "The factors of every miss, with their evidence."
    static let stages: [StageName] = [.evaluate]

    @Option("The number of misses listed.", in: 0...100_000)
    var count = 1000

    func content(_ context: CellContext) throws -> CellContent {
        let causes = try context.evaluation().result.causes
        var content = CellContent(contract: causes.contract)
        let rows = try context.artefacts.read(EvaluateFiles.causes, of: context.nodes(.evaluate)[0])
        content.values = causes.values
        guard !rows.isEmpty else {
            content.notes.append("No query missed.")
            return content
        }
        let queries = Dictionary(grouping: rows, by: \.queryID)
        // The order of the most likely factors, and of the queries within each.
        let order = Dictionary(causes.causes.enumerated().map { ($1.cause, $0) }) { first, _ in first }
        let first = rows.filter { $0.order == 1 }.enumerated().sorted {
            (order[$0.element.cause] ?? .max, $0.offset) < (order[$1.element.cause] ?? .max, $1.offset)
        }.map(\.element)
        let catalog = try context.artefacts.catalog()
        let table = Table(
            columns: ["Query", "Animal", "Scenario", "Factors, the most likely first"].map { .init($0) },
            rows: first.prefix(count).map { row -> [Table.Cell] in
                let all = queries[row.queryID] ?? []
                return [
                    catalog.photographCell(row.imageID, context.links),
                    catalog[row.imageID]?.whaleID.map { .animal($0) } ?? "–",
                    .text(row.scenario), .text(all.map(\.cause.title).joined(separator: "; ")),
                ]
            })
        let all = NumberText.counted(first.count, "miss", "misses")
        let listed = table.rows.count < first.count ? "The first \(table.rows.count) of \(all)" : "All \(all)"
        content.list = CompleteList(
            title: "\(listed), with their factors", table: table,
            csv: CSVTable.text(
                header: ["scenario", "query_image_id", "whale_id", "order", "factor", "evidence"],
                rows: first.flatMap { row in
                    (queries[row.queryID] ?? []).map { cause in
                        [
                            cause.scenario, cause.imageID, catalog[cause.imageID]?.whaleID ?? "", String(cause.order),
                            cause.cause.title, cause.evidence,
                        ]
                    }
                }), count: first.count)
        return content
    }
}

struct CauseChart: CellKind {
    static let name = "cause-chart"
    static let summary = "The share of misses, and of hits, in which each factor is present."
    static let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let causes = try context.evaluation().result.causes
        var content = CellContent(contract: causes.contract)
        content.values = causes.values
        func share(_ count: Int?, of all: Int) -> Double {
            count.flatMap { all > 0 ? Double($0) / Double(all) : nil } ?? .nan
        }
        // What can be compared with hits comes first, in the order of the difference.
        let present = causes.causes.filter { $0.misses > 0 }
        func excess(_ cause: CauseSummary.Tally) -> Double {
            share(cause.misses, of: causes.misses) - share(cause.hits, of: causes.hits)
        }
        let held =
            present.filter { $0.hits != nil && causes.hits > 0 }.sorted { excess($0) > excess($1) }
            + present.filter { $0.hits == nil || causes.hits == 0 }.sorted { $0.misses > $1.misses }
        guard !held.isEmpty else {
            content.notes.append("No query missed.")
            return content
        }
        let rows = held.map { cause in
            (
                title: cause.title, misses: share(cause.misses, of: causes.misses),
                hits: share(cause.hits, of: causes.hits)
            )
        }
        func text(_ share: Double) -> String { NumberText.percent(share, 0) }
        let chart = BarChart(
            horizontal: "% of queries in which the factor is present",
            series: [
                "of \(NumberText.thousands(Double(causes.misses))) misses",
                "of \(NumberText.thousands(Double(causes.hits))) hits",
            ],
            rows: rows.map { row in
                BarChart.Row(
                    name: row.title, values: [100 * row.misses, 100 * row.hits],
                    note: text(row.misses) + (row.hits.isFinite ? " and \(text(row.hits))" : ""))
            }, width: context.cell.options.figureSize().width)
        func percent(_ share: Double) -> Table.Cell { .text(share.isFinite ? NumberText.percent(share) : "–") }
        let table = Table(
            columns: [
                .init("Factor"), .init("Misses", .right), .init("Of misses", .right), .init("Hits", .right),
                .init("Of hits", .right), .init("Most likely in", .right),
            ],
            rows: zip(rows, held).map { row, cause in
                [
                    .text(row.title), .text(String(cause.misses)), percent(row.misses),
                    .text(cause.hits.map(String.init) ?? "–"), percent(row.hits), .text(String(cause.first)),
                ]
            })
        content.parts = [.figure(FigurePart(figure: chart, format: .svg, table: table))]
        return content
    }
}

extension CauseSummary {
    /// The values that captions of cells about causes may name.
    var values: [String: JSONValue] { ["misses": .number(Double(misses)), "hits": .number(Double(hits))] }
}
