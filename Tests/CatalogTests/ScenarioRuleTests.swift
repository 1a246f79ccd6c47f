import Basics
import Foundation
import Testing

@testable import Catalog

@Suite struct ScenarioRuleTests {
    /// Scenarios like those of the test set, from photographs of any role.
    static let competition: [ScenarioRule] = {
        func rule(
            _ name: String, _ queries: Set<Viewpoint>, _ database: Set<Viewpoint>, years: ScenarioRule.Years = .all
        ) -> ScenarioRule {
            let roles: Set<Role> = [.train, .validation, .test]
            return ScenarioRule(name: name) {
                $0.queries.viewpoints = queries
                $0.queries.roles = roles
                $0.database.viewpoints = database
                $0.database.roles = roles
                $0.years = years
            }
        }
        let lateral: Set<Viewpoint> = [.left, .right]
        return [
            rule("top", [.top], [.top]), rule("top-year", [.top], [.top], years: .same),
            rule("top-earlier", [.top], [.top], years: .earlier), rule("lateral-top", lateral, [.top]),
            rule("top-lateral", [.top], lateral), rule("left-left", [.left], [.left]),
            rule("left-right", [.left], [.right]),
        ]
    }()

    /// Photographs `id whale encounter viewpoint date`; an id beginning with `t` trains, with `x` is left out.
    private static func pod(_ lines: String...) -> (catalog: Catalog, split: Split) {
        let photographs = lines.map { line in
            let cells = line.split(separator: " ").map(String.init)
            func cell(_ position: Int) -> String? { cells[position] == "-" ? nil : cells[position] }
            return Photograph(
                id: cells[0], path: "\(cells[0]).jpg", viewpoint: Viewpoint(cells[3]), date: cell(4), whaleID: cell(1),
                encounterID: cell(2))
        }
        let rows = photographs.map { photograph in
            Split.Row(
                imageID: photograph.id, whaleID: photograph.whaleID ?? "", fold: nil,
                role: photograph.id.hasPrefix("t") ? .train : photograph.id.hasPrefix("x") ? .none : .test)
        }
        return (Catalog(directory: URL(filePath: "/nowhere"), photographs: photographs), Split(rows: rows))
    }

    private static func scenarios(
        _ pod: (catalog: Catalog, split: Split), _ rules: ScenarioRule..., distractors: Set<String> = []
    ) throws -> [Scenario] {
        try ScenarioBuilder(pod.catalog, split: pod.split, distractors: distractors).scenarios(by: rules).scenarios
    }

    private static let years = pod(
        "a1 A a-1 top 2018-07-01", "a2 A a-2 top 2018-08-01", "a3 A a-3 top 2019-07-01", "b1 B b-1 top 2019-07-01",
        "b2 B b-1 top 2019-07-01", "ta A a-4 top 2017-06-01", "x1 A a-5 top 2017-06-01", "c1 C c-1 left 2019-01-01")

    @Test func `Queries are test photographs; the database has every role but no encounter of a query`() throws {
        let scenario = try Self.scenarios(Self.years, ScenarioRule(name: "s"))[0]
        // A has training photographs, so all its test encounters hold queries; B and C have one encounter and no match.
        #expect(scenario.queries.map(\.id) == ["s-a1", "s-a2", "s-a3"])
        #expect(scenario.database == ["b1", "b2", "ta", "c1"])
    }

    @Test func `An animal with only test encounters has queries in the last and matches in the others`() throws {
        let rule = ScenarioRule(name: "s") { $0.database.roles = [.test] }
        let scenario = try Self.scenarios(Self.years, rule)[0]
        #expect(scenario.queries.map(\.imageID) == ["a3"])
        #expect(scenario.database == ["a1", "a2", "b1", "b2", "c1"])
    }

    @Test func `If the same encounter is allowed, a photograph is both query and match, but not its own match`()
        throws
    {
        let rule = ScenarioRule(name: "s") {
            $0.database.roles = [.test]
            $0.sameEncounter = true
        }
        let scenario = try Self.scenarios(Self.years, rule)[0]
        #expect(scenario.queries.map(\.imageID) == ["a1", "a2", "a3", "b1", "b2"])
        #expect(scenario.database == ["a1", "a2", "a3", "b1", "b2", "c1"])
        let answers = scenario.answers(in: Self.years.catalog).first { $0.query.imageID == "b1" }?.answers
        #expect(answers == ["b2"])
    }

