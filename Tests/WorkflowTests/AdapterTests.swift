import Basics
import Catalog
import Evaluation
import Foundation
import Results
import Testing

@testable import Workflow

@Suite struct AdapterTests {
    private static let bridge = "bridge: {kind: mlp, animals: 2}\n"

    private func ran(_ sandbox: Sandbox, settings: [String] = []) async throws -> [String] {
        let witness = Witness()
        _ = try await sandbox.project(settings: settings).run(observer: witness)
        return witness.ran
    }

    @Test func `Without a bridge no key contains its options, and turning it off explicitly changes nothing`()
        async throws
    {
        let sandbox = try Sandbox()
        let plain = try await ran(sandbox)
        #expect(!plain.contains("bridge"))
        let project = try sandbox.project()
        #expect(project.configuration.tree["bridge"] == nil)
        for status in try await project.status().nodes {
            let cacheKey = try #require(status.cacheKey)
            #expect(!cacheKey.json.canonicalText.contains("bridge"), "\(status.node.name)")
            #expect(status.record?.outputs.keys.contains { $0.contains("bridge") } == false)
        }
        let folder = try await project.results(of: Node(.evaluate))
        #expect(try JSONValue.read(folder.appending(path: EvaluateFiles.evaluation.name))["bridge"] == nil)
        try sandbox.configure("bridge: {kind: off}\n")
        #expect(try await ran(sandbox) == [])
    }

    @Test func `A bridge runs between embedding and search, and changes no ranking`() async throws {
        let sandbox = try Sandbox()
        _ = try await ran(sandbox)
        func rankings() async throws -> [Data] {
            let project = try sandbox.project()
            let search = try await project.results(of: Node(.search, seed: 1, fold: 0))
            let files = [
                SearchFiles.neighbours.name, SearchFiles.ranks.name, SearchFiles.novelty.name,
                SearchFiles.suspects.name,
            ]
            return try files.map { try Data(contentsOf: search.appending(path: $0)) }
        }
        let before = try await rankings()
        try sandbox.configure(Self.bridge)
        #expect(try await ran(sandbox) == ["bridge", "search", "evaluate"])
        #expect(try await rankings() == before)
        let project = try sandbox.project()
        let rows = try SearchFiles.acrossViews.read(in: await project.results(of: Node(.search, seed: 1, fold: 0)))
        #expect(Set(rows.map(\.direction)) == Set(AdapterRow.Direction.allCases))
        // The sandbox's worker maps every photograph onto itself.
        #expect(rows.allSatisfy { $0.plain == $0.bridged })
        let evaluation = try JSONValue.read(
            try await project.results(of: Node(.evaluate)).appending(path: EvaluateFiles.evaluation.name))
        #expect(evaluation[path: "bridge.verdict"] == "cannot be told")
        #expect(evaluation[path: "bridge.both.queries"]?.integer == rows.count)
        let catalog = try project.configuration.resolvedData.catalog()
        for row in rows {
            #expect((catalog[row.imageID]?.viewpoint == .top) == (row.direction == .topLateral))
        }
    }

    @Test func `The evaluation joins several seeds and gives their spread`() async throws {
        let sandbox = try Sandbox(yaml: "seeds: [1, 2, 3]\n" + Self.bridge)
        #expect(try await ran(sandbox).count { $0 == "bridge" } == 3)
        let folder = try await sandbox.project().results(of: Node(.evaluate))
        let evaluation = try JSONValue.read(folder.appending(path: EvaluateFiles.evaluation.name))
        #expect(evaluation[path: "bridge.both.difference.values"]?.numbers == [0, 0, 0])
        #expect(evaluation[path: "bridge.verdict"] == "does not help")
    }

    @Test func `Too few animals seen from both sides are reported and are not a failure`() async throws {
        let sandbox = try Sandbox(yaml: "bridge: {kind: mlp, animals: 100}\n")
        let witness = Witness()
        let project = try sandbox.project()
        _ = try await project.run(observer: witness)
        #expect(sandbox.jobs == 4, "none of them for the bridge")
        let said = try #require(witness.messages.first { $0.contains("no bridge") })
        #expect(said.contains("100 are needed. Add photographs, or lower bridge.animals"))
        let folder = try await project.results(of: Node(.evaluate))
        let evaluation = try JSONValue.read(folder.appending(path: EvaluateFiles.evaluation.name))
        #expect(evaluation[path: "bridge.verdict"] == "not measured")
        #expect(evaluation[path: "bridge.sentence"]?.string?.contains("seen from the top and from the side") == true)
        #expect(try await project.status().isFresh)
    }

    @Test func `A bridge learns only from training photographs of animals seen from both sides`() async throws {
        let sandbox = try Sandbox(yaml: Self.bridge)
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let split = try SplitFiles.split.read(in: await project.results(of: Node(.split, fold: 0)))
        let catalog = try project.configuration.resolvedData.catalog()
        // Rows in a different order from the catalogue's, without one unreadable photograph.
        let ids = Array(catalog.photographs.map(\.id).reversed().dropLast())
        let animals = AdapterStage.animals(seenFromBothSides: catalog, split: split, ids: ids)
        let training = Set(split.images(.train))
        let used = animals.flatMap { $0.top + $0.lateral }.map { ids[$0] }
        #expect(!used.isEmpty && Set(used).isSubset(of: training))
        #expect(Set(used).count == used.count)
        for animal in animals {
            let own = (animal.top + animal.lateral).map { catalog[ids[$0]] }
            #expect(Set(own.map { $0?.whaleID }).count == 1)
            #expect(animal.top.allSatisfy { catalog[ids[$0]]?.viewpoint == .top })
            #expect(animal.lateral.allSatisfy { catalog[ids[$0]]?.viewpoint == .left })
            #expect(!animal.top.isEmpty && !animal.lateral.isEmpty)
        }
        let facts = try JSONValue.read(
            try await project.results(of: Node(.bridge, member: "lite0", seed: 1, fold: 0))
                .appending(path: AdapterFiles.summary.name))
        #expect(facts["animals"]?.integer == animals.count)
    }

    @Test func `Running a bridge that is not configured is an error that says how to configure it`() async throws {
        let sandbox = try Sandbox()
        let project = try sandbox.project()
        let error = try await #require(throws: WorkflowError.noAdapter) {
            _ = try await project.run(RunOptions(stages: [.bridge]), observer: SilentObserver())
        }
        #expect(error.description.contains("write bridge: {kind: mlp}"))
    }

    @Test func `The bridge's training options make it stale, its weight only the search`() async throws {
        let sandbox = try Sandbox(yaml: Self.bridge)
        _ = try await ran(sandbox)
        #expect(try await ran(sandbox, settings: ["bridge.weight=0.75"]) == ["search"])
        #expect(try await ran(sandbox, settings: ["bridge.steps=7"]).first == "bridge")
        #expect(try await ran(sandbox) == [])
    }
}
