import Basics
import Evaluation
import Results

/// `metrics-table`: what training, query extension and knowing the animal make of the measures.
struct MetricsTable: Verb {
    let name = "metrics-table"
    let stages: [StageName] = [.evaluate]

    private static let final = "after training and query extension"

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let result = evaluation.result
        let untrained = result.untrained
        let rankings: [(title: String, summary: Summary?)] = [
            ("before training, with query extension", untrained?.summary),
            ("after training, plain search", result.expanded.before),
            (Self.final, evaluation.pooled),
            ("the same, similarities added up and not divided", result.summed),
            ("final, animals known from training", result.populations.known),
            ("final, animals never trained on", result.populations.unseen),
            ("before training, animals known from training", untrained?.details.populations.known),
            ("before training, animals never trained on", untrained?.details.populations.unseen),
        ]
        let rows =
            (rankings.filter { $0.summary != nil } + evaluation.models.map { ("\($0.title) alone", $0.summary) })
            .map { title, summary -> MeasureColumns.Row in
                ([title == Self.final ? .strong(title) : .text(title)], summary)
            }
        guard !rows.isEmpty else {
            throw ValueError("evaluation.json holds no measures", "Run 'whalebook run evaluate' again.")
        }
        var content = CellContent(
            parts: MeasureColumns(evaluation).parts([.init("Ranking")], rows), contract: evaluation.contractText)
        if !result.expanded.steps.isEmpty {
            content.notes.append("Query extension: \(result.expanded.steps.joined(separator: ", then ")).")
        }
        return content
    }
}
