import Basics
import Catalog
import Evaluation
import Results

/// The sides of animals to photograph: those of which the catalogue has no photograph, or photographs of a single
/// encounter, with the missed queries to which another photograph would have given one more to find.
struct FieldWork {
    /// A view of an animal.
    struct Side: Equatable {
        let animal: String
        let view: Viewpoint
        /// Its photographs, all of one encounter; empty if it has none.
        let photographs: [Photograph]
        /// The missed queries of this view: they had a photograph of it to find from no other encounter.
        let own: Int
        /// The missed queries of other views that were searched among this one: a new photograph would have been one more
        /// to find.
        let others: Int
    }

    /// Those that would have helped, the most missed queries of their view first.
    let sides: [Side]
    /// The animals without a photograph of each view, by view; empty if the catalogue has only one view.
    let lacking: [(view: Viewpoint, animals: [String])]
    private let animals: Int
    private let missed: Int
    /// The missed queries that any of ``sides`` would have helped: of its view, and of any.
    private let helped: (own: Int, any: Int)

    /// Compares each animal's views with the whole catalogue's and with those of the databases.
    ///
    /// A new photograph would be one more to find for a query of its own view, if no other encounter shows that view of
    /// the animal; and for a query in whose database the view is compared. A photograph without a view may show any, so
    /// its animal is left out; one without an encounter counts as one of its own.
    ///
    /// `databases` has the database photographs of each scenario.
    ///
    /// - Complexity: O(photographs + queries · views).
    init(_ catalog: Catalog, _ queries: [QueryRow], databases: [String: [String]]) {
        let named = catalog.photographs.filter { $0.whaleID?.isEmpty == false }
        let views = Viewpoint.inOrder(named.map(\.viewpoint)).filter { $0 != .unknown }
        let byAnimal = Dictionary(grouping: named) { $0.whaleID ?? "" }
        let known = byAnimal.filter { !$0.value.contains { $0.viewpoint == .unknown } }
        let compared = databases.mapValues { Set($0.compactMap { catalog[$0]?.viewpoint }) }
        let misses = queries.filter { $0.relevant > 0 && $0.firstHitRank != 1 }
        let missesOf = Dictionary(grouping: misses, by: \.whaleID)
        var (ownHelped, anyHelped): (Set<String>, Set<String>) = ([], [])
        sides = known.flatMap { animal, photographs in
            views.compactMap { view -> Side? in
                let own = photographs.filter { $0.viewpoint == view }
                guard Set(own.map { $0.encounterID ?? "photograph \($0.id)" }).count < 2 else { return nil }
                let misses = missesOf[animal] ?? []
                let shown = misses.filter { catalog[$0.imageID]?.viewpoint == view }
                let others = misses.filter { query in
                    catalog[query.imageID]?.viewpoint != view && compared[query.scenario]?.contains(view) == true
                }
                ownHelped.formUnion(shown.map(\.id))
                anyHelped.formUnion((shown + others).map(\.id))
                return shown.isEmpty && others.isEmpty
                    ? nil
                    : Side(
                        animal: animal, view: view, photographs: own, own: shown.count, others: others.count)
            }
        }.sorted {
            ($1.own, $1.others, $0.animal, $0.view.rawValue) < ($0.own, $0.others, $1.animal, $1.view.rawValue)
        }
        func lacks(_ view: Viewpoint) -> (([Photograph]) -> Bool) { { !$0.contains { $0.viewpoint == view } } }
        lacking =
            views.count > 1
            ? views.map { view in (view, known.filter { lacks(view)($0.value) }.keys.sorted()) }
                .filter { !$0.1.isEmpty } : []
        animals = byAnimal.count
        missed = misses.count
        helped = (ownHelped.count, anyHelped.count)
    }

