import Basics
import Catalog
import Evaluation
import Figures
import Results

/// `retrieval-grid`: queries, each in a row with the photographs that were returned.
struct RetrievalGridVerb: Verb {
    let name = "retrieval-grid"
    let stages: [StageName] = [.expand, .evaluate]
    let parameters = ["select", "count", "whale", "scenario", "seed"] + RetrievalRows.parameters

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let thumbnails = Thumbnails(try context.artefacts.catalog())
        var content = CellContent(contract: evaluation.contractText, thumbnails: thumbnails)
        let rows = try RetrievalRows(context, thumbnails, noting: &content)
        let queries = try chosen(evaluation.queries, context)
        let chosen = RankedQuery.chosen(
            queries, selection: try context.choice("select", RankedQuery.selections, standard: "worst"),
            count: try context.integer("count", 1...60, standard: 8),
            seed: try context.integer("seed", 0...Int.max, standard: 1), answers: rows.answers)
        guard !chosen.isEmpty else {
            throw ValueError(
                "no query of that choice has an answer in the database", "Choose another whale or scenario.")
        }
        content.values = [
            "shown": .number(Double(chosen.count)), "queries": .number(Double(queries.count)),
            "answerable": .number(Double(queries.count { $0.relevant > 0 })), "ranks": .number(Double(rows.ranks)),
        ]
        content.parts = rows.parts(chosen)
        return content
    }

    private func chosen(_ queries: [QueryRow], _ context: CellContext) throws -> [QueryRow] {
        var queries = queries
        if let whale = try context.text("whale") {
            let known = Set(queries.map(\.whaleID)).sorted()
            guard known.contains(whale) else {
                throw ValueError(
                    "no query shows \(quoted: whale)",
                    ProblemCollector.remedy(for: whale, known: Array(known.prefix(40))))
            }
            queries.removeAll { $0.whaleID != whale }
        }
        if let scenario = try context.text("scenario") {
            let known = Set(queries.map(\.scenario)).sorted()
            guard known.contains(scenario) else {
                throw ValueError(
                    "there is no scenario \(quoted: scenario)", ProblemCollector.remedy(for: scenario, known: known))
            }
            queries.removeAll { $0.scenario != scenario }
        }
        return queries
    }
}
