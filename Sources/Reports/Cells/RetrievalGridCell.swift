import Basics
import Catalog
import Evaluation
import Figures
import Options
import Results

struct RetrievalGridCell: CellKind {
    static let name = "retrieval-grid"
    static let summary = "Queries, each in a row with the photographs that it returned."
    static let stages: [StageName] = [.expand, .evaluate]

    /// The queries by what their scenario compares.
    enum Sides: String, OptionChoice { case all, same, different }

    @Option(
        """
        Which queries are shown: those with the worst or best average precision, misses whose first correct photograph is \
        nearest the median rank, or a random choice.
        """)
    var select = RankedQuery.Selection.worst
    @Option("The number of queries shown.", in: 1...60)
    var count = 8
    @Option("The animal whose queries are considered; by default those of all animals.")
    var whale: String? = nil
    @Option("The scenario whose queries are considered; by default those of all scenarios.")
    var scenario: String? = nil
    @Option(
        """
        The queries considered: all, or only the misses of scenarios whose database has the query's view, or only those of \
        scenarios that compare different views on purpose.
        """)
    var sides = Sides.all
    @Option("The seed of a random choice.", in: 0...(1 << 53))
    var seed = 1
    private let row = RetrievalRows.Parameters()

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let thumbnails = Thumbnails(try context.artefacts.catalog())
        var content = CellContent(contract: evaluation.readingText, thumbnails: thumbnails)
        let rows = try RetrievalRows(context, row, thumbnails, links: context.links, noting: &content)
        let queries = try chosen(evaluation.queries, rows)
        if sides != .all, queries.isEmpty {
            let which = sides == .same ? "whose database has its view" : "that compares different views on purpose"
            return CellContent(notes: ["No query missed in a scenario \(which)."])
        }
        let chosen = RankedQuery.chosen(
            queries, selection: select, count: count, seed: seed, answers: rows.answers,
            ranks: rows.rightRanks, causes: rows.causes)
        guard !chosen.isEmpty else {
            throw ValueError(
                "no chosen query is answerable", "Choose another whale or scenario.")
        }
        let missed = queries.count { $0.relevant > 0 && $0.firstHitRank != 1 }
        content.values = [
            "shown": .number(Double(chosen.count)), "queries": .number(Double(queries.count)),
            "answerable": .number(Double(queries.count { $0.relevant > 0 })),
            "nothing_right": .number(Double(queries.count { $0.relevant > 0 && $0.firstHitRank == nil })),
            "missed": .number(Double(missed)), "ranks": .number(Double(rows.ranks)),
            "shown_misses": .string(Self.misses(chosen.count { $0.query.firstHitRank != 1 }, of: missed)),
            "exceptions": TrustedScore(evaluation.queries, answers: rows.answers)
                .map { .string($0.exceptions(among: chosen)) } ?? .null,
        ]
        content.parts = rows.parts(chosen)
        return content
    }

    /// How many of the misses are shown, as the start of a sentence.
    private static func misses(_ shown: Int, of all: Int) -> String {
        let misses = NumberText.counted(all, "miss", "misses")
        return shown == all ? (all == 1 ? "The only miss" : "All \(misses)") : "\(shown) of \(misses)"
    }

    private func chosen(_ queries: [QueryRow], _ rows: RetrievalRows) throws -> [QueryRow] {
        var queries = queries
        if sides != .all {
            queries.removeAll { query in
                let isAcross = rows.causes[query.id]?.contains { $0.cause == .crossViews } ?? false
                return query.relevant == 0 || query.firstHitRank == 1 || isAcross != (sides == .different)
            }
        }
        if let whale {
            let known = Set(queries.map(\.whaleID)).sorted()
            guard known.contains(whale) else {
                throw ValueError(
                    "no query shows \(quoted: whale)",
                    ProblemCollector.remedy(for: whale, known: Array(known.prefix(40))))
            }
            queries.removeAll { $0.whaleID != whale }
        }
        if let scenario {
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

extension TrustedScore {
    /// How many wrong first matches of some queries have a score that is to be trusted, and how many of all do.
    fileprivate func exceptions(among shown: [RankedQuery]) -> String {
        let here = shown.count { query in
            query.query.firstHitRank != 1 && query.answers.first.map { Double($0.score) >= least } == true
        }
        let wrong = above - correctAbove
        let limit = NumberText.fixed(least, 2)
        let share = NumberText.percent(Double(wrong) / Double(above), 0)
        let verb = wrong == 1 ? "is" : "are"
        let all = "of all \(above) first matches with such a score, \(wrong) (\(share)) \(verb) wrong"
        guard here > 0 else { return "None of these wrong first matches scores \(limit) or more; \(all)." }
        return
            "\(here) of these wrong first matches \(here == 1 ? "scores" : "score") \(limit) or more. Such exceptions "
            + "are rare: \(all)."
    }
}

/// Queries in rows, each with the photographs returned, followed by correct ones beyond them.
struct RetrievalRows {
    /// The number of ranks shown for each query.
    let ranks: Int
    let answers: [String: [Rankings.Answer]]
    /// All correct photographs of each query, by rank in the whole database.
    let rightRanks: [String: [RightRanks.Row]]
    /// The factors of each miss that hits have less often, by query.
    let causes: [String: [CauseRow]]
    /// The maximum number of correct photographs shown beyond the ranks, nearest first.
    private let missed: Int
    private let thumbnails: Thumbnails
    private let catalog: Catalog
    private let links: Links

    /// The parameters of cells that show such rows.
    struct Parameters: OptionGroup {
        @Option("The number of photographs shown for each query.", in: 1...20)
        var ranks = 5
        @Option("The largest number of correct photographs shown beyond those ranks, nearest first.", in: 0...3)
        var missed = 1
    }

    /// Reads the ranking that a cell shows: that of the extended queries if the cell reads `expand`, else the plain
    /// search's. `links` are those of the page that shows the rows.
    init(
        _ context: CellContext, _ parameters: Parameters, _ thumbnails: Thumbnails, links: Links,
        noting content: inout CellContent
    ) throws {
        let ranking = try context.node(context.reads(.expand) ? .expand : .search, noting: &content)
        ranks = parameters.ranks
        let isExpanded = ranking.stage == .expand
        answers = try context.artefacts.answers(
            isExpanded ? ExpandFiles.neighbours : SearchFiles.neighbours, in: ranking.directory)
        rightRanks = try context.artefacts.rightRanks(ranking)
        let known = try context.nodeIfPresent(.evaluate).flatMap {
            try context.artefacts.readIfPresent(EvaluateFiles.causes, of: $0)
        }
        let summary = known == nil ? nil : try context.evaluation().result.causes
        let (across, others) = (summary?.common(acrossViews: true) ?? [], summary?.common(acrossViews: false) ?? [])
        causes = Dictionary(grouping: known ?? [], by: \.queryID).mapValues { rows in
            let common = rows.contains { $0.cause == .crossViews } ? across : others
            return rows.filter { $0.cause == .crossViews || !common.contains($0.cause) }
        }
        missed = parameters.missed
        self.thumbnails = thumbnails
        catalog = try context.artefacts.catalog()
        self.links = links
    }

    /// A figure of some queries, with its table.
    func part(_ queries: [RankedQuery], title: String? = nil) -> FigurePart {
        FigurePart(title: title, figure: RetrievalGrid(rows: queries.map(row)), format: .png, table: table(queries))
    }

    /// Figures of many queries, with their tables.
    func parts(_ queries: [RankedQuery]) -> [CellContent.Part] {
        FigurePart.figures(
            of: queries, count: 4, format: .png, figure: { RetrievalGrid(rows: $0.map(row)) }, table: table)
    }

    private func table(_ queries: [RankedQuery]) -> Table {
        Table(
            columns: RankedQuery.placeColumns,
            rows: queries.flatMap { $0.placeRows(ranks: ranks, missed: missed($0), catalog: catalog, links: links) })
    }

    /// The number of photographs in the row of a query.
    func photographs(of ranked: RankedQuery) -> Int { 1 + min(ranked.answers.count, ranks) + missed(ranked).count }

    /// Whether all correct photographs of a query show another view than the query.
    func isAcrossViews(_ query: QueryRow) -> Bool {
        RankedQuery.otherViews(query, right: rightRanks[query.id] ?? [], in: catalog) != nil
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
                    row.imageID,
                    captions: [
                        "rank \(NumberText.thousands(Double(row.rank)))", view,
                        thumbnails.identification(of: row.imageID),
                    ], mark: .next)
            }, note: ranked.reason(in: catalog))
    }
}
