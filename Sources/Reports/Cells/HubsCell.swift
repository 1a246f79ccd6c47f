import Basics
import Catalog
import Evaluation
import Figures
import Options
import Results

struct HubsCell: CellKind {
    static let name = "hubs"
    static let summary = """
        Photographs that are returned as wrong matches for many different animals, what to do about them, and what leaving \
        them out of the databases would change.
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
        guard !shown.isEmpty else {
            content.notes.append("No photograph is a wrong match for unusually many queries.")
            return content
        }
        let catalog = try context.artefacts.catalog()
        let thumbnails = Thumbnails(catalog)
        content.thumbnails = thumbnails
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
        let ids = Set(all.map(\.imageID))
        let answers = try context.nodeIfPresent(.expand).map { node in
            (
                try context.artefacts.answers(ExpandFiles.neighbours, in: node.directory),
                try context.artefacts.rightRanks(node)
            )
        }
        let leftOut = answers.flatMap { LeftOutPhotographs(ids, from: evaluation.queries, answers: $0, ranks: $1) }
        content.parts = [
            .markdown(try advice(ids, leftOut, context, catalog)),
            .figure(
                FigurePart(
                    figure: PhotographGrid(
                        tiles: shown.map { hub in
                            let photograph = catalog[hub.imageID]
                            let view = photograph?.viewpoint.rawValue ?? "–"
                            return thumbnails.tile(
                                hub.imageID,
                                captions: [
                                    "\(photograph?.whaleID ?? "–"), \(view)",
                                    "wrong in \(hub.wrong) of \(hub.queries), \(hub.scenario)",
                                    thumbnails.identification(of: hub.imageID),
                                ])
                        }), format: .png, table: table)),
        ]
        if shown.count < all.count { content.notes.append("\(shown.count) of \(all.count) hubs are shown.") }
        return content
    }

    /// What to do about hubs, in one line: names to check, photographs to take again, and whether to leave them out.
    private func advice(
        _ ids: Set<String>, _ leftOut: LeftOutPhotographs?, _ context: CellContext, _ catalog: Catalog
    ) throws -> String {
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
        return [names, flaws, leftOut?.advice(ids.count)].compactMap(\.self).joined(separator: " ")
    }
}
