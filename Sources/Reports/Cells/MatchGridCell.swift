import Basics
import Catalog
import Evaluation
import Figures
import Options
import Results

struct MatchGridCell: CellKind {
    static let name = "match-grid"
    static let summary = """
        A usual correct match, for comparison, and of the explained queries those with the most matches that agree, each \
        next to its first wrong and its first correct photograph, with lines between the marks that match.
        """
    static let stages: [StageName] = [.fuse, .explain, .evaluate]

    @Option("The number of queries shown.", in: 1...60)
    var count = 2
    @Option("The most lines of a pair, for the strongest of the matches that agree.", in: 1...MatchedMark.limit)
    var matches = 12
    @Option("Whether the matches that do not agree are shown as dots.")
    var others = true

    func content(_ context: CellContext) throws -> CellContent {
        if context.artefacts.isLeftOut(.explain) { return CellContent(notes: [Self.absence]) }
        var content = CellContent()
        let queries = try ExplainedQueries(context, count: .max, noting: &content)
        guard let found = try context.artefacts.readIfPresent(ExplainFiles.matches, of: queries.node) else {
            return CellContent(notes: [Marks.absence])
        }
        guard !queries.entries.isEmpty else { return content }
        let catalog = try context.artefacts.catalog()
        let thumbnails = Thumbnails(catalog, side: MatchSheet.side)
        content.thumbnails = thumbnails
        let matched = Dictionary(grouping: found) { [$0.queryImageID, $0.imageID] }.mapValues { $0.map(\.match) }
        let explained = queries.entries.map { entry in
            MatchedQuery(
                query: entry.query,
                pairs: entry.pairs.map { pair in
                    .init(pair: pair, agreement: MarkAgreement(matched[[pair.queryImageID, pair.imageID]] ?? []))
                })
        }
        // Pairs in which nothing agrees have no lines to look at.
        let most = explained.map { query in query.pairs.map(\.agreement.agreeing.count).max() ?? 0 }
        let shown = explained.indices.sorted { (most[$1], $0) < (most[$0], $1) }.prefix(count).map { explained[$0] }
        let pairs = shown.flatMap(\.pairs)
        let example = try Self.example(context, queries.node)
        content.notes += [AgreementCounts(try FirstMatches.read(context))?.sentence].compactMap(\.self)
        let hasMore = (pairs + (example?.pairs ?? [])).contains { $0.agreement.agreeing.count > matches }
        content.values = [
            "shown": .number(Double(shown.count)), "pairs": .number(Double(pairs.count)),
            "agreeing": .number(Double(pairs.count { !$0.agreement.agreeing.isEmpty })),
            "example": example == nil ? .null : "The first figure adds a usual correct match, for comparison.",
            "strongest": hasMore
                ? .string("If a pair has more than \(matches), the strongest \(matches) are joined.") : .null,
        ]
        content.contract = Self.contract
        let width = context.cell.options.figureSize().width
        // One query in each figure: photographs as large as the page allows.
        let rows = [example].compactMap(\.self) + shown
        content.parts = FigurePart.figures(of: rows, count: 1, format: .png) { queries in
            MatchGrid(
                pairs: queries.flatMap { $0.figures(thumbnails, catalog: catalog) }, lines: matches,
                showsOthers: others, width: width)
        } table: { queries in
            Table(
                columns: MatchedQuery.tableColumns,
                rows: queries.flatMap { $0.tableRows(catalog: catalog, links: context.links) })
        }
        return content
    }

    /// A correct first match with the median number of agreeing marks; nil if the result has none.
    private static func example(_ context: CellContext, _ node: ReportNode) throws -> MatchedQuery? {
        guard let typical = try FirstMatches.read(context).typical,
            let query = try context.evaluation().queries.first(where: { $0.id == typical.queryID }),
            let all = try context.artefacts.readIfPresent(ExplainFiles.compared, of: node)
        else { return nil }
        let rows = all.filter { $0.queryImageID == query.imageID && $0.imageID == typical.imageID }
        guard !rows.isEmpty else { return nil }
        let pair = ExplainedPair(
            scenario: query.scenario, queryID: query.id, queryImageID: query.imageID, kind: .right, rank: 1,
            imageID: typical.imageID)
        return MatchedQuery(
            query: query, pairs: [.init(pair: pair, agreement: MarkAgreement(rows.map(\.match)))], isExample: true)
    }

