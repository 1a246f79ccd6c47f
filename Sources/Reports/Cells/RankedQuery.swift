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
    /// All right photographs of the database, by rank.
    let right: [RightRanks.Row]
    /// Whether ``reason(in:)`` names a possible cause of a miss.
    var namesCause = true

    /// The ways to choose queries.
    enum Selection: String, OptionChoice { case worst, best, random }

    /// Chooses `count` of the answerable queries; the seed fixes a random choice.
    ///
    /// Each query has the photographs that it returned, in `answers`, and all right ones with their ranks in the whole
    /// database, in `ranks`. The worst queries are of different animals, if there are enough.
    static func chosen(
        _ queries: [QueryRow], selection: Selection, count: Int, seed: Int, answers: [String: [Rankings.Answer]],
        ranks: [String: [RightRanks.Row]]
    ) -> [RankedQuery] {
        let answerable = queries.filter { $0.relevant > 0 }
        let ordered: [QueryRow]
        switch selection {
        case .worst: ordered = queries.worstFirst(ranks)
        case .best: ordered = answerable.sorted { $1.wentWorse(than: $0) }
        case .random:
            var generator = SeededGenerator(seed: UInt64(seed), "retrieval-grid")
            ordered = generator.shuffled(answerable.sorted { $0.id < $1.id })
        }
        return ordered.prefix(count).map {
            RankedQuery(query: $0, answers: answers[$0.id] ?? [], right: ranks[$0.id] ?? [])
        }
    }

    /// What the ranking itself shows about the result, in sentences.
    func reason(in catalog: Catalog) -> String { explanation(in: catalog).plain }

    /// The same sentences with links to the animals.
    private func explanation(in catalog: Catalog) -> AnimalText {
        guard query.relevant > 0 else {
            return query.whaleID.isEmpty
                ? "The animal has no name." : "The database has no photograph of \(animal: query.whaleID)."
        }
        let sides = sides(in: catalog)
        var cause = namesCause ? possibleCause : nil
        // The sides say it already.
        if sides != nil, query.cause == FailureCause.otherView.rawValue { cause = nil }
        let sentences: [AnimalText?] = [
            sides, "\(outcome)", rival(in: catalog), cause.map { "Possible cause: \($0)." },
        ]
        return AnimalText(sentences.compactMap(\.self), separator: " ")
    }

    /// The sides of the query and of all its right photographs, if the query's is none of them.
    private func sides(in catalog: Catalog) -> AnimalText? {
        guard let own = catalog[query.imageID]?.viewpoint, own != .unknown, !right.isEmpty else { return nil }
        let others = Viewpoint.inOrder(right.compactMap { catalog[$0.imageID]?.viewpoint })
        guard !others.isEmpty, !others.contains(own), !others.contains(.unknown) else { return nil }
        let isOnly = right.count == 1
        let owner: AnimalText = query.whaleID.isEmpty ? "the animal" : "\(animal: query.whaleID)"
        let photographs = isOnly ? "only database photograph" : "\(right.count) database photographs"
        return AnimalText(
            [
                "The query shows \(own.side); the \(photographs) of ", owner,
                " \(isOnly ? "shows" : "show") \(others.map(\.side).joined(separator: " or ")).",
            ], separator: "")
    }

    /// Where the first right photograph is.
    private var outcome: String {
        if let rank = query.firstHitRank {
            return rank == 1 ? "The first match is right." : "The first right match has rank \(rank)."
        }
        let depth = right.map(\.rank).min().map { "; the first has rank \(NumberText.thousands(Double($0)))" } ?? ""
        guard query.relevant > 1 else {
            let place = right.first.map { " (rank \(NumberText.thousands(Double($0.rank))))" } ?? ""
            return "The only right photograph is missing from the top \(answers.count)\(place)."
        }
        return "None of the \(query.relevant) right photographs is in the top \(answers.count)\(depth)."
    }

    /// The wrong animal at rank 1, and the one that appears most before the first right photograph.
    private func rival(in catalog: Catalog) -> AnimalText? {
        let wrong = answers.prefix { $0.isRelevant != true }
        guard let first = wrong.first else { return nil }
        let unnamed = "an unnamed animal"
        func name(_ answer: Rankings.Answer) -> String { catalog[answer.imageID]?.whaleID ?? unnamed }
        func text(_ name: String, as shown: String) -> AnimalText {
            name == unnamed ? "\(shown)" : "\(animal: name, as: shown)"
        }
        let leader = name(first)
        let counts = Dictionary(grouping: wrong, by: name).mapValues(\.count)
        guard let most = counts.min(by: { (-$0.value, $0.key) < (-$1.value, $1.key) }) else { return nil }
        let before = query.firstHitRank == nil ? "in the top \(answers.count)" : "before it"
        func times(_ count: Int) -> String { count == 2 ? "twice" : "\(count) times" }
        let subject = text(leader, as: leader.capitalisingFirst)
        // Once or twice among many is chance.
        guard most.value > 2 || most.value == wrong.count && wrong.count > 1 else {
            return AnimalText([subject, " comes first."], separator: "")
        }
        return most.key == leader
            ? AnimalText([subject, " comes first and appears \(times(most.value)) \(before)."], separator: "")
            : AnimalText(
                [
                    subject, " comes first; ", text(most.key, as: most.key),
                    " appears most, \(times(most.value)) \(before).",
                ], separator: "")
    }

    private var possibleCause: String? {
        switch FailureCause(rawValue: query.cause) {
        // The ranking shows by itself that the database lacks the animal.
        case nil, .unknown, .noAnswer: nil
        case .fewAnswers: "only \(NumberText.counted(query.relevant, "photograph", "photographs")) to find"
        case .some(let cause): cause.title
        }
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
            let photograph = catalog.photographCell(answer.imageID, links).markdown
            // A right one shows the query's animal.
            let other = answer.isRelevant == true ? nil : catalog[answer.imageID]?.whaleID
            let name = other.map { " (\(Table.Cell.animal($0).markdown))" } ?? ""
            return .markdown("\(mark) \(photograph)\(name) \(score)")
        }
        let behind = missed.map { row -> Table.Cell in
            .markdown("next right: \(catalog.photographCell(row.imageID, links).markdown), rank \(row.rank)")
        }
        return [
            catalog.photographCell(query.imageID, links), .animal(query.whaleID), .text(query.viewpoint),
            .text(NumberText.fixed(query.averagePrecision, 3)), .markdown(explanation(in: catalog).markdown),
            .list(shown + behind),
        ]
    }
}

extension Catalog {
    /// A photograph's name, with a link to its enlargement if there is one.
    func photographCell(_ id: String, _ links: Links) -> Table.Cell {
        links.photographs?.path(of: id, in: self).map { .link(id, to: links.target(ofDocumentFile: $0)) } ?? .text(id)
    }
}

extension RankedQuery {
    /// The query photograph, with its animal and a second line.
    func queryTile(_ thumbnails: Thumbnails, caption: String) -> PhotographTile {
        thumbnails.tile(
            query.imageID, captions: [query.whaleID, caption, thumbnails.identification(of: query.imageID)])
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
                    thumbnails.identification(of: answer.imageID),
                ], mark: answer.isRelevant == true ? .right : .wrong)
        }
    }
}

extension Viewpoint {
    /// The side in a sentence: "the left side".
    var side: String {
        switch self {
        case .left: "the left side"
        case .right: "the right side"
        case .top: "the back"
        default: "the view \(quoted: rawValue)"
        }
    }
}
