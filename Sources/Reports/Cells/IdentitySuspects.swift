import Basics
import Catalog
import Evaluation
import Figures
import Options
import Results

struct IdentitySuspects: CellKind {
    static let name = "identity-suspects"
    static let summary = """
        Pairs of names that are likely one animal, and names that are likely two animals, most likely first. If people \
        decided about some with `whalebook review`, those that are still open come first.
        """
    static let stages: [StageName] = [.search]

    @Option("Which suspects are shown: names to merge, names to split, or both.")
    var kind = Kind.all
    @Option("The number of suspects shown.", in: 1...1000)
    var count = 10

    /// The kinds of suspects that a cell can show.
    enum Kind: String, OptionChoice { case all, merge, split }

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent(contract: Self.contract)
        let node = try context.node(.search, noting: &content)
        let found = try context.artefacts.read(SearchFiles.suspects, of: node).filter {
            kind == .all || $0.kind.rawValue == kind.rawValue
        }
        let likely = found.sorted { $0.score > $1.score }
        let decided = try context.artefacts.decisions().map {
            DecidedSuspects(likely, $0, in: try context.artefacts.catalog())
        }
        let shown = Array((decided?.entries.map(\.suspect) ?? likely).prefix(count))
        func number(_ kind: IdentitySuspect.Kind) -> JSONValue { .number(Double(found.count { $0.kind == kind })) }
        content.values = [
            "shown": .number(Double(shown.count)), "suspects": .number(Double(found.count)), "merges": number(.merge),
            "splits": number(.split),
        ]
        guard !shown.isEmpty else {
            let reason = try context.artefacts.readIfPresent(SearchFiles.suspectSummary, of: node)?.reason
            content.notes.append(reason.map { "No suspects: \($0)." } ?? "No name is suspect.")
            return content
        }
        let catalog = try context.artefacts.catalog()
        let thumbnails = Thumbnails(catalog)
        content.thumbnails = thumbnails
        content.parts = [
            .figure(
                FigurePart(
                    figure: PhotographGrid(
                        tiles: shown.enumerated().flatMap { Self.tiles($1, $0 + 1, thumbnails, catalog) }, together: 2),
                    format: .png, table: Self.table(shown, decided?.entries, catalog: catalog, links: context.links)))
        ]
        if let decided { content.notes += [decided.text, context.artefacts.decisions()?.gap].compactMap(\.self) }
        if shown.count < found.count { content.notes.append("\(shown.count) of \(found.count) are shown.") }
        return content
    }

    /// The two photographs with the strongest evidence; for a split, one from each part.
    private static func tiles(
        _ suspect: IdentitySuspect, _ number: Int, _ thumbnails: Thumbnails, _ catalog: Catalog
    ) -> [PhotographTile] {
        var ids = Array(suspect.imageIDs.prefix(2))
        if suspect.kind == .split {
            let moved = Set(suspect.imageIDs)
            let view = ids.first.flatMap { catalog[$0]?.viewpoint }
            let rest = catalog.photographs.filter { $0.whaleID == suspect.whaleID && !moved.contains($0.id) }
            let other = rest.first { $0.viewpoint == view } ?? rest.first
            ids = [other?.id, ids.first].compactMap(\.self)
        }
        return ids.map { id in
            let part = suspect.kind == .split && suspect.imageIDs.contains(id) ? suspect.otherWhaleID : nil
            return thumbnails.tile(
                id, captions: ["\(number): \(part ?? catalog[id]?.whaleID ?? "–")", "\(suspect.kind.rawValue)? \(id)"])
        }
    }

    /// The suspects, each with its decision if there are `decisions`, which are in the same order.
    private static func table(
        _ suspects: [IdentitySuspect], _ decisions: [DecidedSuspects.Entry]?, catalog: Catalog, links: Links
    ) -> Table {
        let columns: [Table.Column] = [
            .init("No.", .right), .init("Suspicion"), .init("Animal"), .init("Other"), .init("Score", .right),
            .init("Evidence"), .init("Photographs"),
        ]
        return Table(
            columns: columns + (decisions == nil ? [] : [.init("Decision"), .init("Decided by")]),
            rows: suspects.enumerated().map { place, suspect in
                let decision = decisions.map { $0[place] }
                return [
                    .text(String(place + 1)),
                    .text(suspect.kind == .merge ? "likely one animal" : "likely two animals"),
                    .animal(suspect.whaleID), .animal(suspect.otherWhaleID), .text(NumberText.fixed(suspect.score, 2)),
                    .text(suspect.evidence), .list(suspect.imageIDs.map { catalog.photographCell($0, links) }),
                ] + (decision.map { [.text($0.decision), .text($0.reviewers)] } ?? [])
            })
    }

    private static let contract = """
        The score is the share of photographs that support the suspicion, in the name or part where it is lower. \
        Photographs of one encounter never support each other. The network learnt the names of training animals, so \
        for them a suspected merge weighs more and a missing suspicion weighs less.
        """
}
