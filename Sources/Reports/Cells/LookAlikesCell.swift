import Basics
import Catalog
import Evaluation
import Figures
import Options
import Results

struct LookAlikesCell: CellKind {
    static let name = "look-alikes"
    static let summary = """
        Pairs of animals that are mistaken for each other: first look-alikes, mistaken in photographs of one view, then other \
        pairs, mistaken only across views. Each has two photographs to compare, with the marks that agree, what decides \
        whether the pair is two animals, and a place for the verdict.
        """
    static let stages: [StageName] = [.split, .fuse, .explain, .evaluate]

    @Option("The number of pairs drawn.", in: 1...200)
    var count = 6

    /// The most pairs listed without a drawing.
    private static let listed = 12
    /// The most lines between the photographs of a pair.
    private static let lines = 12

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let causes = evaluation.result.causes
        let pairs = causes.confusedPairs
        let all = pairs.filter(\.isLookAlike) + pairs.filter { !$0.isLookAlike }
        let shown = all.prefix(count)
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
        let evidence = try PairEvidence(context, catalog, evaluation.queries)
        let drawn = shown.flatMap { pair -> [CellContent.Part] in
            let (ids, agreement) = evidence.photographs(of: pair)
            let title = "\(pair.whaleID) and \(pair.otherWhaleID)"
            let figure = FigurePart(
                figure: PhotographPair(
                    MatchedPair(
                        title: title, query: Self.tile(ids[0], thumbnails, catalog),
                        answer: Self.tile(ids[1], thumbnails, catalog), agreement: agreement), lines: Self.lines),
                format: .png, table: Self.table(pair, catalog, context.links), tableTitle: "\(title) as a table")
            return [.figure(figure), .markdown(evidence.line(pair, isDrawn: true))]
        }
        let rest = all.dropFirst(count).prefix(Self.listed).map { "- \(evidence.line($0, isDrawn: false))" }
        content.parts =
            (evidence.scale(of: shown).map { [.markdown($0)] } ?? []) + drawn
            + (rest.isEmpty ? [] : [.markdown(rest.joined(separator: "\n"))])
        return content
    }

    private static func tile(_ id: String, _ thumbnails: Thumbnails, _ catalog: Catalog) -> PhotographTile {
        let photograph = catalog[id]
        return thumbnails.tile(
            id,
            captions: [
                "\(photograph?.whaleID ?? "–"), \(photograph?.viewpoint.rawValue ?? "–")",
                thumbnails.identification(of: id),
            ])
    }

    private static func table(_ pair: ConfusedPair, _ catalog: Catalog, _ links: Links) -> Table {
        let directions = [
            (pair.whaleID, pair.otherWhaleID, pair.there), (pair.otherWhaleID, pair.whaleID, pair.back),
        ]
        return Table(
            columns: [
                .init("Animal"), .init("Mistaken for"), .init("Queries", .right), .init("Of these in one view", .right),
                .init("Example"),
            ],
            rows: directions.map { asked, answered, direction -> [Table.Cell] in
                let ids = [direction.queryImageID, direction.answerImageID]
                return [
                    .animal(asked), .animal(answered), .text(String(direction.count)),
                    .text(direction.sameView.map { String($0) } ?? "–"),
                    .list(ids.map { catalog.photographCell($0, links) }),
                ]
            })
    }
}
