import Basics
import Evaluation
import Figures
import Options
import Results

struct FailureCauses: CellKind {
    static let name = "failure-causes"
    static let summary = "Why queries missed, how often, and the evidence."
    static let stages: [StageName] = [.evaluate]

    @Option("The number of example queries for each cause.", in: 0...100_000)
    var count = 3

    func content(_ context: CellContext) throws -> CellContent {
        let causes = try context.evaluation().result.causes
        var content = CellContent(contract: causes.contract)
        let rows = try context.artefacts.read(EvaluateFiles.causes, of: context.nodes(.evaluate)[0])
        content.values = causes.values
        content.parts = [
            .table(
                Table(
                    columns: [.init("Cause")]
                        + ["Main cause of misses", "Share", "Applies to misses", "Applies to hits"]
                        .map { .init($0, .right) },
                    rows: causes.causes.filter { $0.misses > 0 }.map(Self.row)))
        ]
        let examples = causes.causes.flatMap { cause in
            rows.filter { $0.order == 1 && $0.cause == cause.cause }.prefix(count)
        }
        if !examples.isEmpty {
            let catalog = try context.artefacts.catalog()
            content.parts.append(
                .table(
                    Table(
                        columns: [.init("Cause"), .init("Query"), .init("Scenario"), .init("Evidence")],
                        rows: examples.map { row in
                            [
                                .text(row.cause.title), catalog.photographCell(row.imageID, context.links),
                                .text(row.scenario), .text(row.evidence),
                            ]
                        })))
            let most = NumberText.counted(count, "query", "queries")
            content.notes.append("The second table has at most \(most) per cause.")
        }
        return content
    }

    private static func row(_ cause: CauseSummary.Tally) -> [Table.Cell] {
        func text(_ count: Int?) -> Table.Cell { .text(count.map { NumberText.thousands(Double($0)) } ?? "–") }
        return [
            .text(cause.title), text(cause.first), .text(cause.share.map { NumberText.percent($0) } ?? "–"),
            text(cause.misses), text(cause.hits),
        ]
    }
}

struct CauseChart: CellKind {
    static let name = "cause-chart"
    static let summary = "The share of misses, and of hits, to which each cause applies."
    static let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let causes = try context.evaluation().result.causes
        var content = CellContent(contract: causes.contract)
        content.values = causes.values
        let held = causes.causes.filter { $0.misses > 0 }
        guard !held.isEmpty else {
            content.notes.append("No query missed.")
            return content
        }
        func share(_ count: Int?, of all: Int) -> Double {
            count.flatMap { all > 0 ? Double($0) / Double(all) : nil } ?? .nan
        }
        let rows = held.map { cause in
            (
                title: cause.title, misses: share(cause.misses, of: causes.misses),
                hits: share(cause.hits, of: causes.hits), first: cause.first
            )
        }
        let chart = BarChart(
            horizontal: "% of queries to which the cause applies",
            series: [
                "of \(NumberText.thousands(Double(causes.misses))) misses",
                "of \(NumberText.thousands(Double(causes.hits))) hits",
            ],
            rows: rows.map { row in
                BarChart.Row(
                    name: row.title, values: [100 * row.misses, 100 * row.hits],
                    note: row.first == 0 ? "" : "main cause of \(NumberText.counted(row.first, "miss", "misses"))")
            }, width: context.cell.options.figureSize().width)
        func percent(_ share: Double) -> Table.Cell { .text(share.isFinite ? NumberText.percent(share) : "–") }
        let table = Table(
            columns: [
                .init("Cause"), .init("Of misses", .right), .init("Of hits", .right),
                .init("Main cause of misses", .right),
            ],
            rows: rows.map { [.text($0.title), percent($0.misses), percent($0.hits), .text(String($0.first))] })
        content.parts = [.figure(FigurePart(figure: chart, format: .svg, table: table))]
        return content
    }
}

extension CauseSummary {
    /// The values that captions of cells about causes may name.
    var values: [String: JSONValue] { ["misses": .number(Double(misses)), "hits": .number(Double(hits))] }
}
