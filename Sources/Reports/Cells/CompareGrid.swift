import Basics
import Catalog
import Evaluation
import Figures
import Options
import Results

struct CompareGrid: CellKind {
    static let name = "compare-grid"
    static let summary = """
        Queries with the photographs returned before and after a retrain, the nearest correct photograph if neither shows \
        it, and the wrong animals that come first from the query's side if they were returned from another.
        """
    static let stages: [StageName] = []

    @Option("Which queries are shown: those whose first match became correct, became wrong, or is wrong in both runs.")
    var select = Selection.fixed
    @Option("The number of queries shown.", in: 1...60)
    var count = 3
    @Option("The number of photographs shown for each query and run.", in: 1...20)
    var ranks = 2

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
        // Different animals first: two queries of one animal often fail alike.
        var seen: Set<String> = []
        let isFirst = selected.map { seen.insert($0.old.whaleID).inserted }
        let ordered = [true, false].flatMap { wanted in zip(selected, isFirst).filter { $1 == wanted }.map(\.0) }
        let entries = ordered.prefix(count).map { ComparedQuery($0, runs) }
        content.values = Self.values(
            shown: entries.count, selected: selected.count, queries: runs.pairs.count, ranks: ranks)
        guard !entries.isEmpty else {
            content.notes.append(select.absence)
            return content
        }
        let catalog = try context.artefacts.catalog()
        let thumbnails = Thumbnails(catalog)
        content.thumbnails = thumbnails
        let typical = try runs.typical(context.artefacts)
        content.parts = FigurePart.figures(of: entries, count: 3, format: .png) { rows in
            ComparisonGrid(rows: rows.map { $0.gridRow(ranks: ranks, thumbnails, catalog: catalog, typical: typical) })
        } table: { rows in
            Table(
                columns: ComparedQuery.tableColumns,
                rows: rows.flatMap { $0.tableRows(ranks: ranks, catalog: catalog, links: context.links) })
        }
        content.guide = Self.guide
        content.contract = runs.contract
        return content
    }

    private static let guide = """
        The nearest correct photograph, with three dots, is the first one of the query's animal in the later run. It is shown \
        if neither run shows a correct one, with its own ranks before and after; before, another photograph of the \
        animal may have been nearer. A curved arrow marks a photograph that was turned, and points back to how it was \
        taken. If a wrong animal comes first in a photograph from another side, a photograph from the query's side is \
        shown, too, if there is one. The margin, in the table, is the score of the first correct photograph minus that \
        of the first wrong one: near 0, little decided which came first.
        """

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
        before = RankedQuery(
            query: pair.old, answers: runs.oldAnswers[pair.old.id] ?? [], right: runs.oldRanks[pair.old.id] ?? [])
        after = RankedQuery(
            query: pair.new, answers: runs.newAnswers[pair.new.id] ?? [], right: runs.newRanks[pair.new.id] ?? [])
    }

    /// The rank of the first correct photograph in the whole database, or among those returned if only they are known.
    private static func firstRank(_ ranked: RankedQuery) -> Int? {
        ranked.right.map(\.rank).min() ?? ranked.query.firstHitRank
    }

    private static func rankText(_ ranked: RankedQuery) -> String {
        firstRank(ranked).map { NumberText.thousands(Double($0)) } ?? "not returned"
    }

    /// Where the first correct photograph went, with the average precisions, and which wrong animals come first.
    func note(in catalog: Catalog) -> String {
        func side(_ ranked: RankedQuery) -> String {
            "\(Self.rankText(ranked)) (AP \(NumberText.fixed(ranked.query.averagePrecision, 3)))"
        }
        var sentences = ["First correct photograph: rank \(side(before)) before, \(side(after)) after."]
        let rivals = [before, after].map { Self.rival($0, in: catalog) }
        if let old = rivals[0], let new = rivals[1], old.animal == new.animal {
            let counts = [old, new].map(\.count)
            let times =
                counts.contains { $0 > 2 }
                ? ", with \(counts[0]) and then \(counts[1]) photographs ahead of any correct one" : ""
            sentences.append("\(old.animal.capitalisingFirst) comes first in both\(times).")
        } else {
            for case (let clause, let rival?) in [("came first before", rivals[0]), ("comes first now", rivals[1])] {
                let times = rival.count > 2 ? ", with \(rival.count) photographs ahead of any correct one" : ""
                sentences.append("\(rival.animal.capitalisingFirst) \(clause)\(times).")
            }
        }
        return sentences.joined(separator: " ")
    }

    /// The wrong animal that comes first, and how many of its photographs come before any correct one; nil if the first
    /// match is correct.
    private static func rival(_ ranked: RankedQuery, in catalog: Catalog) -> (animal: String, count: Int)? {
        guard let first = ranked.answers.first, first.isRelevant != true else { return nil }
        let animal = catalog[first.imageID]?.whaleID
        let count = ranked.answers.prefix { $0.isRelevant != true }.count { catalog[$0.imageID]?.whaleID == animal }
        return (animal ?? "an unnamed animal", count)
    }

    /// The wrong animals that come first in a photograph of another view than the query's, with a photograph of the query's
    /// view, the one most like its others of that view by `typical`; nil if the animal has none.
    func rivalsFromTheSameSide(
        in catalog: Catalog, typical: [String: Double]
    ) -> [(animal: String, imageID: String?)] {
        guard let view = catalog[before.query.imageID]?.viewpoint, view != .unknown else { return [] }
        var animals: [String] = []
        for ranked in [before, after] {
            guard let first = ranked.answers.first, first.isRelevant != true, let shown = catalog[first.imageID],
                let animal = shown.whaleID, shown.viewpoint != view, !animals.contains(animal)
            else { continue }
            animals.append(animal)
        }
        return animals.map { animal in
            let own = catalog.photographs.filter { $0.whaleID == animal && $0.viewpoint == view }.map(\.id)
            return (animal, own.min { (-(typical[$0] ?? -1), $0) < (-(typical[$1] ?? -1), $1) })
        }
    }

    /// The query with both lists of photographs.
    func gridRow(
        ranks: Int, _ thumbnails: Thumbnails, catalog: Catalog, typical: [String: Double]
    ) -> ComparisonRow {
        func ranking(_ ranked: RankedQuery) -> [PhotographTile] {
            ranked.answerTiles(ranks: ranks, thumbnails, catalog: catalog)
        }
        let isShown = [before, after].contains { $0.answers.prefix(ranks).contains { $0.isRelevant == true } }
        let nearest = isShown ? nil : after.right.min { $0.rank < $1.rank }
        let missed = nearest.map { row in
            let old = before.right.first { $0.imageID == row.imageID }?.rank
            let moved = old.map { "rank \(NumberText.thousands(Double($0))), then " } ?? "rank "
            return thumbnails.tile(
                row.imageID,
                captions: [
                    moved + NumberText.thousands(Double(row.rank)),
                    catalog[row.imageID]?.viewpoint.rawValue ?? "–", thumbnails.identification(of: row.imageID),
                ], mark: .next)
        }
        let query = before.query
        let rivals = rivalsFromTheSameSide(in: catalog, typical: typical)
        let sameSide = rivals.compactMap { animal, id in
            id.map {
                thumbnails.tile(
                    $0, captions: [animal, query.viewpoint, thumbnails.identification(of: $0)], mark: .wrong)
            }
        }
        let absent = rivals.filter { $0.imageID == nil }.map(\.animal)
        let absence =
            absent.isEmpty
            ? "" : " No photograph shows \(absent.joined(separator: " or ")) from the query's side, \(query.viewpoint)."
        return ComparisonRow(
            query: before.queryTile(thumbnails, caption: "\(query.viewpoint), scenario \(query.scenario)"),
            before: ranking(before), after: ranking(after), missed: missed, sameSide: sameSide,
            note: note(in: catalog) + absence)
    }

    static let tableColumns: [Table.Column] = [
        .init("Run"), .init("Query"), .init("Animal"), .init("Scenario"), .init("Average precision", .right),
        .init("First correct rank", .right), .init("Margin", .right), .init("Returned"),
    ]

    /// The picture's content as table rows.
    func tableRows(ranks: Int, catalog: Catalog, links: Links) -> [[Table.Cell]] {
        [("before", before), ("after", after)].map { run, ranked in
            let query = ranked.query
            let returned = ranked.tableRow(ranks: ranks, catalog: catalog, links: links).last ?? "–"
            return [
                .text(run), catalog.photographCell(query.imageID, links), .animal(query.whaleID),
                .text(query.scenario), .text(NumberText.fixed(query.averagePrecision, 3)),
                .text(Self.rankText(ranked)),
                .text(Rankings.Answer.margin(ranked.answers).map { NumberText.signed($0, 3) } ?? "–"), returned,
            ]
        }
    }
}
