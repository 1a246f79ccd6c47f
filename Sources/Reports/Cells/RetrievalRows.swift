import Basics
import Catalog
import Evaluation
import Figures
import Results

/// Queries in rows, each with the photographs that were returned and behind them right ones that were not.
struct RetrievalRows {
    /// Ranks of each query that are shown.
    let ranks: Int
    let answers: [String: [Rankings.Answer]]
    private let rightRanks: [String: [RightRanks.Row]]
    /// Right photographs behind the ranks, at most, the nearest first.
    private let missed: Int
    private let thumbnails: Thumbnails
    private let catalog: Catalog
    private let links: Links

    /// The parameters of cells that show such rows.
    static let parameters = ["ranks", "missed"]

    /// Reads the ranking that a cell shows: the extended queries' where it reads them, else the plain search's.
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

    /// A figure of some queries with its table.
    func part(_ queries: [RankedQuery], title: String? = nil) -> FigurePart {
        FigurePart(title: title, figure: RetrievalGrid(rows: queries.map(row)), format: .png, table: table(queries))
    }

    /// Figures of many queries with their tables.
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
