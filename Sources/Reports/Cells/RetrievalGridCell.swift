import Basics
import Catalog
import Evaluation
import Figures
import Results

/// `retrieval-grid`: queries, each in a row with the photographs that it returned.
struct RetrievalGridCell: CellKind {
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
                "no chosen query is answerable", "Choose another whale or scenario.")
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

/// Queries in rows, each with the photographs returned, followed by right ones beyond them.
struct RetrievalRows {
    /// The number of ranks shown for each query.
    let ranks: Int
    let answers: [String: [Rankings.Answer]]
    private let rightRanks: [String: [RightRanks.Row]]
    /// The maximum number of right photographs shown beyond the ranks, nearest first.
    private let missed: Int
    private let thumbnails: Thumbnails
    private let catalog: Catalog
    private let links: Links

    /// The parameters of cells that show such rows.
    static let parameters = ["ranks", "missed"]

    /// Reads the ranking that a cell shows: that of the extended queries if the cell reads `expand`, else the plain
    /// search's.
    init(_ context: CellContext, _ thumbnails: Thumbnails, noting content: inout CellContent) throws {
        let ranking = try context.node(context.reads(.expand) ? .expand : .search, noting: &content)
        ranks = try context.integer("ranks", 1...20, standard: 5)
        let isExpanded = ranking.stage == .expand
        answers = try context.artefacts.answers(
            isExpanded ? ExpandFiles.neighbours : SearchFiles.neighbours, in: ranking.directory)
        rightRanks = try context.artefacts.rightRanks(ranking)
        missed = try context.integer("missed", 0...3, standard: 1)
        self.thumbnails = thumbnails
        catalog = try context.artefacts.catalog()
        links = context.links
    }

    /// A figure of some queries, with its table.
    func part(_ queries: [RankedQuery], title: String? = nil) -> FigurePart {
        FigurePart(title: title, figure: RetrievalGrid(rows: queries.map(row)), format: .png, table: table(queries))
    }

    /// Figures of many queries, with their tables.
    func parts(_ queries: [RankedQuery]) -> [CellContent.Part] {
        FigurePart.figures(
            of: queries, count: 6, format: .png, figure: { RetrievalGrid(rows: $0.map(row)) }, table: table)
    }

    private func table(_ queries: [RankedQuery]) -> Table {
        Table(
            columns: RankedQuery.tableColumns,
            rows: queries.map { $0.tableRow(ranks: ranks, missed: missed($0), catalog: catalog, links: links) })
    }

    private func missed(_ ranked: RankedQuery) -> [RightRanks.Row] {
        Array((rightRanks[ranked.query.id] ?? []).lazy.filter { $0.rank > ranks }.prefix(missed))
    }

    private func row(_ ranked: RankedQuery) -> RetrievalRow {
        let query = ranked.query
        return RetrievalRow(
            query: ranked.queryTile(
                thumbnails, caption: "\(query.viewpoint), AP \(NumberText.fixed(query.averagePrecision, 2))"),
            answers: ranked.answerTiles(ranks: ranks, thumbnails, catalog: catalog),
            missed: missed(ranked).map { row in
                let view = catalog[row.imageID]?.viewpoint.rawValue ?? "–"
                return thumbnails.tile(
                    row.imageID, captions: ["rank \(NumberText.thousands(Double(row.rank)))", view], mark: .late)
            }, note: ranked.reason(in: catalog))
    }
}
