import Basics
import Catalog
import Evaluation
import Figures
import Imaging
import Options
import Results

struct HeatMapCell: CellKind {
    static let name = "heat-map"
    static let summary = """
        The worst queries with their first wrong and first correct photograph, and maps of what makes the network find \
        the two similar.
        """
    static let stages: [StageName] = [.explain, .evaluate]

    @Option("The number of queries shown.", in: 1...60)
    var count = 3
    @Option(
        """
        Whether maps are shown only if outlines of the animals are known, so that the share of the heat on the animal can be \
        counted.
        """)
    var outlined = false

    func content(_ context: CellContext) throws -> CellContent {
        if context.artefacts.isLeftOut(.explain) { return CellContent(notes: [Self.absence]) }
        var content = CellContent()
        let queries = try ExplainedQueries(context, count: count, noting: &content)
        let node = queries.node
        let summary = try context.artefacts.read(ExplainFiles.summary, of: node)
        if outlined, summary.animals?.median == nil {
            content.notes.append("No heat map is shown: without outlines of the animals, the heat on them is unknown.")
            return content
        }
        let maps = Dictionary(
            try context.artefacts.read(ExplainFiles.heatMaps, of: node).map { ([$0.imageID, $0.partnerImageID], $0) }
        ) { first, _ in first }
        guard !queries.entries.isEmpty else { return content }
        let catalog = try context.artefacts.catalog()
        let thumbnails = Thumbnails(catalog)
        content.thumbnails = thumbnails
        let explained = try queries.entries.map { entry in
            ExplainedQuery(
                query: entry.query,
                pairs: try entry.pairs.map { pair in
                    guard let own = maps[[pair.queryImageID, pair.imageID]],
                        let other = maps[[pair.imageID, pair.queryImageID]]
                    else {
                        throw ValueError(
                            "\(quoted: node.name) has no map of \(quoted: pair.queryImageID) and \(quoted: pair.imageID)",
                            ExplainedQueries.remedy)
                    }
                    return (pair, own, other)
                })
        }
        content.values = [
            "shown": .number(Double(explained.count)), "pairs": .number(Double(explained.flatMap(\.pairs).count)),
            "member": node.member.map(JSONValue.string) ?? .null, "map": .string(summary.map),
            "height": summary.height.map { .number(Double($0)) } ?? .null,
            "width": summary.width.map { .number(Double($0)) } ?? .null,
            "finding": summary.animals.map { .string($0.sentence) } ?? .null,
        ]
        content.notes += [
            summary.animals?.sentence, ExplainedQuery.preference(explained), ExplainedQuery.spread(explained),
        ].compactMap(\.self)
        content.contract =
            "Heat is the gradient of the similarity (Grad-CAM of the cosine of the two embeddings) by "
            + "\(node.member ?? "the model"), seed \(node.seed ?? 0), fold \(node.fold ?? 0), without query extension or "
            + "matched marks. \(Self.limits)"
        let framing = Framing(summary.fit, share: summary.cropShare ?? 1)
        content.parts = FigurePart.figures(of: explained, count: 3, format: .png) { queries in
            HeatMapGrid(rows: queries.map { $0.row(thumbnails, catalog: catalog, framing: framing) })
        } table: { queries in
            Table(
                columns: ExplainedQuery.tableColumns,
                rows: queries.flatMap { $0.tableRows(catalog: catalog, links: context.links) })
        }
        return content
    }

    private static let absence =
        "There are no heat maps: 'explain.queries' is 0, or the embeddings were made elsewhere by an unknown network."
    private static let limits =
        "Each map has its own scale, so colours do not compare between photographs. Heat shows what the network used; "
        + "it does not prove that the mark is the same, or that the decision would change without it."
}

/// A query with its explained pairs.
private struct ExplainedQuery {
    let query: QueryRow
    /// Each pair with the map on the query and the map on the match.
    let pairs: [(pair: ExplainedPair, own: HeatMapRow, other: HeatMapRow)]

