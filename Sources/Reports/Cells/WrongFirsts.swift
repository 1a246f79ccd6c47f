import Basics
import Catalog
import Evaluation
import Results

/// The photographs of one animal, view and encounter that come first, wrongly, for the most queries.
struct WrongFirsts: Equatable {
    let animal: String
    let view: Viewpoint
    /// The photographs of that encounter and view that come first.
    let photographs: [Photograph]
    /// The animals of the missed queries, the most frequent first.
    let missed: [(animal: String, count: Int)]
    /// All missed queries.
    private let misses: Int
    /// The queries, missed or not, for which a photograph of that animal, view and encounter comes first.
    private let firsts: Int

    /// Fewer may be chance.
    private static let fewest = 3
    /// The share of the missed queries from which one encounter is worth a warning.
    private static let share = 0.1

    static func == (one: WrongFirsts, other: WrongFirsts) -> Bool {
        one.animal == other.animal && one.view == other.view && one.photographs == other.photographs
            && one.missed.elementsEqual(other.missed, by: ==) && one.misses == other.misses
            && one.firsts == other.firsts
    }

    /// Reads the first matches of missed queries; nil if no encounter stands out.
    ///
    /// - Complexity: O(queries · log queries).
    init?(_ catalog: Catalog, _ queries: [QueryRow], answers: [String: [Rankings.Answer]]) {
        func key(_ photograph: Photograph) -> [String] {
            [photograph.whaleID ?? "", photograph.viewpoint.rawValue, photograph.encounterID ?? ""]
        }
        let answerable = queries.filter { $0.relevant > 0 }
        let misses = answerable.filter { $0.firstHitRank != 1 }
        let first = answerable.compactMap { query in
            answers[query.id]?.first.flatMap { catalog[$0.imageID] }.map { (query: query, photograph: $0) }
        }.filter { $0.photograph.whaleID?.isEmpty == false && $0.photograph.encounterID != nil }
        let groups = Dictionary(grouping: first.filter { $0.query.firstHitRank != 1 }) { key($0.photograph) }
        guard
            let (place, found) = groups.max(by: {
                ($0.value.count, $1.key.joined(separator: "\n")) < ($1.value.count, $0.key.joined(separator: "\n"))
            }),
            found.count >= Self.fewest, Double(found.count) >= Self.share * Double(misses.count)
        else { return nil }
        animal = place[0]
        firsts = first.count { key($0.photograph) == place }
        view = found[0].photograph.viewpoint
        photographs = Set(found.map(\.photograph.id)).sorted().compactMap { catalog[$0] }
        missed = Dictionary(grouping: found, by: \.query.whaleID).map { (animal: $0.key, count: $0.value.count) }
            .sorted { (-$0.count, $0.animal) < (-$1.count, $1.animal) }
        self.misses = misses.count
    }

    /// Lists the photographs, and the first animals that were missed.
    func point(_ named: Int, _ catalog: Catalog, _ links: Links) -> ActionList.Point {
        let side = view == .unknown ? "" : "a \(view.rawValue) view of "
        let names = missed.prefix(named).map { "\($0.animal): \($0.count)" }
        let rest = missed.count > named ? ", and others" : ""
        let table = Table(
            columns: ["Photographs that come first wrongly", "Animals that were missed"].map { .init($0) },
            rows: [
                [
                    .list(photographs.map { catalog.photographCell($0.id, links) }),
                    .text(names.joined(separator: ", ") + rest),
                ]
            ])
        return ActionList.Point(
            advice: AnimalText(
                ["Doubt a first match that shows \(side)", "\(animal: animal)", "."], separator: ""),
            reason: """
                \(subject.capitalisingFirst) first for \(NumberText.counted(firsts, "query", "queries")), \(wrong) of them \
                wrongly.
                """, details: [("The photographs of \(animal) that come first wrongly", table)])
    }

    /// What to doubt of an animal, in Markdown; nil if it is about another.
    func advice(about animal: String, _ catalog: Catalog, _ links: Links) -> String? {
        guard animal == self.animal else { return nil }
        let names = photographs.map { catalog.photographCell($0.id, links).markdown }.joined(separator: ", ")
        return
            "Doubt a first match that shows \(view == .unknown ? "it" : "its \(view.rawValue) view"): \(subject) first for \(NumberText.counted(firsts, "query", "queries")), "
            + "\(wrong) of them wrongly (\(names))."
    }

    /// The queries for which they come first wrongly.
    private var wrong: Int { missed.reduce(0) { $0 + $1.count } }

    /// The photographs with their verb, without a capital.
    private var subject: String {
        let view = view == .unknown ? "" : "\(view.rawValue) "
        let dates = Set(photographs.compactMap(\.date)).sorted()
        let taken = dates.isEmpty ? "" : " of \(dates.listed(3))"
        return photographs.count == 1
            ? "its \(view)photograph\(taken) comes" : "\(photographs.count) \(view)photographs\(taken) come"
    }
}
