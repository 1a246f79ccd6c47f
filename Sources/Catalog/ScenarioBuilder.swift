/// Makes scenarios like the competition's from a catalogue and its split, where the data brings none.
public enum ScenarioBuilder {
    private struct Rule {
        let id: String
        let query: Set<Viewpoint>
        let database: Set<Viewpoint>
    }

    /// Scenarios whose queries and answers never share an encounter.
    ///
    /// An animal that was trained on is asked for with its test photographs and looked up among its other encounters.
    /// An animal that was not is asked for with the photographs of one encounter and looked up in the rest. With top
    /// views: top against top, lateral against top, top against lateral; without: each flank against the same flank,
    /// since the two flanks of an animal bear different marks.
    ///
    /// A query without an answer in its database is left out, as in the competition's scenarios.
    public static func scenarios(of catalog: Catalog, split: Split) -> [Scenario] {
        let hasTop = catalog.photographs.contains { $0.viewpoint == .top }
        let lateral: Set<Viewpoint> = [.left, .right]
        let rules =
            hasTop
            ? [
                Rule(id: "top-top", query: [.top], database: [.top]),
                Rule(id: "lateral-top", query: lateral, database: [.top]),
                Rule(id: "top-lateral", query: [.top], database: lateral),
            ]
            : [
                Rule(id: "left-left", query: [.left], database: [.left]),
                Rule(id: "right-right", query: [.right], database: [.right]),
            ]
        let asking = queryImages(of: catalog, split: split)
        let absent = Set(split.images(.none))
        return rules.compactMap { rule in
            let candidates = catalog.photographs.filter { rule.query.contains($0.viewpoint) && asking.contains($0.id) }
            // What asks is not looked up, so that no answer shares an encounter with its query.
            let database = catalog.photographs.filter {
                rule.database.contains($0.viewpoint) && !asking.contains($0.id) && !absent.contains($0.id)
            }
            let known = Set(database.compactMap(\.whaleID))
            let queries = candidates.filter { $0.whaleID.map(known.contains) == true }
            guard !queries.isEmpty else { return nil }
            return Scenario(
                id: rule.id, queries: queries.map { .init(id: "\(rule.id)-\($0.id)", imageID: $0.id) },
                database: database.map(\.id))
        }
    }

    private static func queryImages(of catalog: Catalog, split: Split) -> Set<String> {
        let trained = Set(split.trainedWhales)
        let test = Set(split.images(.test))
        let byWhale = Dictionary(grouping: catalog.photographs.filter { test.contains($0.id) }) { $0.whaleID ?? "" }
        var result: Set<String> = []
        for (whale, photographs) in byWhale {
            if trained.contains(whale) {
                result.formUnion(photographs.map(\.id))
            } else {
                // The last encounter asks: the catalogue knows the animal from the earlier ones.
                let encounters = Set(photographs.map { $0.encounterID ?? $0.id }).sorted()
                guard encounters.count > 1 else { continue }
                result.formUnion(photographs.filter { ($0.encounterID ?? $0.id) == encounters.last }.map(\.id))
            }
        }
        return result
    }
}
