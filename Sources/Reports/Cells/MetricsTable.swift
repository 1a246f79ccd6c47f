import Basics

/// `metrics-table`: what training, query extension and knowing the animal make of the measures.
struct MetricsTable: Verb {
    let name = "metrics-table"
    let stages = ["evaluate"]

    private static let rows = [
        (title: "before training, with query extension", path: "untrained"),
        (title: "after training, plain search", path: "expanded.before"),
        (title: "after training and query extension", path: "pooled"),
        (title: "the same, similarities added up and not divided", path: "summed"),
        (title: "final, animals known from training", path: "populations.known"),
        (title: "final, animals never trained on", path: "populations.unseen"),
        (title: "before training, animals known from training", path: "untrained.populations.known"),
        (title: "before training, animals never trained on", path: "untrained.populations.unseen"),
    ]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let measures = MeasureColumns(evaluation)
        let rankings = Self.rows.compactMap { row -> (heads: [Table.Cell], measures: JSONValue)? in
            guard let found = evaluation.json[path: row.path], found["map"]?.double != nil else { return nil }
            return ([row.path == "pooled" ? .strong(row.title) : .text(row.title)], found)
        }
        let rows = rankings + evaluation.models.map { ([.text("\($0.title) alone")], $0.measures) }
        guard !rows.isEmpty else {
            throw ValueError("evaluation.json holds no measures", "Run 'whalebook run evaluate' again.")
        }
        var content = CellContent(
            parts: [
                .table(
                    Table(
                        columns: [.init("Ranking")] + measures.columns,
                        rows: rows.map { $0.heads + measures.cells($0.measures) }))
            ] + (measures.folded([.init("Ranking")], rows).map { [$0] } ?? []),
            contract: evaluation.contract)
        if let steps = evaluation.json[path: "expanded.steps"]?.array?.compactMap(\.string), !steps.isEmpty {
            content.notes.append("Query extension: \(steps.joined(separator: ", then ")).")
        }
        return content
    }
}
