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
            parts: [.table(table)], values: ["scenarios": .number(Double(evaluation.scenarios.count))],
            contract: evaluation.contract)
    }
}
