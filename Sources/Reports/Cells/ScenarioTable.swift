import Basics

/// `scenario-table`: the measures of each scenario and of all queries together.
struct ScenarioTable: Verb {
    let name = "scenario-table"
    let stages = ["evaluate"]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let measures = MeasureColumns(evaluation)
        var rows = evaluation.scenarios.map { name -> (heads: [Table.Cell], measures: JSONValue) in
            let scenario = evaluation.scenario(name)
            let database = scenario["database"]?.double.map(NumberText.thousands) ?? "–"
            return ([.text(name), .text(database)], scenario)
        }
        rows.append(([.strong("all queries"), "–"], evaluation.json["pooled"] ?? .null))
        return CellContent(
            parts: Self.parts([.init("Scenario"), .init("Database", .right)], rows, measures)
                + Self.viewpoints(evaluation, measures),
            values: ["scenarios": .number(Double(evaluation.scenarios.count))], contract: evaluation.contract)
    }

    /// The measures by the views of query and database; empty where the evaluation does not tell, or of one pair alone.
    private static func viewpoints(_ evaluation: EvaluationView, _ measures: MeasureColumns) -> [CellContent.Part] {
        guard let pairs = evaluation.json["viewpoints"]?.array, pairs.count > 1 else { return [] }
        let rows = pairs.map { pair -> (heads: [Table.Cell], measures: JSONValue) in
            ([.text(pair["query"]?.string ?? "–"), .text(pair["database"]?.string ?? "–")], pair)
        }
        return parts([.init("Query's view"), .init("Database, this view alone")], rows, measures)
    }

    private static func parts(
        _ heads: [Table.Column], _ rows: [(heads: [Table.Cell], measures: JSONValue)], _ measures: MeasureColumns
    ) -> [CellContent.Part] {
        let table = Table(
            columns: heads + measures.columns, rows: rows.map { $0.heads + measures.cells($0.measures) })
        return [.table(table)] + (measures.folded(heads, rows).map { [$0] } ?? [])
    }
}
