import Basics
import Catalog
import Evaluation
import Results

/// Names to check, in the one order in which a document counts, numbers and shows them: open ones first, then those that
/// matched marks support, then the clearest first, and those of a single occasion after the others.
struct SuspectList {
    /// A suspicion with its place in the list.
    struct Entry {
        /// From 1.
        let number: Int
        let groups: SuspectGroups
        /// What people decided; nil if there is no file of decisions.
        let decision: DecidedSuspects.Entry?

        /// Whether somebody still has to decide.
        var isOpen: Bool { decision?.state.isOpen != false }
    }

    let entries: [Entry]
    /// Nil if there is no file of decisions.
    let decided: DecidedSuspects?
    private let catalog: Catalog

    /// Reads the suspicions of a search.
    init(_ node: ReportNode, _ artefacts: Artefacts) throws {
        let catalog = try artefacts.catalog()
        self.catalog = catalog
        let all = try artefacts.read(SearchFiles.suspects, of: node).map { SuspectGroups($0, in: catalog) }
        let rest = all.filter { !$0.isSupportedByMarks }.sorted { $0.suspect.score > $1.suspect.score }
        let ordered =
            all.filter(\.isSupportedByMarks) + rest.filter { !$0.isOneOccasion } + rest.filter(\.isOneOccasion)
        let decided = artefacts.decisions().map { DecidedSuspects(ordered.map(\.suspect), $0, in: catalog) }
        self.decided = decided
        let sorted: [(groups: SuspectGroups, decision: DecidedSuspects.Entry?)] =
            decided?.entries.compactMap { entry in
                ordered.first { $0.suspect == entry.suspect }.map { (groups: $0, decision: entry) }
            } ?? ordered.map { ($0, nil) }
        entries = sorted.enumerated().map { Entry(number: $0 + 1, groups: $1.groups, decision: $1.decision) }
    }

    /// The suspicions about an animal's name, or about those of its photographs.
    func entries(about whale: String) -> [Entry] {
        entries.filter { entry in
            let suspect = entry.groups.suspect
            return suspect.whaleID == whale || suspect.kind == .merge && suspect.otherWhaleID == whale
        }
    }

    /// A suspicion with its evidence, as Markdown with links.
    func sentence(_ entry: Entry, links: Links) -> String {
        let suspect = entry.groups.suspect
        func photographs(_ ids: [String]) -> String {
            ids.map { catalog.photographCell($0, links).markdown }.joined(separator: ", ")
        }
        let name = AnimalLink.markdown(suspect.whaleID)
        let claim =
            suspect.kind == .merge
            ? "\(name) and \(AnimalLink.markdown(suspect.otherWhaleID)) may be one animal; compare "
                + "\(photographs(suspect.imageIDs))."
            : "\(photographs(suspect.imageIDs)) (\(Self.dates(entry.groups.checked))) may not show \(name)."
        let decision = entry.decision.flatMap { $0.state.isOpen ? nil : "Decided: \($0.decision) (\($0.reviewers))." }
        let remark = entry.groups.remark.map { "\($0.capitalisingFirst)." }
        let parts = [
            "**Name to check, no. \(entry.number) of \(entries.count).**", claim, evidence(entry, links: links), remark,
            decision.map { MarkdownText.escaped($0) },
        ]
        return parts.compactMap(\.self).joined(separator: " ")
    }

    /// How much nearer a rival is, and how many marks agree; for a merge, and in files of older versions, the evidence in
    /// words.
    private func evidence(_ entry: Entry, links: Links) -> String {
        let suspect = entry.groups.suspect
        guard let rival = suspect.rival, let comparison = rival.comparison else {
            return MarkdownText.escaped(suspect.evidence.capitalisingFirst + ".")
        }
        func photograph(_ id: String) -> String { catalog.photographCell(id, links).markdown }
        func similarity(_ value: Double, _ agreeing: Int?) -> String {
            let marks = agreeing.map { " (\(NumberText.counted($0, "agreeing mark", "agreeing marks")))" } ?? ""
            return NumberText.fixed(value, 3) + marks
        }
        let other =
            "\(photograph(rival.imageID)) of \(AnimalLink.markdown(rival.whaleID)) (\(Self.dates([catalog[rival.imageID]])))"
        let near = similarity(comparison.similarity, comparison.agreeing)
        let first = "\(photograph(comparison.imageID)) has a similarity of \(near) to \(other)"
        guard let kept = comparison.keptImageID, let own = comparison.keptSimilarity else {
            return "\(first); no photograph of another encounter that keeps the name has its view."
        }
        return
            "\(first), and of \(similarity(own, comparison.keptAgreeing)) to \(photograph(kept)) "
            + "(\(Self.dates([catalog[kept]]))), the nearest "
            + "that keeps the name."
    }

