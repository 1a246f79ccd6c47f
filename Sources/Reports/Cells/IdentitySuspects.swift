import Basics
import Catalog
import Evaluation
import Figures
import Options
import Results

struct IdentitySuspects: CellKind {
    static let name = "identity-suspects"
    static let summary = """
        Names to check: pairs of names that may be one animal, and photographs that may show another animal than their name \
        says, the clearest first. Those of which a group is of a single encounter or day come last, since its conditions may \
        explain it. If people decided about some with `whalebook review`, those that are still open come before the others. \
        The list is also a file in the form of `suspects.csv`, which `whalebook catalog --apply` reads.
        """
    static let stages: [StageName] = [.search]

    @Option("Which suspects are shown: names to merge, names to split, or both.")
    var kind = Kind.all
    @Option("The number of suspects of each kind that are shown as photographs.", in: 1...1000)
    var count = 10

    /// The kinds of suspects that a cell can show.
    enum Kind: String, OptionChoice { case all, merge, split }

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent(contract: Self.contract)
        let node = try context.node(.search, noting: &content)
        let catalog = try context.artefacts.catalog()
        let list = try SuspectList(node, context.artefacts)
        let found = list.entries.filter { kind == .all || $0.groups.suspect.kind.rawValue == kind.rawValue }
        func ofKind(_ kind: IdentitySuspect.Kind) -> [SuspectList.Entry] {
            found.filter { $0.groups.suspect.kind == kind }
        }
        let kinds = [IdentitySuspect.Kind.split, .merge].map(ofKind)
        let shown = kinds.map { Array($0.prefix(count)) }
        func number(_ count: Int) -> JSONValue { .number(Double(count)) }
        content.values = [
            "suspects": number(found.count), "merges": number(ofKind(.merge).count),
            "splits": number(ofKind(.split).count),
            "one_occasion": number(found.count(where: \.groups.isOneOccasion)),
            "shown": number(shown.joined().count),
        ]
        if let decided = list.decided {
            content.notes += [decided.text, context.artefacts.decisions()?.gap].compactMap(\.self)
        }
        guard !found.isEmpty else {
            let reason = try context.artefacts.readIfPresent(SearchFiles.suspectSummary, of: node)?.reason
            content.notes.append(reason.map { "No names to check: \($0)." } ?? "No name is in doubt.")
            return content
        }
        let thumbnails = Thumbnails(catalog)
        content.thumbnails = thumbnails
        content.parts = shown.filter { !$0.isEmpty }.map { entries in
            .figure(Self.figure(entries, thumbnails, catalog, links: context.links))
        }
        content.list = CompleteList(
            title: "All \(NumberText.counted(found.count, "name", "names")) to check, with the evidence",
            table: list.table(found, links: context.links), csv: SuspectTable.text(found.map(\.groups.suspect)),
            count: found.count)
        return content
    }

    /// A row of photographs for each suspicion of one kind.
    private static func figure(
        _ entries: [SuspectList.Entry], _ thumbnails: Thumbnails, _ catalog: Catalog, links: Links
    ) -> FigurePart {
        let rows = entries.map { ($0.number, $0.groups.shown($0.number, in: catalog)) }
        // Files of older versions have no rival; its place stays empty, so that groups keep their columns.
        let together = entries.first?.groups.suspect.kind == .merge ? 2 : 3
        let tiles = rows.flatMap { _, shown in
            let tiles = shown.map { photograph in
                let similarity = photograph.similarity.map { ["similarity \(NumberText.fixed($0, 3))"] } ?? []
                return thumbnails.tile(
                    photograph.id,
                    captions: [photograph.caption, thumbnails.identification(of: photograph.id)] + similarity)
            }
            let blank = PhotographTile(id: "", picture: nil, captions: [])
            return tiles + Array(repeating: blank, count: together - tiles.count)
        }
        let table = Table(
            columns: [
                .init("No.", .right), .init("Photograph"), .init("Animal"), .init("View"), .init("Date"),
                .init("Similarity to the photograph to check", .right),
            ],
            rows: rows.flatMap { number, shown in
                shown.map { photograph -> [Table.Cell] in
                    let known = catalog[photograph.id]
                    return [
                        .text(String(number)), catalog.photographCell(photograph.id, links),
                        known?.whaleID.map { .animal($0) } ?? "–", .text(known?.viewpoint.rawValue ?? "–"),
                        .text(known?.date ?? "–"),
                        .text(photograph.similarity.map { NumberText.fixed($0, 3) } ?? "–"),
                    ]
                }
            })
        return FigurePart(
            figure: PhotographGrid(tiles: tiles, together: together), format: .png, table: table)
    }

    private static let contract = """
        A name may be two animals if its photographs of one view fall into two groups, and at least half of each group is \
        more similar to another animal than to the other group. A single photograph is in doubt if it was a query and its \
        \(RelatedPhotographs.agreeing) most similar photographs, all of its view, show one other animal, which in the whole \
        catalogue is more similar than its own, too. Two names may be \
        one animal if at least half of their photographs are most similar to the other name. The score is the share of \
        photographs that support the suspicion, in the name or group where it is lower. Similarities are cosines between \
        the network's embeddings. Photographs of one encounter never support each other. The network learnt the names of \
        the animals that it trained on, so for them a suspected merge weighs more and a missing suspicion weighs less.
        """
}
