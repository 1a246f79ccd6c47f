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

extension ScenarioBuilder {
    /// The scenarios of some rules, in their order, and what is to be told of them.
    ///
    /// A photograph that nobody has named may ask but stands in no database, where it would be neither right nor wrong.
    /// Where the rule wants no answers of a query's own encounter, encounters that hold queries leave the database; of
    /// an animal all of whose encounters are on both sides only the last encounter asks.
    ///
    /// - Throws: ``ScenarioError`` for a rule that no photograph fits, or by which nothing could be answered.
    /// - Complexity: O(photographs · years) for each rule.
    public func scenarios(by rules: [ScenarioRule]) throws -> (scenarios: [Scenario], notes: [ScenarioNote]) {
        var scenarios: [Scenario] = []
        var notes: [ScenarioNote] = []
        for rule in rules {
            let queries = try candidates(rule.queries, of: rule, side: .queries)
                .filter { $0.whaleID.map(distractors.contains) != true }
            let database = try candidates(rule.database, of: rule, side: .database).filter { $0.whaleID != nil }
            var found = 0
            for part in rule.parts(queries: queries, database: database) {
                let scenario = rule.scenario(id: part.id, queries: part.queries, database: part.database)
                let known = Set(part.database.compactMap(\.whaleID))
                let answerable = scenario.answers(in: catalog).count { !$0.answers.isEmpty }
                guard !scenario.queries.isEmpty else {
                    notes.append(.leftOut(scenario: part.id, queries: part.queries.count, animals: known.count))
                    continue
                }
                found += 1
                if answerable == 0 {
                    notes.append(.nothingAnswerable(scenario: part.id, queries: scenario.queries.count))
                }
                scenarios.append(scenario)
            }
            if found == 0 {
                throw ScenarioError.empty(scenario: rule.name, queries: queries.count, database: database.count)
            }
        }
        return (scenarios, notes)
    }

    private func candidates(
        _ side: ScenarioRule.Side, of rule: ScenarioRule, side name: ScenarioError.Side
    ) throws -> [Photograph] {
        let present = Viewpoint.inOrder(catalog.photographs.map(\.viewpoint))
        if let viewpoints = side.viewpoints,
            let absent = Viewpoint.inOrder(viewpoints).first(where: {
                !present.contains($0)
            })
        {
            throw ScenarioError.noViewpoint(
                scenario: rule.name, side: name, viewpoint: absent.rawValue, known: present.map(\.rawValue))
        }
        let roles = split.roles
        return catalog.photographs.filter { photograph in
            side.viewpoints?.contains(photograph.viewpoint) != false
                && roles[photograph.id].map(side.roles.contains) == true
        }
    }
}

extension ScenarioRule {
    fileprivate typealias Part = (id: String, queries: [Photograph], database: [Photograph])

    /// The candidates by the years that are asked together.
    fileprivate func parts(queries: [Photograph], database: [Photograph]) -> [Part] {
        if years == .all { return [(name, queries, database)] }
        let asked = Dictionary(grouping: queries, by: \.year)
        let ranked = Dictionary(grouping: database, by: \.year)
        return asked.keys.compactMap(\.self).sorted().flatMap { year -> [Part] in
            if years == .same { return [("\(name)-\(year)", asked[year] ?? [], ranked[year] ?? [])] }
            return ranked.keys.compactMap(\.self).filter { $0 < year }.sorted().map { earlier in
                ("\(name)-\(year)-\(earlier)", asked[year] ?? [], ranked[earlier] ?? [])
            }
        }
    }

    fileprivate func scenario(id: String, queries: [Photograph], database: [Photograph]) -> Scenario {
        var (queries, database) = (queries, database)
        if !sameEncounter {
            let asking = askingEncounters(queries: queries, database: database)
            queries = queries.filter { asking.contains(Sighting($0)) }
            database = database.filter { !asking.contains(Sighting($0)) }
        }
        if unanswerable == .drop {
            let answers = Dictionary(grouping: database) { $0.whaleID }.mapValues { Set($0.map(\.id)) }
            queries = queries.filter { query in
                guard let whale = query.whaleID else { return true }
                return answers[whale]?.contains { $0 != query.id } == true
            }
            // A photograph without a name asks beside others, but makes no scenario.
            if queries.allSatisfy({ $0.whaleID == nil }) { queries = [] }
        }
        return Scenario(id: id, queries: queries, database: database)
    }

    /// Parts each animal's encounters into those that ask and those that answer; the rest of `queries` does neither.
    private func askingEncounters(queries: [Photograph], database: [Photograph]) -> Set<Sighting> {
        let ranked = Dictionary(grouping: database) { $0.whaleID }.mapValues { Set($0.map { Sighting($0) }) }
        var result: Set<Sighting> = []
        for (whale, photographs) in Dictionary(grouping: queries, by: \.whaleID) {
            let asked = Set(photographs.map { Sighting($0) })
            let answering = whale.flatMap { ranked[$0] } ?? []
            if asked.isDisjoint(with: answering) || !answering.isSubset(of: asked) {
                result.formUnion(asked)
            } else if asked != answering {
                result.formUnion(asked.subtracting(answering))
            } else if asked.count > 1 || unanswerable == .keep {
                // The last encounter asks: the catalogue knows the animal from the earlier ones.
                let days = Dictionary(grouping: photographs) { Sighting($0) }
                    .mapValues { $0.compactMap(\.date).max() ?? "" }
                if let last = days.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) { result.insert(last.key) }
            }
        }
        return result
    }
}

/// An encounter, or a photograph of which no encounter is known.
struct Sighting: Hashable, Comparable {
    private let encounter: String?
    private let photograph: String

    init(_ photograph: Photograph) {
        encounter = photograph.encounterID
        self.photograph = photograph.encounterID == nil ? photograph.id : ""
    }

    static func < (one: Sighting, other: Sighting) -> Bool {
        (one.encounter ?? "", one.photograph) < (other.encounter ?? "", other.photograph)
    }
}