    func row(_ thumbnails: Thumbnails, catalog: Catalog, framing: Framing) -> ExplainedRow {
        ExplainedRow(
            query: thumbnails.tile(
                query.imageID,
                captions: [query.whaleID, "\(query.viewpoint), AP \(NumberText.fixed(query.averagePrecision, 2))"]),
            pairs: pairs.map { pair, own, other in
                let photograph = catalog[pair.imageID]
                return ExplainedRow.Pair(
                    labels: [pair.kind.title, "rank \(pair.rank)"],
                    query: thumbnails.tile(
                        query.imageID, under: own.map, framing: framing, captions: Self.finding(own)),
                    answer: thumbnails.tile(
                        pair.imageID,
                        captions: [
                            photograph?.whaleID ?? "–",
                            "\(photograph?.viewpoint.rawValue ?? "–"), cosine \(NumberText.fixed(own.similarity, 3))",
                        ], mark: pair.kind == .right ? .right : .wrong),
                    coveredAnswer: thumbnails.tile(
                        pair.imageID, under: other.map, framing: framing, captions: Self.finding(other)),
                    maps: [own.map, other.map])
            }, note: preference ?? "")
    }

    /// The cosines of the wrong and of the correct match; nil unless there are both.
    private var similarities: (wrong: Double, correct: Double)? {
        func similarity(_ kind: ExplainedPair.Kind) -> Double? { pairs.first { $0.pair.kind == kind }?.own.similarity }
        return similarity(.wrong).flatMap { wrong in similarity(.right).map { (wrong, $0) } }
    }

    /// Which of the two photographs the network alone finds more similar.
    private var preference: String? {
        similarities.map { wrong, correct in
            let preferred = wrong > correct ? "wrong" : "correct"
            return "The network alone finds the \(preferred) photograph more similar: cosine "
                + "\(NumberText.fixed(wrong, 3)) to the wrong one, \(NumberText.fixed(correct, 3)) to the correct one."
        }
    }

    /// How often the network alone prefers the wrong photograph, in a sentence; nil without such pairs.
    static func preference(_ queries: [ExplainedQuery]) -> String? {
        let known = queries.compactMap(\.similarities)
        guard !known.isEmpty else { return nil }
        let wrong = known.count { $0.wrong > $0.correct }
        return "The network alone finds the wrong photograph more similar than the correct one in \(wrong) of "
            + "\(NumberText.counted(known.count, "query", "queries"))."
    }

    /// How concentrated the heat of all maps is, in a sentence; nil without heat.
    static func spread(_ queries: [ExplainedQuery]) -> String? {
        let halves = queries.flatMap(\.pairs).flatMap { [$0.own.map.halfShare, $0.other.map.halfShare] }
            .compactMap(\.self).sorted()
        guard !halves.isEmpty else { return nil }
        return "In the middle one of the \(halves.count) maps, half of the heat lies on "
            + "\(NumberText.percent(halves[halves.count / 2], 0)) of the picture."
    }

    /// How concentrated the heat is, and how much of it lies on the animal.
    private static func finding(_ row: HeatMapRow) -> [String] {
        guard let half = row.map.halfShare else { return ["no heat"] }
        return ["half of the heat on \(NumberText.percent(half, 0))"]
            + (row.animal.map { ["\(NumberText.percent($0.heat, 0)) on the animal"] } ?? [])
    }

    static let tableColumns: [Table.Column] = [
        .init("Query"), .init("Match"), .init("Correct"), .init("Rank", .right), .init("Cosine", .right),
        .init("Heat on the query"), .init("Heat on the match"),
    ]

    /// The picture's content as table rows.
    func tableRows(catalog: Catalog, links: Links) -> [[Table.Cell]] {
        pairs.map { pair, own, other in
            [
                catalog.photographCell(pair.queryImageID, links), catalog.photographCell(pair.imageID, links),
                .text(pair.kind == .right ? "✓" : "✗"), .text(String(pair.rank)),
                .text(NumberText.fixed(own.similarity, 3)), .text(Self.place(own)), .text(Self.place(other)),
            ]
        }
    }

    private static func place(_ row: HeatMapRow) -> String {
        row.map.centre.map { ([$0] + finding(row)).joined(separator: ", ") } ?? "none"
    }
}
