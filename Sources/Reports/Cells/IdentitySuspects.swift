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
        says: first those that matched marks support, then the clearest. Those of which a group is of a single encounter or \
        day come last, since its conditions may explain them. If people decided about some with `whalebook review`, those \
        that are still open come before the others. \
        The list is also a file in the form of `suspects.csv`, which `whalebook catalog --apply` reads.
        """
    static let stages: [StageName] = [.search]
    static let remarks: String? = "the names to check"

    @Option("Which suspects are shown: names to merge, names to split, or both.")
    var kind = Kind.all
    @Option("The number of suspects of each kind that are shown as photographs.", in: 1...1000)
    var count = 10

    /// The kinds of suspects that a cell can show.
    enum Kind: String, OptionChoice { case all, merge, split }

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent()
        let node = try context.node(.search, noting: &content)
        let summary = try context.artefacts.readIfPresent(SearchFiles.suspectSummary, of: node)
        content.contract = Self.contract(summary?.marks)
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
        let expectation = Self.expectation(summary)
        guard !found.isEmpty else {
            let isByMarks = summary?.marks != nil
            let reason = isByMarks ? nil : summary?.reason
            content.notes.append(reason.map { "No names to check: \($0)." } ?? "No name is in doubt.")
            if isByMarks { content.notes += [expectation].compactMap(\.self) }
            return content
        }
        content.parts = [.markdown([expectation, Self.instructions].compactMap(\.self).joined(separator: "\n\n"))]
        let thumbnails = Thumbnails(catalog)
        content.thumbnails = thumbnails
        content.parts += shown.filter { !$0.isEmpty }.map { entries in
            .figure(Self.figure(entries, thumbnails, catalog, links: context.links))
        }
        content.list = CompleteList(
            title: (found.count == 1 ? "The name" : "All \(found.count) names") + " to check, with the evidence",
            table: list.table(found, links: context.links), csv: SuspectTable.text(found.map(\.groups.suspect)),
            count: found.count)
        return content
    }

    /// A row of photographs for each suspicion of one kind.
    static func figure(
        _ entries: [SuspectList.Entry], _ thumbnails: Thumbnails, _ catalog: Catalog, links: Links,
        title: String? = nil
    ) -> FigurePart {
        let rows = entries.map { ($0.number, $0.groups.shown($0.number, in: catalog)) }
        // Files of older versions have no rival; its place stays empty, so that groups keep their columns.
        let together = entries.first?.groups.suspect.kind == .merge ? 2 : 3
        let tiles = rows.flatMap { _, shown in
            let tiles = shown.map { photograph in
                thumbnails.tile(
                    photograph.id,
                    captions: [photograph.caption, thumbnails.identification(of: photograph.id)]
                        + photograph.comparison, mark: photograph.isChecked ? .doubtful : .none)
            }
            let blank = PhotographTile(id: "", picture: nil, captions: [])
            return tiles + Array(repeating: blank, count: together - tiles.count)
        }
        let table = Table(
            columns: [
                .init("No.", .right), .init("Photograph"), .init("Animal"), .init("View"), .init("Date"),
                .init("Similarity to the photograph to check", .right), .init("Agreeing marks", .right),
            ],
            rows: rows.flatMap { number, shown in
                shown.map { photograph -> [Table.Cell] in
                    let known = catalog[photograph.id]
                    return [
                        .text(String(number)), catalog.photographCell(photograph.id, links),
                        known?.whaleID.map { .animal($0) } ?? "–", .text(known?.viewpoint.rawValue ?? "–"),
                        .text(known?.date ?? "–"),
                        .text(photograph.similarity.map { NumberText.fixed($0, 3) } ?? "–"),
                        .text(photograph.agreeing.map(String.init) ?? "–"),
                    ]
                }
            })
        return FigurePart(
            title: title, figure: PhotographGrid(tiles: tiles, together: together), format: .png, table: table)
    }

    /// What the list is worth; nil if nothing is known.
    private static func expectation(_ summary: SuspectSummary?) -> String? {
        guard let summary, summary.reason == nil || summary.marks != nil else { return nil }
        guard let check = summary.marks else {
            return "Expect false alarms: no marks were compared, which would settle most of them "
                + "(`match: {kind: sift}`)."
        }
        let share = NumberText.percent(Double(check.found) / Double(max(1, check.encounters)), 0)
        return
            "The likeliest mistake is the name of the other animal whose marks agree best. If an encounter had that name, "
            + "the list would say so for \(check.found) of \(check.encounters) encounters (\(share)). "
            + "Photographs whose marks agree with their own animal are not listed."
    }

    private static let instructions = """
        If the first two photographs of a row show the same marks, keep the name. If the second shows the marks of the \
        third, give it that name. If neither, it is another animal. `whalebook review` records your decisions. Or fill in \
        a copy of the list that is linked below the figure (for the latest run, `whalebook report` also writes it as \
        `suspects.csv`): `accept` or `reject` in its last column, and the right name in `other_whale_id`. Then \
        `whalebook catalog FOLDER --apply COPY --output CORRECTED` writes the corrected catalogue.
        """

    /// How names are questioned, with or without marks.
    private static func contract(_ marks: AgreeingMarks.Check?) -> String {
        let byMarks = """
            Marks put photographs of one encounter and view in doubt if more of them agree with another animal than agree by \
            chance in this catalogue, and one and a half times as many as with their own. What similarity puts in doubt is struck off \
            if marks contradict it. By similarity, a name
            """
        let support =
            marks == nil ? "" : "; by marks, the share by which fewer agree with the own name than with the other"
        return """
            \(marks == nil ? "A name" : byMarks) may be two animals if its photographs of one view fall into two groups, and \
            at least half of each group is more similar to another animal than to the other group. A single photograph is \
            in doubt if it was a query and its \(RelatedPhotographs.agreeing) most similar photographs, all of its view, show one other \
            animal, which in the whole catalogue is more similar than its own, too. Two names may be one animal if at least \
            half of their photographs are most similar to the other name. Support is the share of photographs that support \
            the suspicion, in the name or group where it is lower\(support). Similarities are cosines between the network's \
            embeddings. Photographs of one encounter never support each other. The network learnt the names of the animals \
            that it trained on, so for them a suspected merge weighs more and a missing suspicion weighs less.
            """
    }
}
