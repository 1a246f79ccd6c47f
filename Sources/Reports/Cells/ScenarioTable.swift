import Basics
import Results

/// `scenario-table`: the measures of each scenario and of all queries together.
struct ScenarioTable: Verb {
    let name = "scenario-table"
    let stages: [StageName] = [.evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let columns = MeasureColumns(evaluation)
        var rows = evaluation.scenarios.map { name -> MeasureColumns.Row in
            let scenario = evaluation.result.scenarios[name]
            let database = scenario.map { NumberText.thousands(Double($0.details.database)) } ?? "–"
            return ([.text(name), .text(database)], scenario?.summary)
        }
        rows.append(([.strong("all queries"), "–"], evaluation.pooled))
        return CellContent(
            parts: columns.parts([.init("Scenario"), .init("Database", .right)], rows)
                + Self.viewpoints(evaluation, columns),
            values: ["scenarios": .number(Double(evaluation.scenarios.count))], contract: evaluation.contractText)
    }

    /// The measures by the views of query and database; empty where there is one pair alone.
    private static func viewpoints(_ evaluation: EvaluationView, _ columns: MeasureColumns) -> [CellContent.Part] {
        let pairs = evaluation.result.viewpoints
        guard pairs.count > 1 else { return [] }
        return columns.parts(
            [.init("Query's view"), .init("Database, this view alone")],
            pairs.map { ([.text($0.details.query), .text($0.details.database)], $0.summary) })
    }
}
