import Basics
import Evaluation
import Figures
import Options
import Results

struct LookAlikesCell: CellKind {
    static let name = "look-alikes"
    static let summary = "Pairs of animals that are mistaken for each other, with an example in each direction."
    static let stages: [StageName] = [.evaluate]

    @Option("The number of pairs shown.", in: 1...200)
    var count = 6

    func content(_ context: CellContext) throws -> CellContent {
        let causes = try context.evaluation().result.causes
        let all = causes.lookAlikes
        let shown = Array(all.prefix(count))
        var content = CellContent(contract: causes.contract)
        content.values = ["pairs": .number(Double(all.count)), "shown": .number(Double(shown.count))]
        guard !shown.isEmpty else {
            content.notes.append("No two animals are mistaken for each other.")
            return content
        }
        let catalog = try context.artefacts.catalog()
        let thumbnails = Thumbnails(catalog)
        content.thumbnails = thumbnails
        let table = Table(
            columns: [
                .init("Animal"), .init("Other"), .init("Mistaken for the other", .right),
                .init("Other mistaken for it", .right),
                .init("Photographs: query, match; query, match"),
            ],
            rows: shown.map { pair in
                [
                    .animal(pair.whaleID), .animal(pair.otherWhaleID), .text(String(pair.there.count)),
                    .text(String(pair.back.count)),
                    .list(Self.photographs(pair).map { catalog.photographCell($0, context.links) }),
                ]
            })
        content.parts = [
            .figure(
                FigurePart(
                    figure: PhotographGrid(tiles: shown.flatMap { Self.tiles($0, thumbnails) }, together: 2),
                    format: .png, table: table))
        ]
        if shown.count < all.count { content.notes.append("\(shown.count) of \(all.count) pairs are shown.") }
        return content
    }

    private static func photographs(_ pair: LookAlike) -> [String] {
        [pair.there, pair.back].flatMap { [$0.queryImageID, $0.answerImageID] }
    }

    /// A query with its first match, and one in the other direction.
    private static func tiles(_ pair: LookAlike, _ thumbnails: Thumbnails) -> [PhotographTile] {
        func tiles(_ direction: LookAlike.Direction, _ asked: String, _ answered: String) -> [PhotographTile] {
            [
                thumbnails.tile(
                    direction.queryImageID,
                    captions: [asked, NumberText.counted(direction.count, "query", "queries") + " like this"]),
                thumbnails.tile(direction.answerImageID, captions: [answered, "came first"], mark: .wrong),
            ]
        }
        return tiles(pair.there, pair.whaleID, pair.otherWhaleID) + tiles(pair.back, pair.otherWhaleID, pair.whaleID)
    }
}
