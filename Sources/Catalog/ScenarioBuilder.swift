import Basics

/// Makes scenarios from a catalogue and its split.
public struct ScenarioBuilder: Sendable {
    let catalog: Catalog
    let split: Split
    /// The animals that nothing asks for.
    let distractors: Set<String>

    /// Creates a builder; `distractors` are animals that only stand in databases.
    public init(_ catalog: Catalog, split: Split, distractors: Set<String> = []) {
        self.catalog = catalog
        self.split = split
        self.distractors = distractors
    }

    /// Scenarios like the competition's whose queries and answers never share an encounter.
    ///
    /// An animal that was trained on is asked for with its test photographs and looked up among its other encounters.
    /// An animal that was not is asked for with the photographs of one encounter and looked up in the rest. With top
    /// views: top against top, lateral against top, top against lateral; without: each flank against the same flank,
    /// since the two flanks of an animal bear different marks; without either: everything against everything.
    ///
    /// A query without an answer in its database is left out, as in the competition's scenarios, but for photographs
    /// that nobody has named: where the split has them in the test, they ask without an answer.
    public func automatic() -> [Scenario] {
        let asking = askingPhotographs
        let absent = Set(split.images(.none))
        return automaticSides.compactMap { id, asked, ranked in
            // What asks is not looked up, so that no answer shares an encounter with its query.
            let database = catalog.photographs.filter {
                ranked?.contains($0.viewpoint) != false && !asking.contains($0.id) && !absent.contains($0.id)
            }
            let known = Set(database.compactMap(\.whaleID))
            let queries = catalog.photographs.filter { photograph in
                asked?.contains(photograph.viewpoint) != false && asking.contains(photograph.id)
                    && photograph.whaleID.map(known.contains) != false
            }
            guard queries.contains(where: { $0.whaleID != nil }) else { return nil }
            return Scenario(id: id, queries: queries, database: database)
        }
    }

    private var automaticSides: [(id: String, queries: Set<Viewpoint>?, database: Set<Viewpoint>?)] {
        let present = Set(catalog.photographs.map(\.viewpoint))
        let lateral: Set<Viewpoint> = [.left, .right]
        if present.contains(.top) {
            return [("top-top", [.top], [.top]), ("lateral-top", lateral, [.top]), ("top-lateral", [.top], lateral)]
        }
        guard present.isDisjoint(with: lateral) else {
            return [("left-left", [.left], [.left]), ("right-right", [.right], [.right])]
        }
        return [("all-all", nil, nil)]
    }

    private var askingPhotographs: Set<String> {
        let trained = Set(split.trainedWhales)
        let test = Set(split.images(.test))
        let byWhale = Dictionary(grouping: catalog.photographs.filter { test.contains($0.id) }, by: \.whaleID)
        var result: Set<String> = []
        for (whale, photographs) in byWhale {
            guard let whale, !trained.contains(whale) else {
                result.formUnion(photographs.map(\.id))
                continue
            }
            guard !distractors.contains(whale) else { continue }
            // The last encounter asks: the catalogue knows the animal from the earlier ones.
            let encounters = Set(photographs.map { $0.encounterID ?? $0.id }).sorted()
            guard encounters.count > 1 else { continue }
            result.formUnion(photographs.filter { ($0.encounterID ?? $0.id) == encounters.last }.map(\.id))
        }
        return result
    }
}

extension Scenario {
    /// A scenario whose queries are named after it and their photographs.
    init(id: String, queries: [Photograph], database: [Photograph]) {
        self.init(
            id: id, queries: queries.map { Query(id: "\(id)-\($0.id)", imageID: $0.id) }, database: database.map(\.id))
    }
}
