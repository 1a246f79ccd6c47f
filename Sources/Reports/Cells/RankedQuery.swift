import Basics
import Catalog
import Evaluation
import Figures

/// A query with what it returned, as grids and their tables show it.
struct RankedQuery {
    let query: QueryRow
    /// By rank, all of them.
    let answers: [Rankings.Answer]

    /// How queries may be chosen.
    static let selections = ["worst", "best", "random"]

    /// Chooses among the queries that have an answer.
    ///
    /// - Parameters:
    ///   - selection: One of ``selections``.
    ///   - seed: Fixes a random choice.
    static func chosen(
        _ queries: [QueryRow], selection: String, count: Int, seed: Int, answers: [String: [Rankings.Answer]]
    ) -> [RankedQuery] {
        let answerable = queries.filter { $0.relevant > 0 }
        let ordered: [QueryRow]
        switch selection {
        case "worst": ordered = queries.worstFirst
        case "best": ordered = answerable.sorted { $1.wentWorse(than: $0) }
        default:
            var generator = SeededGenerator(seed: UInt64(seed), "retrieval-grid")
            ordered = generator.shuffled(answerable.sorted { $0.id < $1.id })
        }
        return ordered.prefix(count).map { RankedQuery(query: $0, answers: answers[$0.id] ?? []) }
    }

    /// What the ranking itself shows of why it went as it did, as a sentence.
    func reason(in catalog: Catalog) -> String { remark(in: catalog).capitalisingFirst + "." }

    /// The same to stand within a sentence.
    func remark(in catalog: Catalog) -> String {
        var parts: [String] = []
        if let cause = FailureCause(rawValue: query.cause), cause != .unknown { parts.append("may be: \(cause.title)") }
        if query.relevant == 0 {
            parts.append(
                query.whaleID.isEmpty
                    ? "nobody has named the animal" : "the database has no photograph of \(query.whaleID)")
        } else if let rank = query.firstHitRank {
            parts.append(rank == 1 ? "the first is right" : "the first right one has rank \(rank)")
        } else {
            parts.append("none of the \(answers.count) returned is right, of \(query.relevant) in the database")
        }
        if query.firstHitRank != 1, let rival = rival(in: catalog) { parts.append(rival) }
        if let view = viewpoints(in: catalog) { parts.append(view) }
        return parts.joined(separator: "; ")
    }

    /// The other animal that comes up most before the first right photograph.
    private func rival(in catalog: Catalog) -> String? {
        let wrong = answers.prefix { $0.isRelevant != true }
        var counts: [String: Int] = [:]
        for answer in wrong { counts[catalog[answer.imageID]?.whaleID ?? "an unnamed animal", default: 0] += 1 }
        guard let most = counts.min(by: { (-$0.value, $0.key) < (-$1.value, $1.key) }), let first = wrong.first else {
            return nil
        }
        // Once or twice among many is chance.
        guard most.value > 2 || wrong.count <= 2 else { return nil }
        let shows = "\(most.value == 1 ? "shows" : "show") \(most.key)"
        guard let right = answers.first(where: { $0.isRelevant == true }) else {
            return "\(most.value) of them \(shows)"
        }
        let lead = "the best lies \(NumberText.fixed(Double(first.score - right.score), 3)) ahead of it"
        return wrong.count == 1
            ? "the one before it \(shows); \(lead)" : "\(most.value) of the \(wrong.count) before it \(shows); \(lead)"
    }

    private func viewpoints(in catalog: Catalog) -> String? {
        guard let own = catalog[query.imageID]?.viewpoint, let first = answers.first,
            let other = catalog[first.imageID]?.viewpoint, own != other
        else { return nil }
        return "asked with a \(own.rawValue) view, answered with a \(other.rawValue) view"
    }

    static let tableColumns: [Table.Column] = [
        .init("Query"), .init("Animal"), .init("View"), .init("Average precision", .right), .init("Why"),
        .init("Returned"),
    ]

    /// The row that tells the same as the picture.
    ///
    /// - Parameter missed: Right photographs that stand behind the first `ranks`.
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
    /// A photograph's name, with a link to it where it can be reached from the document.
    func photographCell(_ id: String, _ links: Links) -> Table.Cell {
        guard let photograph = self[id], let target = links.target(file(of: photograph).url) else { return .text(id) }
        return .link(id, to: target)
    }
}

extension RankedQuery {
    /// The photograph that asked, with its animal and a second line.
    func queryTile(_ thumbnails: Thumbnails, caption: String) -> PhotographTile {
        thumbnails.tile(query.imageID, captions: [query.whaleID, caption])
    }

    /// The first photographs that were returned, each with its animal, view and score.
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
