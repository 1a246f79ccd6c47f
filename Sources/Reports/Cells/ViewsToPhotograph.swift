import Basics
import Catalog
import Evaluation

/// The animals without a photograph of one of the catalogue's views.
struct MissingViews {
    /// An animal, the views that it lacks, and the number of its missed queries.
    struct Animal: Equatable {
        let name: String
        let photographs: Int
        let missing: [Viewpoint]
        let missed: Int
    }

    private let views: [Viewpoint]
    private let count: Int
    /// Those without any flank, if the catalogue has both.
    private let withoutSide: Int
    /// Those with most missed queries first.
    let animals: [Animal]

    /// Compares each animal's views with those of the whole catalogue.
    init(_ catalog: Catalog, _ evaluation: EvaluationView) {
        let named = catalog.photographs.filter { $0.whaleID?.isEmpty == false }
        let views = Viewpoint.inOrder(named.map(\.viewpoint)).filter { $0 != .unknown }
        let whales = Dictionary(grouping: named) { $0.whaleID ?? "" }
        let missed = Dictionary(
            WhaleScore.scores(of: evaluation.queries).map { ($0.id, $0.missed.count) }
        ) { first, _ in first }
        self.views = views
        count = whales.count
        animals = whales.compactMap { name, own -> Animal? in
            // A photograph without a view may show any.
            guard !own.contains(where: { $0.viewpoint == .unknown }) else { return nil }
            let missing = views.filter { view in !own.contains { $0.viewpoint == view } }
            return missing.isEmpty
                ? nil : Animal(name: name, photographs: own.count, missing: missing, missed: missed[name] ?? 0)
        }.sorted { (-$0.missed, -$0.missing.count, $0.name) < (-$1.missed, -$1.missing.count, $1.name) }
        withoutSide =
            views.contains(.left) && views.contains(.right)
            ? animals.count { $0.missing.contains(.left) && $0.missing.contains(.right) } : 0
    }

    /// Names the animals with the most missed queries; nil if the catalogue has one view, or every animal has all.
    func point(_ named: Int) -> ActionList.Point? {
        guard views.count > 1, !animals.isEmpty else { return nil }
        let counts = views.compactMap { view -> String? in
            let lacking = animals.count { $0.missing.contains(view) }
            return lacking > 0 ? "\(lacking) \(lacking == 1 ? "has" : "have") no \(view.rawValue) view" : nil
        }
        let sides =
            withoutSide > 0 ? ["\(withoutSide) \(withoutSide == 1 ? "has" : "have") neither left nor right"] : []
        let table = Table(
            columns: [
                .init("Animal"), .init("Photographs", .right), .init("No photograph from"),
                .init("Missed queries", .right),
            ],
            rows: animals.map { animal -> [Table.Cell] in
                [
                    .animal(animal.name), .text(String(animal.photographs)),
                    .text(animal.missing.map(\.rawValue).joined(separator: ", ")), .text(String(animal.missed)),
                ]
            })
        let most = animals.filter { $0.missed > 0 }.prefix(named).map { animal -> AnimalText in
            let views = animal.missing.map { "no \($0.rawValue) view" }.joined(separator: ", ")
            let missed = NumberText.counted(animal.missed, "missed query", "missed queries")
            return "\(animal: animal.name) (\(views), \(missed))"
        }
        let lead: AnimalText = """
            Photograph the missing sides: of \(NumberText.counted(count, "animal", "animals")), \
            \((counts + sides).joined(separator: ", ")).
            """
        return ActionList.Point(
            text: most.isEmpty
                ? lead
                : AnimalText([lead, " Most missed: ", AnimalText(most, separator: "; "), "."], separator: ""),
            details: (
                summary: "\(NumberText.counted(animals.count, "animal", "animals")) without a photograph of a view",
                table: table
            ))
    }
}

/// The views of animals whose photographs are all of one encounter, so that a query of that view has no other photograph
/// of its own view to find.
struct SecondEncounters {
    /// A view of an animal.
    struct Side: Equatable {
        let animal: String
        let view: Viewpoint
        /// Its photographs, all of one encounter.
        let photographs: [Photograph]
        /// Missed queries of that view.
        let missed: Int
    }

    /// Those with the most missed queries first.
    let sides: [Side]
    /// All missed queries.
    private let missed: Int

    /// Finds the views of missed queries of which the catalogue has no photograph of another encounter. A photograph
    /// without an encounter counts as one of its own.
    ///
    /// - Complexity: O(photographs + queries).
    init(_ catalog: Catalog, _ queries: [QueryRow]) {
        struct Key: Hashable { let animal, view: String }
        let byAnimal = Dictionary(grouping: catalog.photographs.filter { $0.whaleID?.isEmpty == false }) {
            $0.whaleID ?? ""
        }
        let misses = queries.filter { $0.relevant > 0 && $0.firstHitRank != 1 }
        missed = misses.count
        let asked = Dictionary(grouping: misses.compactMap { catalog[$0.imageID] }) {
            Key(animal: $0.whaleID ?? "", view: $0.viewpoint.rawValue)
        }
        sides = asked.compactMap { key, queries -> Side? in
            let view = queries[0].viewpoint
            let all = byAnimal[key.animal] ?? []
            // A photograph without a view may show any.
            guard view != .unknown, !all.contains(where: { $0.viewpoint == .unknown }) else { return nil }
            let own = all.filter { $0.viewpoint == view }
            let encounters = Set(own.map { $0.encounterID ?? "photograph \($0.id)" })
            return encounters.count == 1
                ? Side(animal: key.animal, view: view, photographs: own, missed: queries.count) : nil
        }.sorted {
            (-$0.missed, $0.animal, $0.view.rawValue) < (-$1.missed, $1.animal, $1.view.rawValue)
        }
    }

    /// Names the first ones; nil if there are none.
    func point(_ named: Int) -> ActionList.Point? {
        guard !sides.isEmpty else { return nil }
        let helped = sides.reduce(0) { $0 + $1.missed }
        let first = sides.count > named ? ". The first \(named) of \(sides.count):" : ":"
        let table = Table(
            columns: [
                .init("Animal"), .init("View"), .init("Photographs", .right), .init("Date"),
                .init("Missed queries", .right),
            ],
            rows: sides.map { side -> [Table.Cell] in
                [
                    .animal(side.animal), .text(side.view.rawValue), .text(String(side.photographs.count)),
                    .text(side.dates), .text(String(side.missed)),
                ]
            })
        return ActionList.Point(
            text: """
                Photograph these first, on another day: \(helped) of \
                \(NumberText.counted(missed, "missed query", "missed queries")) \(helped == 1 ? "has" : "have") no \
                photograph of another encounter from their own view in the catalogue\(first)
                """,
            items: sides.prefix(named).map(\.sentence),
            details: sides.count > named ? ("All \(sides.count) views to photograph again", table) : nil)
    }
}

extension SecondEncounters.Side {
    fileprivate var dates: String {
        let dates = Set(photographs.compactMap(\.date)).sorted()
        return dates.isEmpty ? "no date" : dates.listed(3)
    }

    /// The view, with the reason.
    fileprivate var sentence: AnimalText {
        let held =
            photographs.count == 1
            ? "its only \(view.rawValue) photograph is of \(dates)"
            : "its \(photographs.count) \(view.rawValue) photographs are of \(dates)"
        return """
            \(animal: animal), \(view.rawValue): \(NumberText.counted(missed, "missed query", "missed queries")); \(held).
            """
    }
}
