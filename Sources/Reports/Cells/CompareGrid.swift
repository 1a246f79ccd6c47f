import Basics
import Catalog
import Evaluation
import Figures
import Options
import Results

struct CompareGrid: CellKind {
    static let name = "compare-grid"
    static let summary = """
        Queries with the photographs returned before a retrain and, below them, after it; a list of all such queries, \
        and the same as a CSV file.
        """
    static let stages: [StageName] = []

    @Option("Which queries are shown: those whose first match became right, became wrong, or is wrong in both runs.")
    var select = Selection.fixed
    @Option("The number of queries shown.", in: 1...60)
    var count = 6
    @Option("The number of photographs shown for each query and run.", in: 1...20)
    var ranks = 5

    /// The queries to choose from.
    enum Selection: String, OptionChoice {
        case fixed, broken
        case stillFailing = "still-failing"

        func pairs(_ runs: ComparedRuns) -> [Comparison.Pair] {
            switch self {
            case .fixed: runs.fixed
            case .broken: runs.broken
            case .stillFailing: runs.stillFailing
            }
        }

        /// The title of the list of all.
        func listTitle(_ count: Int) -> String {
            let queries = NumberText.counted(count, "query", "queries")
            return switch self {
            case .fixed: "\(queries) fixed, largest gain first"
            case .broken: "\(queries) broken, largest loss first"
            case .stillFailing: "\(queries) still failing, worst first"
            }
        }

        /// The note if there are none.
        var absence: String {
            switch self {
            case .fixed: "No query was fixed."
            case .broken: "No query was broken."
            case .stillFailing: "No query fails in both runs."
            }
        }
    }

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent(values: Self.values(shown: 0, selected: 0, queries: 0, ranks: ranks))
        guard let runs = try context.comparedRuns(noting: &content) else { return content }
        let selected = select.pairs(runs)
        let entries = selected.prefix(count).map { ComparedQuery($0, runs) }
        content.values = Self.values(
            shown: entries.count, selected: selected.count, queries: runs.pairs.count, ranks: ranks)
        guard !entries.isEmpty else {
            content.notes.append(select.absence)
            return content
        }
        let catalog = try context.artefacts.catalog()
        let thumbnails = Thumbnails(catalog)
        content.thumbnails = thumbnails
        content.parts = FigurePart.figures(of: entries, count: 3, format: .png) { rows in
            ComparisonGrid(rows: rows.map { $0.gridRow(ranks: ranks, thumbnails, catalog: catalog) })
        } table: { rows in
            Table(
                columns: ComparedQuery.tableColumns,
                rows: rows.flatMap { $0.tableRows(ranks: ranks, catalog: catalog, links: context.links) })
        }
        content.list = ComparedQuery.list(of: selected, title: select.listTitle(selected.count))
        content.contract = runs.contract
        return content
    }

    private static func values(shown: Int, selected: Int, queries: Int, ranks: Int) -> [String: JSONValue] {
        [
            "shown": .number(Double(shown)), "selected": .number(Double(selected)),
            "queries": .number(Double(queries)), "ranks": .number(Double(ranks)),
        ]
    }
}

/// A query with the photographs that both runs returned.
struct ComparedQuery {
    let before: RankedQuery
    let after: RankedQuery

    init(_ pair: Comparison.Pair, _ runs: ComparedRuns) {
        // A cause of the miss held in the other run, too, so it does not explain the change.
        before = RankedQuery(
            query: pair.old, answers: runs.oldAnswers[pair.old.id] ?? [], right: [], namesCause: false)
        after = RankedQuery(
            query: pair.new, answers: runs.newAnswers[pair.new.id] ?? [], right: [], namesCause: false)
    }

    /// How the first photographs of both rankings moved; nil if both have the same.
    private func moves(in catalog: Catalog) -> String? {
        let first = [before, after].compactMap { $0.answers.first?.imageID }
        guard first.count == 2, first[0] != first[1] else { return nil }
        let clauses = first.map { id in
            let name = catalog[id]?.whaleID.map { "\(id) (\($0))" } ?? id
            func rank(_ ranked: RankedQuery) -> Int? {
                ranked.answers.firstIndex { $0.imageID == id }.map { $0 + 1 }
            }
            return switch (rank(before), rank(after)) {
            case (let old?, let new?): "\(name) \(new > old ? "fell" : "rose") from rank \(old) to \(new)"
            case (let old?, nil): "\(name) fell from rank \(old) out of the photographs returned"
            case (nil, let new?): "\(name) rose from outside the photographs returned to rank \(new)"
            case (nil, nil): "\(name) was not returned"
            }
        }
        return clauses.joined(separator: "; ") + "."
    }

    /// The query with both lists of photographs.
    func gridRow(ranks: Int, _ thumbnails: Thumbnails, catalog: Catalog) -> ComparisonRow {
        func ranking(_ ranked: RankedQuery) -> ComparisonRow.Ranking {
            ComparisonRow.Ranking(
                answers: ranked.answerTiles(ranks: ranks, thumbnails, catalog: catalog),
                measure: "AP \(NumberText.fixed(ranked.query.averagePrecision, 2))")
        }
        return ComparisonRow(
            query: before.queryTile(thumbnails, caption: before.query.viewpoint), before: ranking(before),
            after: ranking(after),
            note: ["Before: \(before.reason(in: catalog))", "After: \(after.reason(in: catalog))", moves(in: catalog)]
                .compactMap(\.self).joined(separator: " "))
    }

    static let tableColumns: [Table.Column] = [.init("Run")] + RankedQuery.tableColumns

    /// The picture's content as table rows.
    func tableRows(ranks: Int, catalog: Catalog, links: Links) -> [[Table.Cell]] {
        [("before", before), ("after", after)].map { run, ranked in
            [.text(run)] + ranked.tableRow(ranks: ranks, catalog: catalog, links: links)
        }
    }

    /// The rows that a folded table may have; the file has all.
    private static let longestTable = 500

    /// Queries without their photographs.
    static func list(of pairs: [Comparison.Pair], title: String) -> CompleteList {
        func rank(_ row: QueryRow) -> String { row.firstHitRank.map(String.init) ?? "" }
        let columns: [Table.Column] =
            ["Query", "Animal", "Scenario"].map { .init($0) }
            + ["First right rank before", "After", "Average precision before", "After", "Change"]
            .map { .init($0, .right) }
        let rows = pairs.prefix(longestTable).map { pair -> [Table.Cell] in
            let (old, new) = (pair.old, pair.new)
            let texts =
                [old.imageID, old.whaleID, old.scenario] + [old, new].map { $0.firstHitRank.map(String.init) ?? "–" }
                + [old, new].map { NumberText.fixed($0.averagePrecision, 3) }
                + [NumberText.change(from: old.averagePrecision, to: new.averagePrecision, 3)]
            return texts.map { .text($0) }
        }
        let header = [
            "scenario", "query_id", "query_image_id", "whale_id", "viewpoint", "first_hit_rank_old",
            "first_hit_rank_new", "average_precision_old", "average_precision_new",
        ]
        let lines = pairs.map { pair in
            let row = pair.old
            return [
                row.scenario, row.id, row.imageID, row.whaleID, row.viewpoint, rank(row), rank(pair.new),
                "\(row.averagePrecision)", "\(pair.new.averagePrecision)",
            ]
        }
        return CompleteList(
            title: title, table: Table(columns: columns, rows: rows), csv: CSVTable.text(header: header, rows: lines),
            count: pairs.count)
    }
}
