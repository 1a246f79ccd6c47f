import Basics

/// Makes scenarios from a catalogue and its split.
public struct ScenarioBuilder: Sendable {
    let catalog: Catalog
    let split: Split
    /// The animals that no query shows.
    let distractors: Set<String>

    /// Creates a builder; `distractors` are animals that are only in databases.
    public init(_ catalog: Catalog, split: Split, distractors: Set<String> = []) {
        self.catalog = catalog
        self.split = split
        self.distractors = distractors
    }

    /// Builds scenarios like the competition's, in which a query never shares an encounter with its matches.
    ///
    /// For a trained animal, the test photographs are queries and its other encounters are in the database. For an
    /// unseen animal, the last encounter holds the queries and the rest is in the database. With top views: top against
    /// top, lateral against top, top against lateral. Without: each flank against the same flank, because an animal's
    /// flanks have different marks. Without either: everything against everything.
    ///
    /// A query without a match in its database is left out, as in the competition's scenarios. Unnamed test photographs
    /// are kept as queries without a match.
    public func automatic() -> [Scenario] {
        let asking = askingPhotographs
        let absent = Set(split.images(.none))
        return automaticSides.compactMap { id, asked, ranked in
            // Queries are not in the database, so no match shares an encounter with its query.
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
            // The last encounter holds the queries: the earlier ones form the catalogue.
            let encounters = Set(photographs.map { $0.encounterID ?? $0.id }).sorted()
            guard encounters.count > 1 else { continue }
            result.formUnion(photographs.filter { ($0.encounterID ?? $0.id) == encounters.last }.map(\.id))
        }
        return result
    }
}

extension Scenario {
    /// Creates a scenario whose query ids combine the scenario's id and the photograph's.
    init(id: String, queries: [Photograph], database: [Photograph]) {
        self.init(
            id: id, queries: queries.map { Query(id: "\(id)-\($0.id)", imageID: $0.id) }, database: database.map(\.id))
    }
}

extension ScenarioBuilder {
    /// Builds scenarios from rules, in their order, with notes for the user.
    ///
    /// An unnamed photograph can be a query but is in no database, where it would be neither a match nor a non-match.
    /// If the rule excludes matches from the query's own encounter, encounters with queries leave the database; if all
    /// of an animal's encounters are on both sides, only the last holds queries.
    ///
    /// - Throws: ``ScenarioError`` for a rule that no photograph fits, or that yields no query with a match.
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

    /// The candidates grouped by the years compared.
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
            // Unnamed queries accompany others but do not form a scenario by themselves.
            if queries.allSatisfy({ $0.whaleID == nil }) { queries = [] }
        }
        return Scenario(id: id, queries: queries, database: database)
    }

    /// Splits each animal's encounters into those with queries and those in the database; the rest of `queries` is
    /// unused.
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
                // The last encounter holds the queries: the earlier ones form the catalogue.
                let days = Dictionary(grouping: photographs) { Sighting($0) }
                    .mapValues { $0.compactMap(\.date).max() ?? "" }
                if let last = days.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) { result.insert(last.key) }
            }
        }
        return result
    }
}

/// An encounter, or a photograph without a known encounter.
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
