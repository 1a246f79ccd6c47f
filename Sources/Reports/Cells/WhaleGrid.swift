import Algorithms
import Basics
import Catalog
import Evaluation
import Figures
import Options
import Results

struct WhaleGrid: CellKind {
    static let name = "whale-grid"
    static let summary = """
        An index of the animals, those with missed queries first, and a page for each: its best photograph of every \
        view, names to check with the photographs that question them, and confused pairs; for animals with missed queries or \
        a name to check also those queries with what they returned, and all photographs with what the run did with them. \
        In HTML, readers can filter the index by \
        name, by view and by the cause of misses.
        """
    static let stages: [StageName] = [.split, .measure, .search, .expand, .evaluate]

    @Option(
        """
        The order of the animals within each part of the index: most missed queries first, then the largest share of \
        them, by mean average precision from either end, or by name.
        """)
    var sort = WhaleScore.Order.misses
    @Option("The number of animals shown.", in: 1...100_000, or: "all")
    var count: Int? = nil
    @Option("The only animal shown; by default all are considered.")
    var whale: String? = nil
    @Option(
        "The number of missed queries of each animal that are shown with what they returned, the worst first.",
        in: 0...60)
    var queries = 3
    @Option(
        """
        The number of photographs drawn on all pages together, which bounds their size: first the best ones of every \
        animal, then names to check, then missed queries, then all photographs of animals with misses or a name to \
        check, each in the order \
        of the index.
        """, in: 0...1_000_000)
    var drawn = 5000
    private let row = RetrievalRows.Parameters()

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let catalog = try context.artefacts.catalog()
        let thumbnails = Thumbnails(catalog)
        var content = CellContent(contract: evaluation.readingText, thumbnails: thumbnails)
        let hasRanking = context.reads(.expand) || context.reads(.search)
        let rows =
            hasRanking ? try RetrievalRows(context, row, thumbnails, links: context.pageLinks, noting: &content) : nil
        let index = try index(WhaleScore.scores(of: evaluation.queries), in: catalog)
        let shown = index.prefix(count ?? .max)
        content.values = [
            "shown": .number(Double(shown.animals.count)), "animals": .number(Double(index.animals.count)),
            "with_misses": .number(Double(index.missed.count)), "found": .number(Double(index.found.count)),
            "without_queries": .number(Double(index.others.count)),
        ]
        let quality = context.reads(.measure) ? try measures(context) : nil
        let photographs = Dictionary(grouping: catalog.photographs) { $0.whaleID ?? "" }
        let typical = try context.nodeIfPresent(.search).flatMap {
            try context.artefacts.readIfPresent(SearchFiles.typical, of: $0)
        }
        let best = BestPhotographs(quality, typical: typical)
        let facts = try AnimalFacts(context, evaluation, catalog, answers: rows?.answers)
        let pages = shown.animals.map { whale in
            AnimalPage(
                whale: whale, photographs: photographs[whale.id] ?? [], metric: evaluation.metric, best: best,
                facts: facts, rows: rows, queries: queries, thumbnails: thumbnails, catalog: catalog,
                links: context.pageLinks)
        }
        let room = DrawingRoom(pages, most: drawn)
        content.pages = room.parts.enumerated().map { place, parts in
            CellContent.Page(animal: pages[place].whale.id, parts: parts)
        }
        content.parts = shown.tables(pages, metric: evaluation.metric)
        content.filter = RowFilter(
            facets: ["Animal", "View of the query", "Cause of the miss"], cases: shown.animals.map(\.cases))
        content.notes =
            [
                shown.animals.count < index.animals.count
                    ? "\(shown.animals.count) of \(index.animals.count) animals are shown." : nil,
                best.rule, room.note, context.links.photographs?.note,
            ].compactMap(\.self) + content.notes
        return content
    }

    /// The quality of each photograph; nil if the run has not measured them.
    private func measures(_ context: CellContext) throws -> [String: PhotographQuality]? {
        guard let node = try? context.nodes(.measure).first else { return nil }
        return try context.artefacts.readIfPresent(MeasureFiles.measures, of: node)?.quality
    }

    /// All animals with a name, in the order of the index.
    private func index(_ asked: [WhaleScore], in catalog: Catalog) throws -> AnimalIndex {
        let names = Set(asked.map(\.id))
        let others = Set(catalog.photographs.compactMap(\.whaleID)).subtracting(names).subtracting([""]).sorted()
        var scores = WhaleScore.sorted(asked + others.map { WhaleScore(id: $0, queries: []) }, by: sort)
        if let whale {
            let known = scores.map(\.id).sorted()
            scores.removeAll { $0.id != whale }
            guard !scores.isEmpty else {
                throw ValueError(
                    "no photograph shows \(quoted: whale)",
                    ProblemCollector.remedy(for: whale, known: Array(known.prefix(40))))
            }
        }
        return AnimalIndex(scores)
    }
}

