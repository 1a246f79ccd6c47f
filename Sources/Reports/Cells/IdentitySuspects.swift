import Basics
import Catalog
import Evaluation
import Figures
import Options
import Results

struct IdentitySuspects: CellKind {
    static let name = "identity-suspects"
    static let summary = """
        Names to check: pairs of names that may be one animal, and names that may be two animals, the clearest first. \
        Those of which a group is of a single encounter or day come last, since its conditions may explain it. If people \
        decided about some with `whalebook review`, those that are still open come before the others.
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
        let found = SuspectGroups.ordered(
            try context.artefacts.read(SearchFiles.suspects, of: node).filter {
                kind == .all || $0.kind.rawValue == kind.rawValue
            }, in: catalog)
        let decided = context.artefacts.decisions().map { DecidedSuspects(found.map(\.suspect), $0, in: catalog) }
        let singles = SingleSuspect.found(
            try context.artefacts.read(SearchFiles.neighbours, of: node), in: catalog)
        func number(_ kind: IdentitySuspect.Kind) -> JSONValue {
            .number(Double(found.count { $0.suspect.kind == kind }))
        }
        content.values = [
            "suspects": .number(Double(found.count)), "merges": number(.merge), "splits": number(.split),
            "one_occasion": .number(Double(found.count(where: \.isOneOccasion))),
            "singles": .number(Double(singles.suspects.count)),
            "shown": .number(
                Double(
                    [IdentitySuspect.Kind.merge, .split].reduce(0) { sum, kind in
                        sum + min(count, found.count { $0.suspect.kind == kind })
                    })),
        ]
        if found.isEmpty {
            let reason = try context.artefacts.readIfPresent(SearchFiles.suspectSummary, of: node)?.reason
            content.notes.append(reason.map { "No names to check: \($0)." } ?? "No name is in doubt.")
        }
        let thumbnails = Thumbnails(catalog)
        content.thumbnails = thumbnails
        let shown = SuspectGroups.sorted(found, by: decided)
        for kind in [IdentitySuspect.Kind.split, .merge] {
            let own = shown.filter { $0.groups.suspect.kind == kind }
            guard !own.isEmpty else { continue }
            let first = own.prefix(count).enumerated().map { ($0 + 1, $1.groups) }
            let what = kind == .split ? "name that may be two animals" : "pair of names that may be one animal"
            let many = kind == .split ? "names that may be two animals" : "pairs of names that may be one animal"
            content.parts.append(
                .figure(
                    FigurePart(
                        figure: PhotographGrid(
                            tiles: first.flatMap { $1.tiles($0, thumbnails, catalog) },
                            together: kind == .split ? 3 : 2),
                        format: .png,
                        table: SuspectGroups.table(own, catalog: catalog, links: context.links),
                        tableTitle: NumberText.counted(own.count, what, many) + ", as a table")))
        }
        content.parts += singles.part(catalog: catalog, links: context.links)
        if let decided { content.notes += [decided.text, context.artefacts.decisions()?.gap].compactMap(\.self) }
        content.notes.append(singles.sentence)
        return content
    }

    private static let contract = """
        The score is the share of photographs that support the suspicion, in the name or group where it is lower. \
        Photographs of one encounter never support each other. The network learnt the names of the animals that it trained \
        on, so for them a suspected merge weighs more and a missing suspicion weighs less.
        """
}

/// A suspicion with both groups of photographs.
struct SuspectGroups {
    let suspect: IdentitySuspect
    /// The group that keeps the name; for a merge, the photographs of the first name.
    let kept: [Photograph]
    /// The group to check; for a merge, the photographs of the other name.
    let checked: [Photograph]

    /// Finds the photographs of a suspicion.
    init(_ suspect: IdentitySuspect, in catalog: Catalog) {
        self.suspect = suspect
        guard suspect.kind == .split else {
            kept = catalog.photographs.filter { $0.whaleID == suspect.whaleID }
            checked = catalog.photographs.filter { $0.whaleID == suspect.otherWhaleID }
            return
        }
        let moved = Set(suspect.imageIDs)
        checked = suspect.imageIDs.compactMap { catalog[$0] }
        let view = checked.first?.viewpoint
        let rest = catalog.photographs.filter { $0.whaleID == suspect.whaleID && !moved.contains($0.id) }
        kept = rest.contains { $0.viewpoint == view } ? rest.filter { $0.viewpoint == view } : rest
    }

    /// Whether a group is of a single encounter or day, whose light and water may explain the suspicion.
    var isOneOccasion: Bool {
        suspect.kind == .split
            && [kept, checked].contains { group in
                func isSame(_ value: (Photograph) -> String?) -> Bool {
                    let values = group.map(value)
                    return values.first.flatMap { $0 } != nil && Set(values).count == 1
                }
                return isSame(\.encounterID) || isSame(\.date)
            }
    }

    /// Suspicions, the clearest first, and those of a single occasion after the others.
    static func ordered(_ suspects: [IdentitySuspect], in catalog: Catalog) -> [SuspectGroups] {
        let all = suspects.sorted { $0.score > $1.score }.map { SuspectGroups($0, in: catalog) }
        return all.filter { !$0.isOneOccasion } + all.filter(\.isOneOccasion)
    }

    /// A suspicion with what people decided; nil if there is no file of decisions.
    typealias Entry = (groups: SuspectGroups, decision: DecidedSuspects.Entry?)

    /// The suspicions in the order of the decisions, if there are any.
    static func sorted(_ all: [SuspectGroups], by decided: DecidedSuspects?) -> [Entry] {
        guard let decided else { return all.map { ($0, nil) } }
        return decided.entries.compactMap { entry -> Entry? in
            guard let groups = all.first(where: { $0.suspect == entry.suspect }) else { return nil }
            return (groups, entry)
        }
    }

    /// What to check, in a sentence.
    func sentence(in catalog: Catalog) -> AnimalText {
        let hint: AnimalText =
            isOneOccasion ? " One group is of a single encounter or day, so this may be its conditions." : ""
        guard suspect.kind == .split else {
            return AnimalText(
                [
                    "Check the names: \(animal: suspect.whaleID) and \(animal: suspect.otherWhaleID) may be one animal.",
                    hint,
                ], separator: "")
        }
        let ids = suspect.imageIDs.listed(6)
        let near: AnimalText = suspect.rival.map { ", nearest to \(animal: $0.whaleID)" } ?? ""
        return AnimalText(
            ["Check the name of \(ids): they may show another animal", near, ".", hint], separator: "")
    }

    /// The two photographs with the strongest evidence; for a split, one of each group and the nearest of another animal.
    func tiles(_ number: Int, _ thumbnails: Thumbnails, _ catalog: Catalog) -> [PhotographTile] {
        func tile(_ id: String, _ caption: String) -> PhotographTile {
            thumbnails.tile(id, captions: [caption, thumbnails.identification(of: id)])
        }
        guard suspect.kind == .split else {
            return suspect.imageIDs.prefix(2).map { tile($0, "\(number): \(catalog[$0]?.whaleID ?? "–")") }
        }
        let shown = [
            kept.first.map { tile($0.id, "\(number): \(suspect.whaleID), \(kept.count) like this") },
            checked.first.map { tile($0.id, "\(number): check \(checked.count)") },
            suspect.rival.map { tile($0.imageID, "nearest: \($0.whaleID)") },
        ].compactMap(\.self)
        // Files of older versions have no rival; its place stays empty, so that groups keep their columns.
        return shown + Array(repeating: PhotographTile(id: "", picture: nil, captions: []), count: 3 - shown.count)
    }

    private static func dates(_ photographs: [Photograph]) -> String {
        let dates = Set(photographs.compactMap(\.date)).sorted()
        return dates.isEmpty ? "no date" : dates.listed(6)
    }

    /// All suspicions of one kind, in order.
    static func table(_ entries: [Entry], catalog: Catalog, links: Links) -> Table {
        let hasDecisions = entries.contains { $0.decision != nil }
        let columns: [Table.Column] = [
            .init("No.", .right), .init("Animal"), .init("Dates"), .init("Photographs to check"), .init("Dates"),
            .init("Nearest other animal"), .init("Score", .right), .init("Remark"), .init("Evidence"),
        ]
        return Table(
            columns: columns + (hasDecisions ? [.init("Decision"), .init("Decided by")] : []),
            rows: entries.enumerated().map { place, entry -> [Table.Cell] in
                let (groups, suspect) = (entry.groups, entry.groups.suspect)
                let photographs = suspect.imageIDs.map { catalog.photographCell($0, links) }
                let other = suspect.kind == .split ? suspect.rival?.whaleID : suspect.otherWhaleID
                let near: Table.Cell = other.map { .animal($0) } ?? "–"
                let remark = "one group is of a single encounter or day: probably conditions"
                let row: [Table.Cell] = [
                    .text(String(place + 1)), .animal(suspect.whaleID), .text(dates(groups.kept)), .list(photographs),
                    .text(dates(groups.checked)),
                    near,
                    .text(NumberText.fixed(suspect.score, 2)),
                    .text(groups.isOneOccasion ? remark : "–"), .text(suspect.evidence),
                ]
                guard hasDecisions else { return row }
                return row + [.text(entry.decision?.decision ?? "–"), .text(entry.decision?.reviewers ?? "–")]
            })
    }
}
