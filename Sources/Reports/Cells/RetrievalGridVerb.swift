import Basics
import Catalog
import Evaluation
import Figures

/// `retrieval-grid`: queries, each in a row with the photographs that were returned.
struct RetrievalGridVerb: Verb {
    let name = "retrieval-grid"
    let stages = ["expand", "evaluate"]
    let parameters = ["select", "count", "ranks", "whale", "scenario", "seed", "missed"]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let catalog = try context.artefacts.catalog()
        var content = CellContent(contract: evaluation.contract)
        let ranking = try context.node(context.reads("expand") ? "expand" : "search", noting: &content)
        let answers = try context.artefacts.answers(ranking)
        let queries = try chosen(evaluation.queries, context)
        let ranks = try context.integer("ranks", 1...20, standard: 5)
        let chosen = RankedQuery.chosen(
            queries, selection: try context.choice("select", RankedQuery.selections, standard: "worst"),
            count: try context.integer("count", 1...60, standard: 8),
            seed: try context.integer("seed", 0...Int.max, standard: 1), answers: answers)
        let missed = Missed(
            ranks: try context.artefacts.rightRanks(ranking), shown: ranks,
            count: try context.integer("missed", 0...3, standard: 1))
        guard !chosen.isEmpty else {
            throw ValueError(
                "no query of that choice has an answer in the database", "Choose another whale or scenario.")
        }
        content.values = [
            "shown": .number(Double(chosen.count)), "queries": .number(Double(queries.count)),
            "answerable": .number(Double(queries.count { $0.relevant > 0 })), "ranks": .number(Double(ranks)),
        ]
        let thumbnails = Thumbnails(catalog)
        content.parts = [
            .figure(
                FigurePart(
                    figure: RetrievalGrid(
                        rows: chosen.map {
                            $0.gridRow(ranks: ranks, missed: missed[$0.query], thumbnails, catalog: catalog)
                        }),
                    format: .png,
                    table: Table(
                        columns: RankedQuery.tableColumns,
                        rows: chosen.map {
                            $0.tableRow(
                                ranks: ranks, missed: missed[$0.query], catalog: catalog, links: context.links)
                        })))
        ]
        if let note = thumbnails.note { content.notes.append(note) }
        return content
    }

    /// The right photographs of queries that stand behind those that are shown.
    private struct Missed {
        let ranks: [String: [RightRanks.Row]]
        /// Ranks of a query that are shown.
        let shown: Int
        /// At most so many of a query.
        let count: Int

        /// Those of a query, the nearest first.
        subscript(query: QueryRow) -> [RightRanks.Row] {
            Array((ranks[query.id] ?? []).lazy.filter { $0.rank > shown }.prefix(count))
        }
    }

    private func chosen(_ queries: [QueryRow], _ context: CellContext) throws -> [QueryRow] {
        var queries = queries
        if let whale = try context.text("whale") {
            let known = Set(queries.map(\.whaleID)).sorted()
            guard known.contains(whale) else {
                throw ValueError(
                    "no query shows '\(whale)'", ProblemCollector.remedy(for: whale, known: Array(known.prefix(40))))
            }
            queries.removeAll { $0.whaleID != whale }
        }
        if let scenario = try context.text("scenario") {
            let known = Set(queries.map(\.scenario)).sorted()
            guard known.contains(scenario) else {
                throw ValueError(
                    "there is no scenario '\(scenario)'", ProblemCollector.remedy(for: scenario, known: known))
            }
            queries.removeAll { $0.scenario != scenario }
        }
        return queries
    }
}

extension RankedQuery {
    /// The query and its first answers as a row of photographs.
    fileprivate func gridRow(
        ranks: Int, missed: [RightRanks.Row], _ thumbnails: Thumbnails, catalog: Catalog
    ) -> RetrievalRow {
        RetrievalRow(
            query: queryTile(
                thumbnails, caption: "\(query.viewpoint), AP \(NumberText.fixed(query.averagePrecision, 2))"),
            answers: answerTiles(ranks: ranks, thumbnails, catalog: catalog),
            missed: missed.map { row in
                let view = catalog[row.imageID]?.viewpoint.rawValue ?? "–"
                return thumbnails.tile(
                    row.imageID, captions: ["rank \(NumberText.thousands(Double(row.rank)))", view], mark: .late)
            }, note: reason(in: catalog))
    }
}