    private static let absence =
        "There are no matches to show: 'explain.queries' is 0, or the embeddings were made elsewhere by an unknown "
        + "network."
    private static let contract = """
        Marks are small spots and edges that a general method (SIFT) finds on skin and water alike. Two match if each is the \
        other's most similar mark and no second one is nearly as similar; several matches between the same two places count \
        once. Matches agree if one shift, turn and stretch of \
        the picture takes each mark close to its partner. Any three matches have one, so at least \
        \(MarkAgreement.fewest) must agree; between different animals a few agree by chance. The middle is \
        \(NumberText.percent(MarkAgreement.middle, 0)) of the width and of the height.
        """
}

/// The first matches of all queries, with their agreeing marks.
enum FirstMatches {
    /// Reads them; empty if marks were not matched.
    static func read(_ context: CellContext) throws -> [FirstMatch] {
        try context.nodeIfPresent(.fuse).flatMap {
            try context.artefacts.readIfPresent(FuseFiles.firstMatches, of: $0)
        } ?? []
    }
}

/// How many matches agree in the first matches of all queries.
struct AgreementCounts {
    private let correct: [Int]
    private let wrong: [Int]

    /// Nil unless there are correct and wrong first matches.
    init?(_ matches: [FirstMatch]) {
        func counts(_ isCorrect: Bool) -> [Int] {
            matches.filter { $0.isCorrect == isCorrect }.map(\.agreeing).sorted()
        }
        (correct, wrong) = (counts(true), counts(false))
        if correct.isEmpty || wrong.isEmpty { return nil }
    }

    private static func median(_ sorted: [Int]) -> Int { sorted[(sorted.count - 1) / 2] }

    /// The median of the correct first matches.
    var medianOfCorrect: Int { Self.median(correct) }
    /// The most of any wrong first match.
    var mostOfWrong: Int { wrong.last ?? 0 }

    /// What a number of agreeing matches means, from this run's queries.
    var sentence: String {
        let most = mostOfWrong
        let above = correct.count { $0 > most }
        return
            "Before query extension, first matches have a median of \(medianOfCorrect) agreeing marks if they are correct "
            + "(\(NumberText.counted(correct.count, "query", "queries"))), and \(Self.median(wrong)) if they are wrong "
            + "(\(wrong.count); at most \(most)). So up to \(most) agreeing marks say little; "
            + "\(NumberText.percent(Double(above) / Double(correct.count), 0)) of the correct first matches have more."
    }
}

/// What cells show if marks are not matched.
enum Marks {
    static let absence = "Marks were not matched. To match them, set 'match: {kind: sift}' and run again."
}

/// A query with its pairs and their matches.
private struct MatchedQuery {
    struct Pair {
        let pair: ExplainedPair
        let agreement: MarkAgreement
    }

    let query: QueryRow
    let pairs: [Pair]
    /// Whether it shows what a good match looks like.
    var isExample = false

    func figures(_ thumbnails: Thumbnails, catalog: Catalog) -> [MatchedPair] {
        pairs.map { entry in
            let pair = entry.pair
            return MatchedPair(
                title: (isExample ? "for comparison, a usual correct match" : "\(pair.kind.title), rank \(pair.rank)"),
                query: thumbnails.tile(
                    query.imageID, captions: ["query: \(query.whaleID)", Self.caption(query.imageID, catalog)]),
                answer: thumbnails.tile(
                    pair.imageID,
                    captions: [catalog[pair.imageID]?.whaleID ?? "–", Self.caption(pair.imageID, catalog)],
                    mark: pair.kind == .right ? .right : .wrong), agreement: entry.agreement)
        }
    }

    /// The photograph's id and view.
    private static func caption(_ id: String, _ catalog: Catalog) -> String {
        catalog[id].map { "\(id), \($0.viewpoint.rawValue) view" } ?? id
    }

    static let tableColumns: [Table.Column] = [
        .init("Query"), .init("Match"), .init("Correct"), .init("Rank", .right), .init("Matches", .right),
        .init("Agree", .right), .init("In the middle of both", .right), .init("Finding"),
    ]

    /// The picture's content as table rows.
    func tableRows(catalog: Catalog, links: Links) -> [[Table.Cell]] {
        pairs.map { entry in
            let (pair, agreement) = (entry.pair, entry.agreement)
            return [
                catalog.photographCell(pair.queryImageID, links), catalog.photographCell(pair.imageID, links),
                .text(pair.kind == .right ? "✓" : "✗"), .text(String(pair.rank)), .text(String(agreement.count)),
                .text(String(agreement.agreeing.count)),
                .text(agreement.middleShare.map { NumberText.percent($0, 0) } ?? "–"), .text(agreement.finding),
            ]
        }
    }
}
