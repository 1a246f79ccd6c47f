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
    /// All correct photographs of the database, by rank.
    let right: [RightRanks.Row]
    /// The factors of the miss that hits have less often, with their evidence, the most telling first; nil if unknown.
    var causes: [CauseRow]?

    /// The ways to choose queries.
    enum Selection: String, OptionChoice { case worst, typical, best, random }

    /// Chooses `count` of the answerable queries; the seed fixes a random choice.
    ///
    /// Each query has the photographs that it returned, in `answers`, all correct ones with their ranks in the whole
    /// database, in `ranks`, and the factors of a miss, in `causes`. The worst queries, and typical misses, are of different
    /// animals, if there are enough.
    static func chosen(
        _ queries: [QueryRow], selection: Selection, count: Int, seed: Int, answers: [String: [Rankings.Answer]],
        ranks: [String: [RightRanks.Row]], causes: [String: [CauseRow]] = [:]
    ) -> [RankedQuery] {
        let answerable = queries.filter { $0.relevant > 0 }
        let ordered: [QueryRow]
        switch selection {
        case .worst: ordered = queries.worstFirst(ranks)
        case .typical: ordered = queries.typicalFirst(ranks)
        case .best: ordered = answerable.sorted { $1.wentWorse(than: $0) }
        case .random:
            var generator = SeededGenerator(seed: UInt64(seed), "retrieval-grid")
            ordered = generator.shuffled(answerable.sorted { $0.id < $1.id })
        }
        return ordered.prefix(count).map {
            RankedQuery(
                query: $0, answers: answers[$0.id] ?? [], right: ranks[$0.id] ?? [], causes: causes[$0.id])
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
        let isSame = sides == nil && query.firstHitRank != 1 && comparesOwnView(in: catalog)
        let sentences: [AnimalText?] = [
            isSame ? "Same view." : nil, sides, "\(outcome)", rival(in: catalog),
            factors(besidesSides: sides == nil).map { "\($0)" },
        ]
        return AnimalText(sentences.compactMap(\.self), separator: " ")
    }

    /// The factors of the miss, in a sentence; nil if there are none.
    private func factors(besidesSides: Bool) -> String? {
        let all = causes?.map(\.cause) ?? [FailureCause(rawValue: query.cause)].compactMap(\.self)
        let titles = all.compactMap { cause -> String? in
            switch cause {
            // The ranking shows by itself that the database lacks the animal.
            case .unknown, .noAnswer: nil
            // The sides say it already.
            case .otherView, .crossViews: besidesSides ? cause.title : nil
            case .fewAnswers: "only \(NumberText.counted(query.relevant, "photograph", "photographs")) to find"
            case .hub: "the first match is a hub"
            default: cause.title
            }
        }
        guard !titles.isEmpty else { return nil }
        return "\(titles.count == 1 ? "Factor" : "Factors"): \(titles.joined(separator: ", "))."
    }

    /// The views of a query's correct photographs if the query's own is none of them; nil if it is one, or if a view is
    /// unknown.
    static func otherViews(_ query: QueryRow, right: [RightRanks.Row], in catalog: Catalog) -> [Viewpoint]? {
        guard let own = catalog[query.imageID]?.viewpoint, own != .unknown else { return nil }
        let views = Viewpoint.inOrder(right.compactMap { catalog[$0.imageID]?.viewpoint })
        return views.isEmpty || views.contains(own) || views.contains(.unknown) ? nil : views
    }

    /// Whether a correct photograph has the query's view.
    private func comparesOwnView(in catalog: Catalog) -> Bool {
        guard let own = catalog[query.imageID]?.viewpoint, own != .unknown else { return false }
        return right.contains { catalog[$0.imageID]?.viewpoint == own }
    }

    /// The views of the query and of all its correct photographs, if the query's is none of them.
    private func sides(in catalog: Catalog) -> AnimalText? {
        guard let others = Self.otherViews(query, right: right, in: catalog),
            let own = catalog[query.imageID]?.viewpoint
        else { return nil }
        let isOnly = right.count == 1
        let owner: AnimalText = query.whaleID.isEmpty ? "the animal" : "\(animal: query.whaleID)"
        let photographs = isOnly ? "only database photograph" : "\(right.count) database photographs"
        let views = others.map(\.rawValue).joined(separator: " or ")
        return AnimalText(
            [
                "Other view: the query is a \(own.rawValue) view; the \(photographs) of ", owner,
                isOnly ? " is a \(views) view." : " are \(views) views.",
            ], separator: "")
    }

    /// Where the first correct photograph is.
    private var outcome: String {
        if let rank = query.firstHitRank {
            return rank == 1 ? "The first match is correct." : "The first correct match has rank \(rank)."
        }
        let depth = right.map(\.rank).min().map { "; the first has rank \(NumberText.thousands(Double($0)))" } ?? ""
        guard query.relevant > 1 else {
            let place = right.first.map { " (rank \(NumberText.thousands(Double($0.rank))))" } ?? ""
            return "The only correct photograph is missing from the top \(answers.count)\(place)."
        }
        return "None of the \(query.relevant) correct photographs is in the top \(answers.count)\(depth)."
    }

    /// The wrong animal at rank 1, and the one with the most places before the first correct photograph.
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
        let places =
            query.firstHitRank == nil ? "of the top \(answers.count)" : "of the \(wrong.count) places before it"
        let subject = text(leader, as: leader.capitalisingFirst)
        // Once or twice among many is chance.
        guard most.value > 2 || most.value == wrong.count && wrong.count > 1 else {
            return AnimalText([subject, " comes first."], separator: "")
        }
        return most.key == leader
            ? AnimalText([subject, " comes first and fills \(most.value) \(places)."], separator: "")
            : AnimalText(
                [subject, " comes first; ", text(most.key, as: most.key), " fills \(most.value) \(places)."],
                separator: "")
    }

    static let tableColumns: [Table.Column] = [
        .init("Query"), .init("Animal"), .init("View"), .init("Average precision", .right), .init("Why"),
        .init("Returned"),
    ]

    /// The query and the first `ranks` photographs returned as a table row.
    func tableRow(ranks: Int, catalog: Catalog, links: Links) -> [Table.Cell] {
        let shown = answers.prefix(ranks).map { answer -> Table.Cell in
            let mark = answer.isRelevant == true ? "✓" : "✗"
            let score = NumberText.fixed(Double(answer.score), 3)
            let photograph = catalog.photographCell(answer.imageID, links).markdown
            // A right one shows the query's animal.
            let other = answer.isRelevant == true ? nil : catalog[answer.imageID]?.whaleID
            let name = other.map { " (\(Table.Cell.animal($0).markdown))" } ?? ""
            return .markdown("\(mark) \(photograph)\(name) \(score)")
        }
        return [
            catalog.photographCell(query.imageID, links), .animal(query.whaleID), .text(query.viewpoint),
            .text(NumberText.fixed(query.averagePrecision, 3)), .markdown(explanation(in: catalog).markdown),
            .list(shown),
        ]
    }

    static let placeColumns: [Table.Column] = [
        .init("Place"), .init("Photograph"), .init("Animal"), .init("View"), .init("Date"), .init("Score", .right),
        .init("Finding"),
    ]

    /// The picture's content with a row for each photograph: the query, the first `ranks` that it returned, and the
    /// `missed` correct ones beyond them.
    func placeRows(ranks: Int, missed: [RightRanks.Row], catalog: Catalog, links: Links) -> [[Table.Cell]] {
        func row(_ place: Table.Cell, _ id: String, _ score: Double, _ finding: Table.Cell) -> [Table.Cell] {
            let photograph = catalog[id]
            return [
                place, catalog.photographCell(id, links), photograph?.whaleID.map { .animal($0) } ?? "–",
                .text(photograph?.viewpoint.rawValue ?? "–"), .text(photograph?.date ?? "–"),
                .text(score.isFinite ? NumberText.fixed(score, 3) : "–"), finding,
            ]
        }
        let measure = "Average precision \(NumberText.fixed(query.averagePrecision, 3)). "
        let head = row(.strong("query"), query.imageID, .nan, .markdown(measure + explanation(in: catalog).markdown))
        let found = answers.prefix(ranks).enumerated().map { place, answer in
            row(
                .text(String(place + 1)), answer.imageID, Double(answer.score),
                answer.isRelevant == true ? "✓ correct" : "✗ wrong")
        }
        let beyond = missed.map { entry in
            row(.text(NumberText.thousands(Double(entry.rank))), entry.imageID, .nan, "… next correct")
        }
        return [head] + found + beyond
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
