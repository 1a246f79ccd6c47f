import Basics

/// The columns that every table of retrieval measures has.
struct MeasureColumns {
    let metric: String
    /// The depths of the hit rates that the evaluation tells of.
    let depths: [Int]

    init(_ evaluation: EvaluationView) {
        metric = evaluation.metric
        depths = (evaluation.json["pooled"]?.object ?? [:]).keys
            .compactMap { $0.hasPrefix("top") ? Int($0.dropFirst(3)) : nil }.sorted()
    }

    var columns: [Table.Column] {
        [.init("Queries", .right), .init(metric, .right), .init("95% interval", .right)]
            + depths.map { .init("Top \($0)", .right) }
    }

    /// The cells of one row; a dash where the evaluation does not tell.
    func cells(_ measures: JSONValue) -> [Table.Cell] {
        func text(_ key: String, _ write: (Double) -> String) -> Table.Cell {
            .text(measures[key]?.double.map(write) ?? "–")
        }
        let interval = measures["interval"]?.numbers.flatMap { $0.count == 2 ? $0 : nil }
        return [
            text("queries", NumberText.thousands), text("map") { NumberText.fixed($0, 4) },
            .text(interval.map { "\(NumberText.fixed($0[0], 3)) to \(NumberText.fixed($0[1], 3))" } ?? "–"),
        ]
            + depths.map { depth in
                text("top\(depth)") { NumberText.percent($0) }
            }
    }
}
