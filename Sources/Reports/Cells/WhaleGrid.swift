import Basics
import Catalog
import Evaluation
import Figures
import Options
import Results

struct WhaleGrid: CellKind {
    static let name = "whale-grid"
    static let summary = """
        The photographs of each animal, how those used as queries did, and what the worst of them returned. In HTML, \
        readers can filter the animals by name, by view and by the cause of their misses.
        """
    static let stages: [StageName] = [.expand, .evaluate]

    @Option("The order of the animals: by mean average precision from either end, or by name.")
    var sort = WhaleScore.Order.worst
    @Option("The number of animals shown.", in: 1...100_000, or: "all")
    var count: Int? = nil
    @Option("The only animal shown; by default all are considered.")
    var whale: String? = nil
    @Option("The number of queries of each animal that are shown with what they returned, the worst first.", in: 0...60)
    var queries = 3
    private let row = RetrievalRows.Parameters()

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let catalog = try context.artefacts.catalog()
        var whales = WhaleScore.sorted(WhaleScore.scores(of: evaluation.queries), by: sort)
        if let whale {
            let known = whales.map(\.id).sorted()
            whales.removeAll { $0.id != whale }
            guard !whales.isEmpty else {
                throw ValueError(
                    "no query shows \(quoted: whale)",
                    ProblemCollector.remedy(for: whale, known: Array(known.prefix(40))))
            }
        }
        let all = whales.count
        whales = Array(whales.prefix(count ?? .max))
        let photographs = Dictionary(grouping: catalog.photographs) { $0.whaleID ?? "" }
        let thumbnails = Thumbnails(catalog)
        var content = CellContent(
            values: ["shown": .number(Double(whales.count)), "animals": .number(Double(all))],
            contract: evaluation.contractText, thumbnails: thumbnails, isGallery: true,
            facets: ["Animal", "View of the query", "Cause of the miss"])
        let hasRanking = context.reads(.expand) || context.reads(.search)
        let rows = queries > 0 && hasRanking ? try RetrievalRows(context, row, thumbnails, noting: &content) : nil
        content.parts = whales.flatMap { whale in
            let gallery = WhaleGallery(
                whale: whale, photographs: photographs[whale.id] ?? [], metric: evaluation.metric)
            let figures = [
                gallery.figure(thumbnails, links: context.links, catalog: catalog),
                rows.flatMap { gallery.retrieval($0, count: queries) },
            ]
            return figures.compactMap(\.self).map(CellContent.Part.figure)
        }
        return content
    }
}

/// All photographs of one animal, with the outcome of those used as queries.
struct WhaleGallery {
    let whale: WhaleScore
    let photographs: [Photograph]
    let metric: String

    /// The outcome of one photograph's queries; with several scenarios the worst counts.
    enum Outcome: String, CaseIterable {
        case missed = "not found"
        case late = "found later"
        case first = "found first"
        case unanswerable = "nothing to find"
        case notAsked = "not a query"

        var mark: PhotographTile.Mark {
            switch self {
            case .missed: .wrong
            case .late: .late
            case .first: .right
            case .unanswerable, .notAsked: .none
            }
        }

        init(_ queries: [QueryRow]) {
            let answerable = queries.filter { $0.relevant > 0 }
            if queries.isEmpty {
                self = .notAsked
            } else if answerable.isEmpty {
                self = .unanswerable
            } else if answerable.contains(where: { $0.firstHitRank == nil }) {
                self = .missed
            } else {
                self = answerable.allSatisfy { $0.firstHitRank == 1 } ? .first : .late
            }
        }
    }

    /// A photograph with its queries.
    struct Entry {
        let photograph: Photograph
        let outcome: Outcome
        let queries: [QueryRow]

        /// The text below the photograph.
        var note: String {
            let ranks = queries.compactMap(\.firstHitRank)
            return outcome == .late ? "found at rank \(ranks.max() ?? 0)" : outcome.rawValue
        }
    }

    /// Each photograph with its outcome, queries first, the worst first.
    var entries: [Entry] {
        let asked = Dictionary(grouping: whale.queries, by: \.imageID)
        let order = Outcome.allCases
        return photographs.map { photograph in
            let queries = asked[photograph.id] ?? []
            return Entry(photograph: photograph, outcome: Outcome(queries), queries: queries)
        }.sorted {
            (order.firstIndex(of: $0.outcome) ?? 0, $0.photograph.id)
                < (order.firstIndex(of: $1.outcome) ?? 0, $1.photograph.id)
        }
    }

    /// How well the animal was found, in a few words.
    var summary: String {
        let mean = whale.mean.map { "\(metric) \(NumberText.fixed($0, 3))" } ?? "no answerable query"
        return [
            NumberText.counted(photographs.count, "photograph", "photographs"),
            NumberText.counted(whale.queries.count, "query", "queries"), mean,
        ].joined(separator: ", ")
    }

    /// Each query's animal, view and cause.
    private var cases: [[String]] {
        whale.queries.map { query in
            [whale.id, query.viewpoint, FailureCause(rawValue: query.cause)?.title ?? "found first"]
        }
    }

    /// The photographs as a figure that links can point to.
    func figure(_ thumbnails: Thumbnails, links: Links, catalog: Catalog) -> FigurePart {
        FigurePart(
            title: whale.id, subtitle: summary, anchor: "animal-" + Self.anchor(whale.id), cases: cases,
            figure: PhotographGrid(
                tiles: entries.map { entry in
                    thumbnails.tile(
                        entry.photograph.id,
                        captions: [
                            "\(entry.photograph.viewpoint.rawValue), \(entry.photograph.date ?? "no date")", entry.note,
                        ],
                        mark: entry.outcome.mark)
                }), format: .png, table: table(links, catalog: catalog))
    }

    /// The worst queries with what they returned; nil if none is answerable.
    func retrieval(_ rows: RetrievalRows, count: Int) -> FigurePart? {
        let worst = RankedQuery.chosen(
            whale.queries, selection: .worst, count: count, seed: 0, answers: rows.answers,
            ranks: rows.rightRanks)
        guard !worst.isEmpty else { return nil }
        let all = whale.queries.count { $0.relevant > 0 }
        let title =
            worst.count < all
            ? "The worst \(worst.count) of \(NumberText.counted(all, "query", "queries"))"
            : NumberText.counted(all, "query", "queries") + (all > 1 ? ", the worst first" : "")
        return rows.part(worst, title: title)
    }

    /// Letters and digits of a name, and other characters by their code, so that no two names share an anchor.
    private static func anchor(_ name: String) -> String {
        name.unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                ? String(scalar) : scalar == "-" ? "--" : "-\(String(scalar.value, radix: 16))-"
        }.joined()
    }

    /// The picture's content as a table.
    func table(_ links: Links, catalog: Catalog) -> Table {
        let rows = entries.map { entry -> [Table.Cell] in
            let ranks = entry.queries.map { query in
                "\(query.scenario): \(query.firstHitRank.map { "rank \($0)" } ?? "none"), "
                    + NumberText.fixed(query.averagePrecision, 3)
            }
            return [
                catalog.photographCell(entry.photograph.id, links), .text(entry.photograph.viewpoint.rawValue),
                .text(entry.photograph.date ?? "–"), .text(entry.outcome.rawValue),
                .text(ranks.isEmpty ? "–" : ranks.joined(separator: "; ")),
            ]
        }
        let titles = ["Photograph", "View", "Date", "Outcome", "First right rank and average precision"]
        return Table(columns: titles.map { .init($0) }, rows: rows)
    }
}