/// The animals in three parts: those with missed queries come first.
struct AnimalIndex {
    /// Another animal came first in at least one query.
    let missed: [WhaleScore]
    /// Every answerable query had the animal first.
    let found: [WhaleScore]
    /// Without an answerable query.
    let others: [WhaleScore]

    /// Divides animals, and keeps their order in each part.
    init(_ scores: [WhaleScore]) {
        missed = scores.filter { !$0.missed.isEmpty }
        found = scores.filter { $0.missed.isEmpty && !$0.answerable.isEmpty }
        others = scores.filter(\.answerable.isEmpty)
    }

    /// All, in order.
    var animals: [WhaleScore] { missed + found + others }

    /// The first animals.
    func prefix(_ count: Int) -> AnimalIndex { AnimalIndex(Array(animals.prefix(count))) }

    /// A table of each part, those without a miss folded; `pages` are those of ``animals``.
    func tables(_ pages: [AnimalPage], metric: String) -> [CellContent.Part] {
        let (first, rest) = (pages.prefix(missed.count), pages.dropFirst(missed.count))
        let (second, third) = (rest.prefix(found.count), rest.dropFirst(found.count))
        func count(_ pages: ArraySlice<AnimalPage>, _ one: String, _ many: String) -> String {
            NumberText.counted(pages.count, "animal \(one)", "animals \(many)")
        }
        let misses =
            pages.contains { !$0.missedAcross.isEmpty }
            ? [AnimalPage.missedSame, AnimalPage.missedAcross] : [AnimalPage.missed]
        let numbers = (["Queries"] + misses + ["None correct", metric]).map { Table.Column($0, .right) }
        let standing: [Table.Column] =
            pages.contains { $0.facts.standing($0.photographs) != nil } ? [.init(AnimalPage.standing)] : []
        let tables: [(pages: ArraySlice<AnimalPage>, summary: String?, columns: [Table.Column])] = [
            (first, nil, standing + numbers),
            (
                second, count(second, "was found first every time", "were found first every time"),
                standing + [numbers[0], .init(metric, .right)]
            ),
            (third, count(third, "has no answerable query", "have no answerable query"), [.init("Reason")]),
        ]
        return tables.compactMap { pages, summary, columns -> CellContent.Part? in
            guard !pages.isEmpty else { return nil }
            let table = Table(
                columns: [.init("Animal")] + columns + [.init("Photographs")],
                rows: pages.map { page -> [Table.Cell] in
                    let numbers = columns.map { Table.Cell.text(page.number($0.title)) }
                    return [.animal(page.whale.id)] + numbers + [.text(page.holdings)]
                })
            return summary.map { .folded(summary: $0, table) } ?? .table(table)
        }
    }
}

extension WhaleScore {
    /// Each query's animal, view and cause, by which a reader filters.
    fileprivate var cases: [[String]] {
        guard !queries.isEmpty else { return [[id, "no query", "no query"]] }
        return Array(
            queries.map { query in
                [id, query.viewpoint, FailureCause(rawValue: query.cause)?.title ?? "found first"]
            }.uniqued())
    }
}

/// Divides the number of photographs that may be drawn among the pages of animals.
///
/// Every animal has its best photographs first; what is left goes to names to check, to missed queries, then to all
/// photographs.
struct DrawingRoom {
    /// The parts of each page.
    let parts: [[CellContent.Part]]
    /// The pages that have a table in place of a picture.
    private let curtailed: Int
    private let most: Int

    /// - Complexity: O(photographs).
    init(_ pages: [AnimalPage], most: Int) {
        var room = most
        var curtailed: Set<Int> = []
        /// The parts of one kind on every page; without room, a part is a table.
        func drawn(_ picture: (AnimalPage) -> AnimalPage.Picture?) -> [[CellContent.Part]] {
            pages.enumerated().map { place, page in
                guard let picture = picture(page) else { return [] }
                guard picture.photographs <= room else {
                    curtailed.insert(place)
                    return picture.asTable
                }
                room -= picture.photographs
                return [.figure(picture.figure)]
            }
        }
        // Enlargements have the same precedence, so each kind is made for all pages before the next.
        let kinds = [
            drawn(\.bestPhotographs), drawn { $0.namesToCheck(.split) }, drawn { $0.namesToCheck(.merge) },
            drawn(\.missedQueries), drawn(\.allPhotographs),
        ]
        parts = pages.enumerated().map { place, page in
            [.markdown(page.summary.markdown)] + page.points + kinds.flatMap { $0[place] }
        }
        self.curtailed = curtailed.count
        self.most = most
    }

    /// A sentence on what was left out; nil if nothing was.
    var note: String? {
        guard curtailed > 0 else { return nil }
        let pages = NumberText.counted(curtailed, "page has tables", "pages have tables")
        return "\(pages) in place of some pictures, because 'drawn' allows \(NumberText.thousands(Double(most))) "
            + "photographs."
    }
}
