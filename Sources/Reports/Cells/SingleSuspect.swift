import Basics
import Catalog
import Evaluation

/// Single photographs whose most similar ones, all from the same side, show one other animal.
struct SingleSuspects {
    let suspects: [SingleSuspect]
    /// The number of query photographs that could be judged.
    let judged: Int

    /// What was found, in a sentence.
    var sentence: String {
        let all = NumberText.counted(judged, "query photograph", "query photographs")
        guard judged > 0 else { return "No single photograph could be checked: no query has a database of its view." }
        let rule = "the \(SingleSuspect.depth) most similar photographs, all of the same view, show one other animal"
        return suspects.isEmpty
            ? "Single photographs: none of \(all) is in doubt; for none, \(rule)."
            : "Single photographs: for \(suspects.count) of \(all), \(rule)."
    }

    /// The photographs, folded; empty if there are none.
    func part(catalog: Catalog, links: Links) -> [CellContent.Part] {
        guard !suspects.isEmpty else { return [] }
        let table = Table(
            columns: ["Photograph", "Animal", "View", "Date", "Similar to", "Photographs"].map { .init($0) },
            rows: suspects.map { suspect -> [Table.Cell] in
                let photograph = catalog[suspect.imageID]
                return [
                    catalog.photographCell(suspect.imageID, links), .animal(suspect.whaleID),
                    .text(photograph?.viewpoint.rawValue ?? "–"), .text(photograph?.date ?? "–"),
                    .animal(suspect.rival),
                    .list(suspect.similar.map { catalog.photographCell($0, links) }),
                ]
            })
        let title = NumberText.counted(suspects.count, "single photograph", "single photographs") + " to check"
        return [.folded(summary: title, table)]
    }
}

/// A photograph whose name is in doubt.
struct SingleSuspect {
    let imageID: String
    let whaleID: String
    let rival: String
    /// The most similar photographs.
    let similar: [String]

    /// How many of the most similar photographs must agree.
    static let depth = 3

    /// Judges every query photograph by the rankings of its queries, if the catalogue has another one of its animal and
    /// view.
    ///
    /// - Complexity: O(photographs + queries).
    static func found(_ rankings: Rankings, in catalog: Catalog) -> SingleSuspects {
        let counts = Dictionary(grouping: catalog.photographs) { [$0.whaleID ?? "", $0.viewpoint.rawValue] }
            .mapValues(\.count)
        var judged: Set<String> = []
        var found: [String: SingleSuspect] = [:]
        for query in rankings.queries {
            guard let photograph = catalog[query.imageID], let own = photograph.whaleID,
                photograph.viewpoint != .unknown, counts[[own, photograph.viewpoint.rawValue], default: 0] > 1
            else { continue }
            let near = query.answers.prefix(depth).compactMap { catalog[$0.imageID] }
            guard near.count == depth, near.allSatisfy({ $0.viewpoint == photograph.viewpoint }) else { continue }
            judged.insert(photograph.id)
            let names = Set(near.map(\.whaleID))
            guard names.count == 1, let rival = near[0].whaleID, rival != own, found[photograph.id] == nil else {
                continue
            }
            found[photograph.id] = SingleSuspect(
                imageID: photograph.id, whaleID: own, rival: rival, similar: near.map(\.id))
        }
        return SingleSuspects(suspects: found.values.sorted { $0.imageID < $1.imageID }, judged: judged.count)
    }
}
