import Basics
import Evaluation
import Figures
import Options
import Results

struct HubsCell: CellKind {
    static let name = "hubs"
    static let summary = "Photographs that are returned as wrong matches for many different animals."
    static let stages: [StageName] = [.evaluate]

    @Option("The number of photographs shown.", in: 1...200)
    var count = 12
    @Option("The smallest share of a scenario's queries for which a photograph is a wrong match.", in: 0...1)
    var share = 0.0

    func content(_ context: CellContext) throws -> CellContent {
        let causes = try context.evaluation().result.causes
        let all = causes.hubs.filter { Double($0.wrong) >= share * Double($0.queries) }
        let shown = Array(all.prefix(count))
        var content = CellContent(contract: causes.contract)
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
        content.parts = [
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
                        }), format: .png, table: table))
        ]
        if shown.count < all.count { content.notes.append("\(shown.count) of \(all.count) hubs are shown.") }
        return content
    }
}
