import Basics
import Evaluation
import Results

struct MetricsTable: CellKind {
    static let name = "metrics-table"
    static let summary = "The measures before and after training and query extension, and for known and unseen animals."
    static let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let result = evaluation.result
        let untrained = result.untrained
        let hasMarks = result.fusion?.parts.contains { $0 != .network } == true
        let isExtended = !result.expanded.steps.isEmpty
        func title(_ state: String, _ parts: [String?]) -> String {
            let parts = parts.compactMap(\.self)
            return parts.isEmpty ? state : "\(state), with \(parts.joined(separator: " and "))"
        }
        let parts = [hasMarks ? "marks" : nil, isExtended ? "query extension" : nil]
        let final = title("after training", parts)
        let rankings: [(title: String, summary: Summary?)] = [
            (
                "\(result.fusion?.title(of: .network) ?? ""), before training",
                hasMarks ? result.fusion?.untrained : nil
            ),
            (
                "\(result.fusion?.title(of: .network) ?? ""), after training",
                hasMarks ? result.fusion?.network.pooled : nil
            ),
            (title("before training", parts), untrained?.summary),
            (
                "\(title("after training", [hasMarks ? "marks" : nil])), no query extension",
                isExtended ? result.expanded.before : nil
            ),
            (final, evaluation.pooled),
            ("final, \(MeasureColumns.otherEncounters)", evaluation.otherEncounters),
            ("the same, similarities summed, not averaged", result.summed),
            ("final, animals known from training", result.populations.known),
            ("final, animals never trained on", result.populations.unseen),
            ("before training, animals known from training", untrained?.details.populations.known),
            ("before training, animals never trained on", untrained?.details.populations.unseen),
        ]
        let rows =
            (rankings.filter { $0.summary != nil } + evaluation.models.map { ("\($0.title) alone", $0.summary) })
            .map { title, summary -> MeasureColumns.Row in
                ([title == final ? .strong(title) : .text(title)], summary)
            }
        guard !rows.isEmpty else {
            throw ValueError("evaluation.json has no measures", "Run 'whalebook run evaluate' again.")
        }
        return CellContent(
            parts: MeasureColumns(evaluation).parts([.init("Ranking")], rows),
            contract: MeasureColumns.contract(of: evaluation))
    }
}

/// The columns of every table of retrieval measures.
struct MeasureColumns {
    private let metric: String
    /// The other measures that the evaluation has.
    private let others: [Summary.Measure]

    /// The title of a row without the right answers of a query's own encounter.
    static let otherEncounters = "correct photographs of other encounters only"

    /// How the numbers of a table with that row were counted.
    static func contract(of evaluation: EvaluationView) -> String {
        let encounters = """
            \(otherEncounters.capitalisingFirst): correct photographs of the query's own encounter are left out of the \
            ranking, because they may show the same waves and plants.
            """
        return [
            evaluation.contractText, evaluation.otherMeasures, evaluation.otherEncounters == nil ? nil : encounters,
        ].compactMap(\.self).joined(separator: CellContent.paragraph)
    }

    /// One row: its leading cells and its measures; a dash stands for an unknown value.
    typealias Row = (heads: [Table.Cell], summary: Summary?)

    /// The hit rates by their titles.
    static let hitRates: [(title: String, measure: Summary.Measure)] = [
        ("Top 1", .top1), ("Top 5", .top5), ("Top 20", .top20),
    ]

    private static let titles: [Summary.Measure: String] = [
        .rPrecision: "R-precision", .inversePenalty: "mINP", .baks: "BAKS",
    ]

    init(_ evaluation: EvaluationView) {
        metric = evaluation.metric
        others = [.rPrecision, .inversePenalty, .baks].filter { evaluation.pooled?.values[$0] != nil }
    }

    /// The table, and a folded one with the evaluation's other measures, if any: a page is too narrow for all.
    func parts(_ heads: [Table.Column], _ rows: [Row]) -> [CellContent.Part] {
        let table = Table(columns: heads + columns, rows: rows.map { $0.heads + cells($0.summary) })
        guard !others.isEmpty else { return [.table(table)] }
        let titles = others.compactMap { Self.titles[$0] }
        let folded = Table(
            columns: heads + titles.map { .init($0, .right) },
            rows: rows.map { row in row.heads + others.map { percent(row.summary?.values[$0]) } })
        return [.table(table), .folded(summary: titles.joined(separator: ", "), folded)]
    }

    var columns: [Table.Column] {
        [.init("Queries", .right), .init(metric, .right), .init("95% interval", .right)]
            + Self.hitRates.map { .init($0.title, .right) }
    }

    /// The cells of one row.
    func cells(_ summary: Summary?) -> [Table.Cell] {
        [
            .text(summary.map { NumberText.thousands(Double($0.queries)) } ?? "–"),
            .text(summary.map { NumberText.fixed($0.map, 3) } ?? "–"),
            .text(summary?.interval.map { NumberText.interval($0, 3) } ?? "–"),
        ] + Self.hitRates.map { percent(summary?.values[$0.measure]) }
    }

    private func percent(_ value: Double?) -> Table.Cell { .text(value.map { NumberText.percent($0) } ?? "–") }
}
