import Basics
import Catalog
import Evaluation
import Figures
import Options
import Results

struct LookAlikesCell: CellKind {
    static let name = "look-alikes"
    static let summary = """
        Pairs of animals that are mistaken for each other, with an example in each direction: first look-alikes, mistaken in \
        photographs of one view, then other confused pairs, mistaken only across views. A list says what decides whether a \
        pair is two animals, with a place for the verdict.
        """
    static let stages: [StageName] = [.split, .fuse, .explain, .evaluate]

    @Option("The number of pairs shown.", in: 1...200)
    var count = 6

    /// The most pairs of the list.
    private static let listed = 12

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let causes = evaluation.result.causes
        let pairs = causes.confusedPairs
        let all = pairs.filter(\.isLookAlike) + pairs.filter { !$0.isLookAlike }
        let shown = Array(all.prefix(count))
        var content = CellContent(contract: causes.contract)
        content.values = [
            "pairs": .number(Double(all.count)), "shown": .number(Double(shown.count)),
            "look_alikes": .number(Double(all.count(where: \.isLookAlike))),
        ]
        guard !shown.isEmpty else {
            content.notes.append("No two animals are mistaken for each other.")
            return content
        }
        let catalog = try context.artefacts.catalog()
        let thumbnails = Thumbnails(catalog)
        content.thumbnails = thumbnails
        let table = Table(
            columns: [
                .init("Animal"), .init("Other"), .init("Kind"), .init("Mistaken for the other", .right),
                .init("Other mistaken for it", .right), .init("Of these in one view", .right), .init("Example"),
                .init("Example of the other direction"),
            ],
            rows: all.map { pair -> [Table.Cell] in
                [
                    .animal(pair.whaleID), .animal(pair.otherWhaleID), .text(pair.kind.title),
                    .text(String(pair.there.count)), .text(String(pair.back.count)), .text(String(pair.sameView)),
                ]
                    + [pair.there, pair.back].map { direction -> Table.Cell in
                        let ids = [direction.queryImageID, direction.answerImageID]
                        return .list(ids.map { catalog.photographCell($0, context.links) })
                    }
            })
        content.parts = [
            .figure(
                FigurePart(
                    figure: PhotographGrid(tiles: shown.flatMap { Self.tiles($0, thumbnails, catalog) }, together: 2),
                    format: .png, table: table,
                    tableTitle: NumberText.counted(all.count, "pair", "pairs") + " as a table"))
        ]
        let evidence = try PairEvidence(context, catalog, evaluation.queries)
        let lines = all.prefix(Self.listed).map(evidence.line).joined(separator: "\n")
        // Before the figure, so that the caption is next to it.
        content.parts.insert(contentsOf: [evidence.scale, lines].compactMap(\.self).map { .markdown($0) }, at: 0)
        return content
    }

    /// A query with its first match, and one in the other direction.
    private static func tiles(_ pair: ConfusedPair, _ thumbnails: Thumbnails, _ catalog: Catalog) -> [PhotographTile] {
        func tiles(_ direction: ConfusedPair.Direction, _ asked: String, _ answered: String) -> [PhotographTile] {
            func view(_ id: String) -> String { catalog[id]?.viewpoint.rawValue ?? "–" }
            let (query, answer) = (direction.queryImageID, direction.answerImageID)
            let queries = NumberText.counted(direction.count, "query", "queries")
            return [
                thumbnails.tile(
                    query,
                    captions: ["\(asked), \(view(query)), \(queries) like this", thumbnails.identification(of: query)]),
                thumbnails.tile(
                    answer,
                    captions: ["\(answered), \(view(answer)), came first", thumbnails.identification(of: answer)],
                    mark: .wrong),
            ]
        }
        return tiles(pair.there, pair.whaleID, pair.otherWhaleID) + tiles(pair.back, pair.otherWhaleID, pair.whaleID)
    }
}

extension ConfusedPair {
    /// The factor of misses that belong to the pair.
    fileprivate var kind: FailureCause { isLookAlike ? .lookAlike : .confusedPair }
}
