import Basics

/// `scenario-table`: the measures of each scenario and of all queries together.
struct ScenarioTable: Verb {
    let name = "scenario-table"
    let stages = ["evaluate"]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let measures = MeasureColumns(evaluation)
        var rows = evaluation.scenarios.map { name -> [Table.Cell] in
            let scenario = evaluation.scenario(name)
            let database = scenario["database"]?.double.map(NumberText.thousands) ?? "–"
            return [.text(name), .text(database)] + measures.cells(scenario)
        }
        rows.append([.strong("all queries"), "–"] + measures.cells(evaluation.json["pooled"] ?? .null))
        let table = Table(columns: [.init("Scenario"), .init("Database", .right)] + measures.columns, rows: rows)
        return CellContent(
            parts: [.table(table)] + (Self.viewpoints(evaluation, measures).map { [.table($0)] } ?? []),
            values: ["scenarios": .number(Double(evaluation.scenarios.count))], contract: evaluation.contract)
    }

    /// The measures by the views of query and database; nil where the evaluation does not tell, or of one pair alone.
    private static func viewpoints(_ evaluation: EvaluationView, _ measures: MeasureColumns) -> Table? {
        guard let pairs = evaluation.json["viewpoints"]?.array, pairs.count > 1 else { return nil }
        let rows = pairs.map { pair -> [Table.Cell] in
            [.text(pair["query"]?.string ?? "–"), .text(pair["database"]?.string ?? "–")] + measures.cells(pair)
        }
        return Table(
            columns: [.init("Query's view"), .init("Database, this view alone")] + measures.columns, rows: rows)
    }
}
