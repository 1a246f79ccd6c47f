import Basics
import Catalog
import Evaluation
import Figures
import Options

/// A query with the photographs that it returned, as grids and their tables show it.
struct RankedQuery {
    let query: QueryRow
    /// All of them, by rank.
    let answers: [Rankings.Answer]

    /// The ways to choose queries.
    enum Selection: String, OptionChoice { case worst, best, random }

    /// Chooses `count` of the answerable queries; the seed fixes a random choice.
    static func chosen(
        _ queries: [QueryRow], selection: Selection, count: Int, seed: Int, answers: [String: [Rankings.Answer]]
    ) -> [RankedQuery] {
        let answerable = queries.filter { $0.relevant > 0 }
        let ordered: [QueryRow]
        switch selection {
        case .worst: ordered = queries.worstFirst
        case .best: ordered = answerable.sorted { $1.wentWorse(than: $0) }
        case .random:
            var generator = SeededGenerator(seed: UInt64(seed), "retrieval-grid")
            ordered = generator.shuffled(answerable.sorted { $0.id < $1.id })
        }
        return ordered.prefix(count).map { RankedQuery(query: $0, answers: answers[$0.id] ?? []) }
    }

    /// What the ranking itself shows about the result, as a sentence.
    func reason(in catalog: Catalog) -> String { remark(in: catalog).capitalisingFirst + "." }

    /// The same as a clause.
    func remark(in catalog: Catalog) -> String {
        var parts: [String] = []
        if query.relevant == 0 {
            parts.append(
                query.whaleID.isEmpty ? "the animal has no name" : "the database has no photograph of \(query.whaleID)")
        } else if let rank = query.firstHitRank {
            parts.append(rank == 1 ? "the first match is right" : "the first right match has rank \(rank)")
        } else if query.relevant == 1 {
            parts.append("the only right photograph is missing from the top \(answers.count)")
        } else {
            parts.append("\(Self.all(query.relevant)) right photographs are missing from the top \(answers.count)")
        }
        if query.firstHitRank != 1, let rival = rival(in: catalog) { parts.append(rival) }
        if let view = viewpoints(in: catalog) { parts.append(view) }
        if let cause = possibleCause { parts.append("possible cause: \(cause)") }
        return parts.joined(separator: "; ")
    }

    /// The wrong animal that appears most before the first right photograph.
    private func rival(in catalog: Catalog) -> String? {
        let wrong = answers.prefix { $0.isRelevant != true }
        var counts: [String: Int] = [:]
        for answer in wrong { counts[catalog[answer.imageID]?.whaleID ?? "an unnamed animal", default: 0] += 1 }
        guard let most = counts.min(by: { (-$0.value, $0.key) < (-$1.value, $1.key) }), let first = wrong.first else {
            return nil
        }
        // Once or twice among many is chance.
        guard most.value > 2 || wrong.count <= 2 else { return nil }
        guard let right = answers.first(where: { $0.isRelevant == true }) else {
            return "\(most.key) is returned \(most.value == 1 ? "once" : "\(most.value) times")"
        }
        let lead = NumberText.fixed(Double(first.score - right.score), 3)
        guard wrong.count > 1 else { return "the match above it shows \(most.key) and scores \(lead) higher" }
        let many = most.value == wrong.count ? Self.all(wrong.count) : "\(most.value) of the \(wrong.count)"
        let shows = "\(most.value == 1 ? "shows" : "show") \(most.key)"
        return "\(many) matches above it \(shows); the top match scores \(lead) higher"
    }

    private static func all(_ count: Int) -> String { count == 2 ? "both" : "all \(count)" }

    private var possibleCause: String? {
        switch FailureCause(rawValue: query.cause) {
        // The ranking shows by itself that the database lacks the animal.
        case nil, .unknown, .noAnswer: nil
        case .fewAnswers: "only \(NumberText.counted(query.relevant, "photograph", "photographs")) to find"
        case .some(let cause): cause.title
        }
    }

    private func viewpoints(in catalog: Catalog) -> String? {
        guard let own = catalog[query.imageID]?.viewpoint, let first = answers.first,
            let other = catalog[first.imageID]?.viewpoint, own != other
        else { return nil }
        return "the query is a \(own.rawValue) view, the first match a \(other.rawValue) view"
    }

    static let tableColumns: [Table.Column] = [
        .init("Query"), .init("Animal"), .init("View"), .init("Average precision", .right), .init("Why"),
        .init("Returned"),
    ]

    /// The picture's content as a table row; `missed` has right photographs beyond the first `ranks`.
    func tableRow(ranks: Int, missed: [RightRanks.Row] = [], catalog: Catalog, links: Links) -> [Table.Cell] {
        let shown = answers.prefix(ranks).map { answer -> Table.Cell in
            let mark = answer.isRelevant == true ? "✓" : "✗"
            let score = NumberText.fixed(Double(answer.score), 3)
            return .markdown("\(mark) \(catalog.photographCell(answer.imageID, links).markdown) \(score)")
        }
        let behind = missed.map { row -> Table.Cell in
            .markdown("next right: \(catalog.photographCell(row.imageID, links).markdown), rank \(row.rank)")
        }
        return [
            catalog.photographCell(query.imageID, links), .text(query.whaleID), .text(query.viewpoint),
            .text(NumberText.fixed(query.averagePrecision, 3)), .text(reason(in: catalog)), .list(shown + behind),
        ]
    }
}

extension Catalog {
    /// A photograph's name, with a link to its enlargement if there is one.
    func photographCell(_ id: String, _ links: Links) -> Table.Cell {
        links.photographs?.path(of: id, in: self).map { .link(id, to: MarkdownText.target($0)) } ?? .text(id)
    }
}

extension RankedQuery {
    /// The query photograph, with its animal and a second line.
    func queryTile(_ thumbnails: Thumbnails, caption: String) -> PhotographTile {
        thumbnails.tile(query.imageID, captions: [query.whaleID, caption])
    }

    /// The first photographs returned, each with its animal, view and score.
    func answerTiles(ranks: Int, _ thumbnails: Thumbnails, catalog: Catalog) -> [PhotographTile] {
        answers.prefix(ranks).map { answer in
            let photograph = catalog[answer.imageID]
            return thumbnails.tile(
                answer.imageID,
                captions: [
                    photograph?.whaleID ?? "–",
                    "\(photograph?.viewpoint.rawValue ?? "–"), \(NumberText.fixed(Double(answer.score), 3))",
                ], mark: answer.isRelevant == true ? .right : .wrong)
        }
    }
}
