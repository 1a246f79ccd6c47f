import Algorithms
import Basics
import Catalog
import Evaluation
import Figures
import Results

/// The page of one animal.
struct AnimalPage {
    let whale: WhaleScore
    let photographs: [Photograph]
    let metric: String
    let best: BestPhotographs
    let facts: AnimalFacts
    /// The rankings; nil if the cell reads none.
    let rows: RetrievalRows?
    /// The largest number of missed queries shown.
    let queries: Int
    let thumbnails: Thumbnails
    let catalog: Catalog
    let links: Links

    /// A figure that may have to make way for its table.
    struct Picture {
        let figure: FigurePart
        /// The number of photographs that it draws.
        let photographs: Int

        /// The title with the table.
        var asTable: [CellContent.Part] {
            [figure.title.map { .markdown("**\(MarkdownText.escaped($0))**") }, .table(figure.table)]
                .compactMap(\.self)
        }
    }

    // MARK: Numbers

    /// The number of photographs of each view, such as `3 top, 2 left`.
    private var views: [String] {
        Viewpoint.inOrder(photographs.map(\.viewpoint)).map { view in
            "\(photographs.count { $0.viewpoint == view }) \(view.rawValue)"
        }
    }

    /// The number of photographs, and those of each view.
    var holdings: String { "\(photographs.count): \(views.joined(separator: ", "))" }

    /// Columns of the index.
    static let (missed, missedSame, missedAcross) = ("Missed", "Missed, same view", "Missed, other view")
    static let standing = "Trained the network"

    /// The number in a column of the index, or a word.
    func number(_ column: String) -> String {
        switch column {
        case "Queries": String(whale.queries.count)
        case Self.missed: String(whale.missed.count)
        case Self.missedSame: String(missedSame.count)
        case Self.missedAcross: String(missedAcross.count)
        case Self.standing: facts.standing(photographs) ?? "–"
        case "None correct": String(whale.nothingRight)
        case "Reason": facts.reason(whale, photographs)
        default: whale.mean.map { NumberText.fixed($0, 3) } ?? "–"
        }
    }

    /// How well the animal was found, and which animals came first instead.
    var summary: AnimalText {
        let all = NumberText.counted(photographs.count, "photograph", "photographs")
        var sentences: [AnimalText] = ["\(all): \(views.joined(separator: ", "))."]
        if let roles = facts.roles(of: photographs) { sentences.append("\(roles)") }
        if whale.answerable.isEmpty {
            sentences.append("It has no answerable query: \(facts.reason(whale, photographs)).")
        }
        if !whale.queries.isEmpty {
            let queries = NumberText.counted(whale.queries.count, "query", "queries")
            let mean = whale.mean.map { "; \(metric) \(NumberText.fixed($0, 3))" } ?? ""
            let nothing =
                whale.nothingRight > 0 ? ", \(whale.nothingRight) of them without a correct photograph returned" : ""
            let missed = whale.answerable.isEmpty ? "" : ", \(whale.missed.count) missed\(nothing)"
            sentences.append("\(queries)\(missed)\(mean).")
        }
        let rivals = rivals
        if !rivals.isEmpty {
            let names: [AnimalText] = rivals.map { name, count in
                count == 1 ? "\(animal: name)" : AnimalText(["\(animal: name)", " (\(count) times)"], separator: "")
            }
            sentences.append(
                AnimalText(["Came first instead: ", AnimalText(names, separator: ", "), "."], separator: ""))
        }
        return AnimalText(sentences, separator: " ")
    }

    /// What to do, what is evidence against the name, and with which animals it is confused; a list.
    var points: [CellContent.Part] {
        let points = facts.advice(about: whale.id) + facts.doubts(of: whale.id, photographs: photographs.count)
        return points.isEmpty ? [] : [.markdown(points.map { "- \($0)" }.joined(separator: "\n"))]
    }

    private func isAcross(_ query: QueryRow) -> Bool { rows?.isAcrossViews(query) ?? false }

    /// Missed queries of which a correct photograph has their view, or whose views are unknown.
    var missedSame: [QueryRow] { whale.missed.filter { !isAcross($0) } }
    /// Missed queries whose correct photographs all show other views.
    var missedAcross: [QueryRow] { whale.missed.filter(isAcross) }

