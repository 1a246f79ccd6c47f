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
    /// Nil without a search.
    private let suspects: SuspectList?
    /// Whether the search could check names at all.
    private let checksNames: Bool
    private let confusedPairs: [ConfusedPair]
    private let fieldWork: FieldWork
    private let wrongFirsts: WrongFirsts?
    private let catalog: Catalog
    private let links: Links

    /// Collects the facts; files that the run or the cell lacks are left out. `answers` has what each query returned.
    init(
        _ context: CellContext, _ evaluation: EvaluationView, _ catalog: Catalog, answers: [String: [Rankings.Answer]]?
    ) throws {
        self.catalog = catalog
        links = context.pageLinks
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
        suspects = try search.flatMap {
            SearchFiles.suspects.exists(in: $0.directory) ? try SuspectList($0, artefacts) : nil
        }
        let summary = try search.flatMap { try artefacts.readIfPresent(SearchFiles.suspectSummary, of: $0) }
        checksNames = summary.map { $0.marks != nil || $0.reason == nil } ?? false
        confusedPairs = evaluation.result.causes.confusedPairs
        let databases = Dictionary(scenarios.map { ($0.id, $0.database) }) { first, _ in first }
        fieldWork = FieldWork(catalog, evaluation.queries, databases: databases)
        wrongFirsts = answers.flatMap { WrongFirsts(catalog, evaluation.queries, answers: $0) }
    }

    /// What to do about an animal, in sentences of Markdown.
    func advice(about whale: String) -> [String] {
        fieldWork.advice(about: whale) + [wrongFirsts?.advice(about: whale, catalog, links)].compactMap(\.self)
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

    /// Whether any of the photographs trained the network, in a word; nil if nothing is known.
    func standing(_ photographs: [Photograph]) -> String? {
        guard !roles.isEmpty else { return nil }
        return photographs.contains { roles[$0.id] == .train } ? "yes" : "no"
    }

    /// The names to check about an animal or one of its photographs.
    func suspects(about whale: String) -> [SuspectList.Entry] { suspects?.entries(about: whale) ?? [] }

    /// The names to check and the confused pairs of an animal with so many photographs, in sentences of Markdown.
    func doubts(of whale: String, photographs: Int) -> [String] {
        let names = suspects.map { list in suspects(about: whale).map { list.sentence($0, links: links) } }
        let pairs = confusedPairs.compactMap { pair -> String? in
            guard pair.whaleID == whale || pair.otherWhaleID == whale else { return nil }
            let isFirst = pair.whaleID == whale
            let (there, back) = isFirst ? (pair.there, pair.back) : (pair.back, pair.there)
            let other = isFirst ? pair.otherWhaleID : pair.whaleID
            let views = pair.isLookAlike ? "\(pair.sameView) of these in one view" : "all across views"
            let text: AnimalText = """
                \(NumberText.counted(there.count, "query", "queries")) returned \(animal: other) first, and \
                \(back.count) of \(animal: other) returned it; \(views).
                """
            return "**\(pair.isLookAlike ? "Look-alike" : "Confused pair").** \(text.markdown)"
        }
        let clear =
            photographs > 1
            ? "No sign that its name is wrong." : "Its name cannot be checked, because it has a single photograph."
        return (names?.isEmpty == true && checksNames ? [clear] : names ?? []) + pairs
    }
}