    @Test func `Each year is compared with itself, or with each earlier one`() throws {
        let same = try Self.scenarios(
            Self.years,
            ScenarioRule(name: "s") {
                $0.database.roles = [.test]
                $0.years = .same
            })
        #expect(same.map(\.id) == ["s-2018"] && same[0].queries.map(\.imageID) == ["a2"])
        #expect(same[0].database == ["a1"])
        let built = try ScenarioBuilder(Self.years.catalog, split: Self.years.split)
            .scenarios(by: [ScenarioRule(name: "s") { $0.years = .earlier }])
        #expect(built.scenarios.map(\.id) == ["s-2018-2017", "s-2019-2017", "s-2019-2018"])
        #expect(built.scenarios.map { $0.queries.map(\.imageID) } == [["a1", "a2"], ["a3"], ["a3"]])
        #expect(built.scenarios.map(\.database) == [["ta"], ["ta"], ["a1", "a2"]])
        #expect(built.notes == [])
    }

    @Test func `An encounter of several animals is entirely in the queries or in the database`() throws {
        let pod = Self.pod(
            "a1 A herd-1 top 2018-01-01", "a2 A herd-2 top 2018-02-01", "b1 B herd-1 top 2018-01-01",
            "b2 B herd-2 top 2018-02-01", "b3 B herd-3 top 2018-03-01")
        let scenario = try Self.scenarios(pod, ScenarioRule(name: "s"))[0]
        let asked = Set(scenario.queries.compactMap { pod.catalog[$0.imageID]?.encounterID })
        let ranked = Set(scenario.database.compactMap { pod.catalog[$0]?.encounterID })
        #expect(asked.isDisjoint(with: ranked))
    }

    @Test func `Photographs without a name are queries without a match and in no database`() throws {
        let pod = Self.pod(
            "a1 A a-1 top 2018-01-01", "a2 A a-2 top 2018-02-01", "u1 - - top 2018-02-01", "u2 - - top 2018-02-01")
        let scenario = try Self.scenarios(pod, ScenarioRule(name: "s"))[0]
        #expect(scenario.queries.map(\.imageID) == ["a2", "u1", "u2"] && scenario.database == ["a1"])
        #expect(scenario.answers(in: pod.catalog).map(\.answers) == [["a1"], [], []])
        #expect(ScenarioBuilder(pod.catalog, split: pod.split).automatic().map(\.queries.count) == [3])
    }

    @Test func `Distractors are in the database and never queries`() throws {
        let pod = Self.pod(
            "a1 A a-1 top 2018-01-01", "a2 A a-2 top 2018-02-01", "d1 D d-1 top 2018-01-01", "d2 D d-2 top 2018-02-01")
        let scenario = try Self.scenarios(pod, ScenarioRule(name: "s"), distractors: ["D"])[0]
        #expect(scenario.queries.map(\.imageID) == ["a2"] && scenario.database == ["a1", "d1", "d2"])
        let automatic = ScenarioBuilder(pod.catalog, split: pod.split, distractors: ["D"]).automatic()[0]
        #expect(automatic.queries == [.init(id: "top-top-a2", imageID: "a2")] && automatic.database.contains("d2"))
    }

    @Test func `A scenario without queries or without matches is reported`() throws {
        let flanks = Self.pod("a1 A a-1 left 2018-01-01", "b1 B b-1 right 2018-01-01")
        #expect(throws: ScenarioError.empty(scenario: "s", queries: 2, database: 2)) {
            try Self.scenarios(flanks, ScenarioRule(name: "s"))
        }
        let builder = ScenarioBuilder(flanks.catalog, split: flanks.split)
        let kept = try builder.scenarios(by: [ScenarioRule(name: "s") { $0.unanswerable = .keep }])
        #expect(kept.notes == [.nothingAnswerable(scenario: "s", queries: 2)])
        let error = #expect(throws: ScenarioError.self) {
            try builder.scenarios(by: [
                ScenarioRule(name: "s") {
                    $0.queries.viewpoints = [Viewpoint("lft")]
                    $0.queries.roles = [.test]
                }
            ])
        }
        #expect(error?.description.contains("'lft', but no photograph has it. Did you mean 'left'?") == true)
    }

    @Test func `Scenarios from rules read back equal with their labels from another folder`() throws {
        let scenarios = try Self.scenarios(
            Self.years, ScenarioRule(name: "all"),
            ScenarioRule(name: "year") {
                $0.years = .earlier
            })
        let folder = FileManager.default.temporaryDirectory.appending(path: "whalebook-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try ScenarioFiles.write(scenarios, of: Self.years.catalog, to: folder)
        #expect(try ScenarioFiles.read(Self.years.catalog, in: folder) == scenarios)
        try AtomicFile.write(
            "scenario_id,queries_path,database_path\nall,../q.csv,databases/all.csv\n",
            to: folder.appending(path: "query_scenarios.csv"))
        let error = #expect(throws: CatalogError.self) { try ScenarioFiles.read(Self.years.catalog, in: folder) }
        #expect(error?.description.contains("query_scenarios.csv:2: the path '../q.csv' leaves the folder") == true)
    }
}