    /// The animals that came first in missed queries, the most frequent first.
    private var rivals: [(name: String, count: Int)] {
        let names = whale.missed.compactMap { rows?.answers[$0.id]?.first }.compactMap { catalog[$0.imageID]?.whaleID }
        return Dictionary(grouping: names.filter { $0 != whale.id }) { $0 }.map {
            (name: $0.key, count: $0.value.count)
        }
        .sorted { (-$0.count, $0.name) < (-$1.count, $1.name) }
    }

    // MARK: Pictures

    /// The photographs to check, each between the nearest that keeps the name and the nearest of another animal; nil if
    /// there are none.
    func namesToCheck(_ kind: IdentitySuspect.Kind) -> Picture? {
        let entries = facts.suspects(about: whale.id).filter { $0.groups.suspect.kind == kind }
        guard !entries.isEmpty else { return nil }
        let title =
            kind == .merge
            ? "Names to check: the two most similar photographs of both names"
            : "Names to check: the nearest photograph that keeps the name, the one to check, the nearest of another animal"
        return Picture(
            figure: IdentitySuspects.figure(entries, thumbnails, catalog, links: links, title: title),
            photographs: entries.reduce(0) { $0 + $1.groups.shown($1.number, in: catalog).count })
    }

    /// The best photograph of each view; nil without photographs.
    var bestPhotographs: Picture? {
        let chosen = best.chosen(photographs)
        guard !chosen.isEmpty else { return nil }
        let table = Table(
            columns: [
                .init("View"), .init("Photograph"), .init("Date"), .init("Chosen from", .right),
                .init("Shorter side (pixels)", .right),
            ],
            rows: chosen.map { photograph, count in
                [
                    .text(photograph.viewpoint.rawValue), catalog.photographCell(photograph.id, links),
                    .text(photograph.date ?? "–"), .text(String(count)),
                    .text(best.side(of: photograph.id).map { NumberText.fixed($0, 0) } ?? "–"),
                ]
            })
        let (thumbnails, views) = (thumbnails, chosen.count)
        return Picture(
            figure: FigurePart(
                title: views == 1 ? "The best photograph" : "The best photograph of each view",
                figure: PhotographGrid(
                    tiles: chosen.map { photograph, count in
                        thumbnails.tile(
                            photograph.id,
                            captions: [
                                count == 1
                                    ? "\(photograph.viewpoint.rawValue), the only one"
                                    : "\(photograph.viewpoint.rawValue), best of \(count)",
                                thumbnails.identification(of: photograph.id),
                            ])
                    }), format: .png, table: table), photographs: views)
    }

    /// The worst missed queries with what they returned, those of the same view first; nil if there are none.
    var missedQueries: Picture? {
        guard let rows else { return nil }
        let worst = [missedSame, missedAcross].flatMap { missed in
            RankedQuery.chosen(
                missed, selection: .worst, count: queries, seed: 0, answers: rows.answers, ranks: rows.rightRanks,
                causes: rows.causes)
        }.prefix(queries).map(\.self)
        guard !worst.isEmpty else { return nil }
        let all = NumberText.counted(whale.missed.count, "missed query", "missed queries")
        let order = missedSame.isEmpty || missedAcross.isEmpty ? "the worst first" : "those of the same view first"
        let title =
            worst.count < whale.missed.count
            ? "\(worst.count) of \(all), \(order)" : all + (worst.count > 1 ? ", \(order)" : "")
        return Picture(
            figure: rows.part(worst, title: title), photographs: worst.reduce(0) { $0 + rows.photographs(of: $1) })
    }

    /// Whether the page shows all photographs: the animal has misses, or a name to check.
    private var showsAll: Bool { !photographs.isEmpty && (!whale.missed.isEmpty || !doubtful.isEmpty) }

    /// The photographs to check, with the numbers of the suspicions.
    private var doubtful: [String: Int] {
        let entries = facts.suspects(about: whale.id).flatMap { entry in
            entry.groups.suspect.imageIDs.map { ($0, entry.number) }
        }
        return Dictionary(entries) { first, _ in first }
    }

