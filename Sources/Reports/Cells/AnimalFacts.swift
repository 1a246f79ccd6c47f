import Basics
import Catalog
import Evaluation
import Results

/// What a run did with the photographs of animals, and what speaks against their names: the facts that the pages of
/// animals share.
struct AnimalFacts {
    /// The role of each photograph in the split; empty if it is unknown.
    private let roles: [String: Role]
    /// The scenarios of which a photograph is a query, and those whose database has it.
    private let queried: [String: [String]]
    private let held: [String: [String]]
    private let suspects: [SuspectGroups]
    private let lookAlikes: [LookAlike]
    private let catalog: Catalog

    /// Collects the facts; files that the run or the cell lacks are left out.
    init(_ context: CellContext, _ evaluation: EvaluationView) throws {
        catalog = try context.artefacts.catalog()
        let (artefacts, split, search) = (
            context.artefacts, context.nodeIfPresent(.split), context.nodeIfPresent(.search)
        )
        let rows = try split.flatMap { try artefacts.readIfPresent(SplitFiles.split, of: $0)?.rows }
        roles = Dictionary((rows ?? []).map { ($0.imageID, $0.role) }) { first, _ in first }
        let scenarios = try split.flatMap { try artefacts.readIfPresent(SplitFiles.scenarios, of: $0)?.scenarios } ?? []
        func places(_ ids: (Scenario) -> [String]) -> [String: [String]] {
            scenarios.reduce(into: [:]) { places, scenario in
                for id in Set(ids(scenario)).sorted() { places[id, default: []].append(scenario.id) }
            }
        }
        queried = places { $0.queries.map(\.imageID) }
        held = places(\.database)
        let suspects = try search.flatMap { try artefacts.readIfPresent(SearchFiles.suspects, of: $0) } ?? []
        self.suspects = SuspectGroups.ordered(suspects, in: catalog)
        lookAlikes = evaluation.result.causes.lookAlikes
    }

    /// What the run did with a photograph: its role, and the scenarios that have it as a query or in the database.
    func uses(of id: String) -> String {
        let parts: [String?] = [
            roles[id].flatMap(Self.title), queried[id].map { "query of \($0.joined(separator: ", "))" },
            held[id].map { "database of \($0.joined(separator: ", "))" },
        ]
        let known = parts.compactMap(\.self)
        return known.isEmpty ? "–" : known.joined(separator: "; ")
    }

    private static func title(_ role: Role) -> String? {
        switch role {
        case .train: "trained the network"
        case .validation: "validation"
        case .test: "test"
        case .none: nil
        }
    }

    /// How many of an animal's photographs have which use, in a sentence; nil if nothing is known.
    func roles(of photographs: [Photograph]) -> String? {
        guard !roles.isEmpty else { return nil }
        func count(_ isCounted: (String) -> Bool) -> Int { photographs.count { isCounted($0.id) } }
        let (asked, ranked) = (count { queried[$0] != nil }, count { held[$0] != nil })
        let counts: [(count: Int, use: String)] = [
            (count { roles[$0] == .train }, "trained the network"),
            (count { roles[$0] == .validation }, "chose its epoch and thresholds (validation)"),
            (asked, asked == 1 ? "was a query" : "were queries"),
            (ranked, "\(ranked == 1 ? "is" : "are") in a database"),
        ]
        let parts = counts.filter { $0.count > 0 }.map { "\($0.count) \($0.use)" }
        return parts.isEmpty ? nil : "Of these, \(parts.joined(separator: ", "))."
    }

    /// Why an animal has no answerable query.
    func reason(_ whale: WhaleScore, _ photographs: [Photograph]) -> String {
        guard whale.queries.isEmpty else {
            return "the databases have no other photograph of it"
        }
        guard !roles.isEmpty else { return "no photograph was a query" }
        let learned = photographs.allSatisfy { roles[$0.id] == .train || roles[$0.id] == .validation }
        return learned ? "all its photographs trained or validated the network" : "no photograph was a query"
    }

    /// Whether the animal's name, or that of one of its photographs, is to be checked.
    func isSuspect(_ whale: String) -> Bool { suspects.contains { names($0, whale) } }

    private func names(_ groups: SuspectGroups, _ whale: String) -> Bool {
        groups.suspect.whaleID == whale
            || groups.suspect.kind == .merge && groups.suspect.otherWhaleID == whale
    }

    /// The names to check and the look-alikes of an animal, in sentences.
    func doubts(of whale: String) -> [AnimalText] {
        let pairs = lookAlikes.compactMap { pair -> AnimalText? in
            guard pair.whaleID == whale || pair.otherWhaleID == whale else { return nil }
            let isFirst = pair.whaleID == whale
            let (there, back) = isFirst ? (pair.there, pair.back) : (pair.back, pair.there)
            let other = isFirst ? pair.otherWhaleID : pair.whaleID
            return """
                Look-alike: \(NumberText.counted(there.count, "query", "queries")) returned \(animal: other) first, and \
                \(back.count) of \(animal: other) returned it.
                """
        }
        return suspects.filter { names($0, whale) }.map { $0.sentence(in: catalog) } + pairs
    }
}