    /// Names the first sides; nil if nothing is missing. `tested` has the views that were searched among photographs of their
    /// own view.
    func point(_ named: Int, tested: [Viewpoint]) -> ActionList.Point? {
        let absent = lacking.isEmpty ? [] : [("Animals without a photograph of some view", lackingTable)]
        guard let first = sides.first else {
            return lacking.isEmpty
                ? nil
                : ActionList.Point(
                    advice: "Photograph the missing sides.", reason: "\(state.capitalisingFirst).", details: absent)
        }
        let table = Table(
            columns: [
                .init("Animal"), .init("Side to photograph"), .init("Photographs so far"),
                .init("Missed queries of this side", .right),
                .init("Missed queries of other sides, searched among this one", .right),
            ],
            rows: sides.map { side -> [Table.Cell] in
                [
                    .animal(side.animal), .text(side.view.rawValue), .text(side.state), .text(String(side.own)),
                    .text(String(side.others)),
                ]
            })
        let queries = NumberText.counted(missed, "missed query", "missed queries")
        let reason =
            first.own > 0
            ? "For \(helped.own) of \(queries), the catalogue has the query's side of its animal from no other day."
            : "They would have given \(helped.any) of \(queries) one more correct photograph to find."
        let untested =
            sides.contains { !tested.contains($0.view) } && !tested.isEmpty
            ? " Only \(tested.map(\.rawValue).joined(separator: " and ")) views were searched among their own view, so the gain for "
                + "other sides was not tested." : ""
        let rest = sides.count > named ? " The first \(named) of \(sides.count):" : ""
        return ActionList.Point(
            advice: "Photograph these sides, on another day.", reason: "\(reason)\(untested)\(rest)",
            items: sides.prefix(named).map { "\(animal: $0.animal), \($0.view.rawValue): \($0.text)." },
            details: (sides.count > named ? [("All \(sides.count) sides to photograph", table)] : []) + absent)
    }

    /// What to photograph of an animal, in sentences.
    func advice(about animal: String) -> [String] {
        sides.filter { $0.animal == animal }.map {
            "Photograph its \($0.view.rawValue) view on another day: \($0.text)."
        }
    }

    /// How many animals lack which view.
    private var state: String {
        let counts = lacking.map {
            "\($0.animals.count) \($0.animals.count == 1 ? "has" : "have") no \($0.view.rawValue) view"
        }
        return "of \(NumberText.counted(animals, "animal", "animals")), \(counts.joined(separator: ", "))"
    }

    /// The animals by what they lack: those with neither flank first.
    private var lackingTable: Table {
        let views = Dictionary(
            grouping: lacking.flatMap { entry in entry.animals.map { (animal: $0, view: entry.view) } }, by: \.animal
        ).mapValues { Viewpoint.inOrder($0.map(\.view)) }
        let groups = Dictionary(grouping: views.keys) { views[$0] ?? [] }
            .sorted {
                ($1.key.count, $0.key.map(\.rawValue).joined()) < ($0.key.count, $1.key.map(\.rawValue).joined())
            }
        return Table(
            columns: [.init("No photograph of"), .init("Animals", .right), .init("Names")],
            rows: groups.map { missing, animals -> [Table.Cell] in
                [
                    .text(missing.map(\.rawValue).joined(separator: ", ")), .text(String(animals.count)),
                    .list(animals.sorted().map { .animal($0) }),
                ]
            })
    }
}

extension FieldWork.Side {
    /// What the catalogue has of the side, and how many queries would have needed more.
    fileprivate var text: String {
        let all = NumberText.counted(own > 0 ? own : others, "missed query", "missed queries")
        let counts = [
            own > 0 ? "\(all) of this side" : nil,
            others > 0 ? "\(own > 0 ? "\(others)" : all) of other sides would have had one more to find" : nil,
        ].compactMap(\.self)
        return "\(state) (\(counts.joined(separator: "; ")))"
    }

    /// What the catalogue has of it.
    fileprivate var state: String {
        guard !photographs.isEmpty else { return "none so far" }
        let dates = Set(photographs.compactMap(\.date)).sorted()
        let taken = dates.isEmpty ? "of one encounter" : "of \(dates.listed(3))"
        return photographs.count == 1 ? "only 1, \(taken)" : "\(photographs.count), all \(taken)"
    }
}
