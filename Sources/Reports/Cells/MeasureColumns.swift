import Basics

/// The columns that every table of retrieval measures has.
struct MeasureColumns {
    let metric: String
    /// The depths of the hit rates that the evaluation tells of.
    let depths: [Int]
    /// The other measures that the evaluation tells of, by their names there.
    private let others: [(key: String, title: String)]

    private static let known = [("r_precision", "R-precision"), ("minp", "mINP"), ("baks", "BAKS")]

    init(_ evaluation: EvaluationView) {
        metric = evaluation.metric
        let pooled = evaluation.json["pooled"]?.object ?? [:]
        depths = pooled.keys.compactMap { $0.hasPrefix("top") ? Int($0.dropFirst(3)) : nil }.sorted()
        others = Self.known.filter { pooled[$0.0]?.double != nil }
    }

    var columns: [Table.Column] {
        [.init("Queries", .right), .init(metric, .right), .init("95% interval", .right)]
            + depths.map { .init("Top \($0)", .right) }
    }

    /// The columns of the other measures, for which a page is too narrow beside these.
    var otherColumns: [Table.Column] { others.map { .init($0.title, .right) } }

    /// The other measures of one row.
    func otherCells(_ measures: JSONValue) -> [Table.Cell] {
        others.map { .text(measures[$0.key]?.double.map { NumberText.percent($0) } ?? "–") }
    }

    /// A folded table of the other measures; nil where the evaluation tells of none.
    func folded(_ heads: [Table.Column], _ rows: [(heads: [Table.Cell], measures: JSONValue)]) -> CellContent.Part? {
        guard !others.isEmpty else { return nil }
        let table = Table(
            columns: heads + otherColumns, rows: rows.map { $0.heads + otherCells($0.measures) })
        return .folded(summary: others.map(\.title).joined(separator: ", "), table)
    }

    /// The cells of one row; a dash where the evaluation does not tell.
    func cells(_ measures: JSONValue) -> [Table.Cell] {
        func text(_ key: String, _ write: (Double) -> String) -> Table.Cell {
            .text(measures[key]?.double.map(write) ?? "–")
        }
        return [
            text("queries", NumberText.thousands), text("map") { NumberText.fixed($0, 4) },
            .text(measures["interval"]?.interval.map { NumberText.interval($0, 3) } ?? "–"),
        ]
            + depths.map { depth in text("top\(depth)") { NumberText.percent($0) } }
    }
}