    private static func dates(_ photographs: [Photograph?]) -> String {
        let dates = Set(photographs.compactMap { $0?.date }).sorted()
        return MarkdownText.escaped(dates.isEmpty ? "no date" : dates.listed(6))
    }

    /// Some of the suspicions, in order.
    func table(_ shown: [Entry], links: Links) -> Table {
        let columns: [Table.Column] = [
            .init("No.", .right), .init("Animal"), .init("Dates"), .init("Photographs to check"), .init("Dates"),
            .init("Nearest other animal"), .init("Support", .right), .init("Remark"), .init("Evidence"),
        ]
        return Table(
            columns: columns + (decided == nil ? [] : [.init("Decision"), .init("Decided by")]),
            rows: shown.map { entry -> [Table.Cell] in
                let (groups, suspect) = (entry.groups, entry.groups.suspect)
                let other = suspect.kind == .split ? suspect.rival?.whaleID : suspect.otherWhaleID
                let words = MarkdownText.escaped(suspect.evidence.capitalisingFirst + ".")
                let compared = suspect.rival?.comparison.map { _ in [evidence(entry, links: links)] } ?? []
                let row: [Table.Cell] = [
                    .text(String(entry.number)), .animal(suspect.whaleID), .markdown(Self.dates(groups.kept)),
                    .list(suspect.imageIDs.map { catalog.photographCell($0, links) }),
                    .markdown(Self.dates(groups.checked)), other.map { .animal($0) } ?? "–",
                    .text(NumberText.fixed(suspect.score, 2)), .text(groups.remark ?? "–"),
                    .markdown(([words] + compared).joined(separator: " ")),
                ]
                guard decided != nil else { return row }
                return row + [.text(entry.decision?.decision ?? "–"), .text(entry.decision?.reviewers ?? "–")]
            })
    }
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

    /// Whether marks agree better with another animal, so that a curator looks here first.
    var isSupportedByMarks: Bool { suspect.rival?.comparison?.isSupportedByMarks == true }

    /// Whether a group is of a single encounter or day, whose light and water may explain the suspicion, as they cannot
    /// explain agreeing marks.
    var isOneOccasion: Bool {
        suspect.kind == .split && !isSupportedByMarks
            && [kept, checked].contains { group in
                func isSame(_ value: (Photograph) -> String?) -> Bool {
                    let values = group.map(value)
                    return values.first.flatMap { $0 } != nil && Set(values).count == 1
                }
                return isSame(\.encounterID) || isSame(\.date)
            }
    }

    /// What else may explain the suspicion; nil for nothing.
    var remark: String? {
        guard isOneOccasion else { return nil }
        return (checked.count == 1 ? "a single photograph" : "one group is of a single encounter or day")
            + ": light or water may explain it"
    }

    /// A photograph of the figure of suspicions.
    struct Shown {
        let id: String
        let caption: String
        /// Its similarity to the photograph to check; nil for that one, and if it is not known.
        let similarity: Double?
        /// The marks that agree with those of the photograph to check; nil if they were not matched.
        var agreeing: Int? = nil
        /// Whether it is to be checked.
        var isChecked = false

        /// The similarity and the marks as a caption; empty if neither is known.
        var comparison: [String] {
            let parts = [
                similarity.map { "similarity \(NumberText.fixed($0, 3))" },
                agreeing.map { NumberText.counted($0, "agreeing mark", "agreeing marks") },
            ].compactMap(\.self)
            return parts.isEmpty ? [] : [parts.joined(separator: ", ")]
        }
    }

    /// The two photographs with the strongest evidence; for a split, one that keeps the name, one to check and the
    /// nearest of another animal.
    func shown(_ number: Int, in catalog: Catalog) -> [Shown] {
        guard suspect.kind == .split else {
            return suspect.imageIDs.prefix(2).map {
                Shown(id: $0, caption: "\(number): \(catalog[$0]?.whaleID ?? "–")", similarity: nil)
            }
        }
        let comparison = suspect.rival?.comparison
        let others = suspect.rival.map {
            Shown(
                id: $0.imageID, caption: "nearest: \($0.whaleID)", similarity: comparison?.similarity,
                agreeing: comparison?.agreeing)
        }
        return [
            (comparison?.keptImageID ?? kept.first?.id).map {
                Shown(
                    id: $0, caption: "\(number): \(suspect.whaleID), \(kept.count) like this",
                    similarity: comparison?.keptSimilarity, agreeing: comparison?.keptAgreeing)
            },
            (comparison?.imageID ?? checked.first?.id).map {
                let more = checked.count > 1 ? ", and \(checked.count - 1) more" : ""
                return Shown(id: $0, caption: "\(number): check this\(more)", similarity: nil, isChecked: true)
            },
            others,
        ].compactMap(\.self)
    }
}