    private static let titleOfAll =
        "All photographs, by their queries of the same view, if any. Tick: found first; clock: found later; "
        + "cross: not found"
    private static let doubtfulSign = "; question mark: check the name"

    /// All photographs of an animal with misses or a name to check, queries first; nil for others.
    var allPhotographs: Picture? {
        guard showsAll else { return nil }
        let (thumbnails, entries, doubtful) = (thumbnails, entries, doubtful)
        return Picture(
            figure: FigurePart(
                title: Self.titleOfAll + (doubtful.isEmpty ? "" : Self.doubtfulSign),
                figure: PhotographGrid(
                    tiles: entries.map { entry in
                        let photograph = entry.photograph
                        let doubt = doubtful[photograph.id].map { ["name to check, no. \($0)"] } ?? []
                        return thumbnails.tile(
                            photograph.id,
                            captions: [
                                "\(photograph.viewpoint.rawValue), \(entry.note)",
                                thumbnails.identification(of: photograph.id),
                            ] + (entry.acrossViews.map { [$0] } ?? []) + doubt,
                            mark: doubt.isEmpty ? entry.outcome.mark : .doubtful)
                    }, isDense: true), format: .png, table: table), photographs: entries.count)
    }

    // MARK: Photographs

    /// The outcome of some queries of one photograph, the worst of them.
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
        /// The outcome of the queries of the same view, or of others if there are none.
        let outcome: Outcome
        let queries: [QueryRow]
        /// The text below the photograph.
        let note: String
        /// What became of queries whose correct photographs all show other views; nil without one.
        let acrossViews: String?

        init(_ photograph: Photograph, queries: [QueryRow], isAcross: (QueryRow) -> Bool) {
            self.photograph = photograph
            self.queries = queries
            let across = queries.filter(isAcross)
            let same = queries.filter { $0.relevant > 0 && !isAcross($0) }
            let decisive = !same.isEmpty ? same : !across.isEmpty ? across : queries
            outcome = Outcome(decisive)
            note = Self.text(decisive)
            acrossViews =
                across.isEmpty ? nil : same.isEmpty ? "compared with other views" : "other views: \(Self.text(across))"
        }

        private static func text(_ queries: [QueryRow]) -> String {
            let outcome = Outcome(queries)
            return outcome == .late
                ? "found at rank \(queries.compactMap(\.firstHitRank).max() ?? 0)" : outcome.rawValue
        }
    }

    /// Each photograph with its outcome, queries first, the worst first.
    var entries: [Entry] {
        let asked = Dictionary(grouping: whale.queries, by: \.imageID)
        let order = Outcome.allCases
        return photographs.map { Entry($0, queries: asked[$0.id] ?? [], isAcross: isAcross) }.sorted {
            (order.firstIndex(of: $0.outcome) ?? 0, $0.photograph.id)
                < (order.firstIndex(of: $1.outcome) ?? 0, $1.photograph.id)
        }
    }

    /// The photographs with their outcomes.
    private var table: Table {
        let rows = entries.map { entry -> [Table.Cell] in
            let ranks = entry.queries.map { query in
                "\(query.scenario): \(query.firstHitRank.map { "rank \($0)" } ?? "none"), "
                    + NumberText.fixed(query.averagePrecision, 3)
            }
            let causes = entry.queries.flatMap { self.rows?.causes[$0.id] ?? [] }
            let factors = Array(causes.map(\.cause.title).uniqued())
            return [
                catalog.photographCell(entry.photograph.id, links), .text(entry.photograph.viewpoint.rawValue),
                .text(entry.photograph.date ?? "–"), .text(facts.uses(of: entry.photograph.id)),
                .text(([entry.note] + [entry.acrossViews].compactMap(\.self)).joined(separator: "; ")),
                .text(ranks.isEmpty ? "–" : ranks.joined(separator: "; ")),
                .text(factors.isEmpty ? "–" : factors.joined(separator: ", ")),
            ]
        }
        let titles = [
            "Photograph", "View", "Date", "Use", "Outcome", "First correct rank and average precision", "Factors",
        ]
        return Table(columns: titles.map { .init($0) }, rows: rows)
    }
}
