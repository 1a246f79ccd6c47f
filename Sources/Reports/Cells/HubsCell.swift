import Basics
import Catalog
import Evaluation
import Figures
import Options
import Results

struct HubsCell: CellKind {
    static let name = "hubs"
    static let summary = """
        Photographs that come first wrongly for several queries, and what to do about them; and hubs, photographs that are \
        returned as wrong matches for many different animals, and what leaving them out of the databases would change.
        """
    static let stages: [StageName] = [.measure, .search, .expand, .evaluate]

    @Option("The number of photographs shown.", in: 1...200)
    var count = 12
    @Option("The smallest share of a scenario's queries for which a photograph is a wrong match.", in: 0...1)
    var share = 0.0

    private static let contract = """
        Without hubs, the rankings are counted again with these photographs struck; query extension is not repeated.
        """
    /// The most photographs that the advice names.
    private static let named = 6

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let causes = evaluation.result.causes
        let all = causes.hubs.filter { Double($0.wrong) >= share * Double($0.queries) }
        let shown = Array(all.prefix(count))
        var content = CellContent(contract: causes.contract + CellContent.paragraph + Self.contract)
        content.values = [
            "hubs": .number(Double(all.count)), "shown": .number(Double(shown.count)),
            "depth": .number(Double(HubPhotograph.depth)),
        ]
        let catalog = try context.artefacts.catalog()
        let expanded = context.nodeIfPresent(.expand)
        let answers = try expanded.map { try context.artefacts.answers(ExpandFiles.neighbours, in: $0.directory) }
        let firsts = Self.firsts(evaluation.queries, answers: answers ?? [:])
        content.values["firsts"] = .number(Double(firsts.count))
        if !firsts.isEmpty {
            let thumbnails = Thumbnails(catalog)
            content.thumbnails = thumbnails
            content.parts = [
                .markdown(try advice(Set(firsts.map(\.id)), context, catalog)),
                Self.figure(Array(firsts.prefix(count)), catalog, thumbnails, context.links),
            ]
        }
        guard !shown.isEmpty else {
            content.notes.append("No photograph is a wrong match for unusually many queries.")
            return content
        }
        let table = Table(
            columns: [
                .init("Photograph"), .init("Animal"), .init("View"), .init("Scenario"), .init("Wrong in", .right),
                .init("Queries", .right), .init("Mean of all photographs", .right),
            ],
            rows: shown.map { hub in
                let photograph = catalog[hub.imageID]
                return [
                    catalog.photographCell(hub.imageID, context.links), photograph?.whaleID.map { .animal($0) } ?? "–",
                    .text(photograph?.viewpoint.rawValue ?? "–"), .text(hub.scenario), .text(String(hub.wrong)),
                    .text(String(hub.queries)), .text(NumberText.fixed(hub.mean, 1)),
                ]
            })
        let hubs = NumberText.counted(all.count, "hub", "hubs")
        func overlap(_ both: Int) -> String {
            "; \(both == 0 ? "none" : String(both)) of them \(both < 2 ? "is" : "are") shown above"
        }
        let both = Set(firsts.map(\.id)).intersection(all.map(\.imageID)).count
        let leftOut = try expanded.flatMap { node in
            LeftOutPhotographs(
                Set(all.map(\.imageID)), from: evaluation.queries, answers: answers ?? [:],
                ranks: try context.artefacts.rightRanks(node))
        }
        content.parts += [
            .markdown(
                [
                    "\(all.count == 1 ? "1 hub is a wrong match" : "\(hubs) are wrong matches") in the top "
                        + "\(HubPhotograph.depth) of unusually many queries\(firsts.isEmpty ? "" : overlap(both)).",
                    leftOut?.advice(all.count),
                ].compactMap(\.self).joined(separator: " ")),
            .folded(summary: shown.count < all.count ? "\(shown.count) of \(hubs)" : hubs, table),
        ]
        return content
    }

    /// A photograph that comes first for some queries.
    private typealias First = (id: String, wrong: Int, all: Int)

    /// The photographs that come first wrongly for more than one query, the most often first.
    private static func firsts(_ queries: [QueryRow], answers: [String: [Rankings.Answer]]) -> [First] {
        let first = queries.filter { $0.relevant > 0 }.compactMap { query in
            answers[query.id]?.first.map { (id: $0.imageID, isWrong: query.firstHitRank != 1) }
        }
        return Dictionary(grouping: first, by: \.id)
            .map { id, own in (id: id, wrong: own.count(where: \.isWrong), all: own.count) }
            .filter { $0.wrong > 1 }.sorted { (-$0.wrong, $0.id) < (-$1.wrong, $1.id) }
    }

    private static func figure(
        _ firsts: [First], _ catalog: Catalog, _ thumbnails: Thumbnails, _ links: Links
    ) -> CellContent.Part {
        @Sendable func name(_ id: String) -> String {
            "\(catalog[id]?.whaleID ?? "–"), \(catalog[id]?.viewpoint.rawValue ?? "–")"
        }
        let table = Table(
            columns: [
                .init("Photograph"), .init("Animal"), .init("View"), .init("Comes first for", .right),
                .init("Of these wrongly", .right),
            ],
            rows: firsts.map { first -> [Table.Cell] in
                [
                    catalog.photographCell(first.id, links), catalog[first.id]?.whaleID.map { .animal($0) } ?? "–",
                    .text(catalog[first.id]?.viewpoint.rawValue ?? "–"), .text(String(first.all)),
                    .text(String(first.wrong)),
                ]
            })
        return .figure(
            FigurePart(
                figure: PhotographGrid(
                    tiles: firsts.map { first in
                        thumbnails.tile(
                            first.id,
                            captions: [
                                name(first.id), "first for \(first.all), wrongly for \(first.wrong)",
                                thumbnails.identification(of: first.id),
                            ])
                    }), format: .png, table: table))
    }

    /// What to do about photographs, in one line: names to check, photographs to take again.
    private func advice(_ ids: Set<String>, _ context: CellContext, _ catalog: Catalog) throws -> String {
        let quality = try context.nodeIfPresent(.measure).flatMap {
            try context.artefacts.readIfPresent(MeasureFiles.measures, of: $0)?.quality
        }
        let fences = QualityFences(quality ?? [:])
        let suspects = try context.nodeIfPresent(.search).flatMap { node in
            SearchFiles.suspects.exists(in: node.directory)
                ? try context.artefacts.read(SearchFiles.suspects, of: node) : nil
        }
        let doubted = Set((suspects ?? []).filter { $0.decision != .reject }.flatMap(\.imageIDs))
        func named(_ isNamed: (String) -> Bool) -> String? {
            let found = ids.sorted().filter(isNamed)
            let links = found.prefix(Self.named).map { catalog.photographCell($0, context.links).markdown }
            let rest = found.count > links.count ? " and \(found.count - links.count) more" : ""
            return found.isEmpty ? nil : links.joined(separator: ", ") + rest
        }
        let names =
            named(doubted.contains).map { "Names to check: \($0)." }
            ?? (suspects == nil ? "Check their names." : "None of their names is in doubt.")
        let flaws =
            quality == nil
            ? nil
            : named { !fences.flaws(of: $0).isEmpty }.map { "With a flaw, so to photograph again: \($0)." }
                ?? "None is blurred, dark, small or clipped."
        return [names, flaws].compactMap(\.self).joined(separator: " ")
    }
}
