import Basics
import Catalog
import Foundation
import Results
import Testing

@testable import Workflow

/// The split in commands and documents: its summary, its scenarios as files, its audit over runs.
@Suite struct SplitTaskTests {
    @Test
    func `The summary warns of encounters on both sides of a split by image, and not of a split by encounter`()
        async throws
    {
        let sandbox = try Sandbox()
        func summary(_ settings: String...) async throws -> String {
            let project = try sandbox.project(settings: settings)
            _ = try await project.run(RunOptions(stages: [.split], command: ""), observer: SilentObserver())
            return try await project.splitSummary()
        }
        let torn = try await summary("split.kind=image")
        #expect(torn.contains("warning: ") && torn.contains("share an encounter with a training photograph"))
        #expect(torn.contains("of the photographs in training and validation share an encounter with"))
        let whole = try await summary()
        #expect(!whole.contains("warning: ") && whole.contains("possible leaks"))
        let folds = try await summary("split.fold=[0, 1]")
        #expect(folds.contains("fold 0\n") && folds.contains("fold 1\n"))
    }

    @Test func `Scenarios are written as the competition's files, once`() async throws {
        let sandbox = try Sandbox()
        let rules = "scenarios=[{name: lateral, queries: {viewpoint: left}, database: {viewpoint: top}}, {name: all}]"
        let project = try sandbox.project(settings: [rules])
        _ = try await project.run(RunOptions(stages: [.split], command: ""), observer: SilentObserver())
        let folder = sandbox.root.appending(path: "scenarios")
        #expect(try await project.writeScenarios(to: folder) == [folder])
        let catalog = try Catalog.read(sandbox.root.appending(path: "pod"))
        let scenarios = try ScenarioFiles.read(catalog, in: folder)
        #expect(scenarios.map(\.id) == ["lateral", "all"])
        let result = try await project.results(of: Node(.split, fold: 0))
        #expect(try SplitFiles.scenarios.read(in: result).scenarios == scenarios)
        #expect(
            try Data(contentsOf: folder.appending(path: "labels.csv"))
                == Data(contentsOf: result.appending(path: SplitFiles.labels.name)))
        await #expect(throws: WorkflowError.wouldOverwrite(folder.appending(path: "query_scenarios.csv").path)) {
            try await project.writeScenarios(to: folder)
        }
    }

    @Test func `Photographs without a name are queries without a right match, and count in no mean`() async throws {
        let sandbox = try Sandbox()
        let metadata = sandbox.root.appending(path: "pod/metadata.csv")
        let table = try CSVTable.read(metadata)
        let whale = try table.column("whale_id")
        let rows = table.rows.enumerated().map { row, cells in
            var cells = cells
            if row < 2 { cells[whale] = "" }
            return cells
        }
        try AtomicFile.write(CSVTable.text(header: table.header, rows: rows), to: metadata)
        let project = try sandbox.project(settings: ["split.unknown=queries"])
        _ = try await project.run(observer: SilentObserver())
        let folder = try await project.results(of: Node(.evaluate))
        let queries = try CSVTable.read(folder.appending(path: EvaluateFiles.queries.name))
        let (id, relevant) = (try queries.column("query_image_id"), try queries.column("relevant"))
        let unnamed = queries.rows.filter { $0[id] == rows[0][0] }
        #expect(!unnamed.isEmpty && unnamed.allSatisfy { $0[relevant] == "0" })
        let contract = try #require(
            try JSONValue.read(folder.appending(path: EvaluateFiles.evaluation.name))["contract"])
        let (asked, counted) = (contract["asked"]?.integer ?? 0, contract["queries"]?.integer ?? 0)
        #expect(asked > counted && counted > 0)
        #expect(contract["same_encounter"] == "none is a correct match")
        await #expect(throws: (any Error).self) {
            try await sandbox.project().run(RunOptions(stages: [.split], command: ""), observer: SilentObserver())
        }
    }

    @Test func `The contract gives the number of right matches from their query's encounter`() async throws {
        let sandbox = try Sandbox()
        let rule = "scenarios=[{name: near, same-encounter: true}]"
        let project = try sandbox.project(settings: [rule])
        _ = try await project.run(observer: SilentObserver())
        let evaluation = try await project.results(of: Node(.evaluate)).appending(path: EvaluateFiles.evaluation.name)
        let words = try JSONValue.read(evaluation)[path: "contract.same_encounter"]?.string
        let text = try #require(words?.wholeMatch(of: #/(\d+) of (\d+) correct matches are .*/#))
        let (own, all) = (try #require(Int(text.1)), try #require(Int(text.2)))
        #expect(own > 0 && own < all)
    }

    @Test func `Documents receive runs that differ only in their split side by side`() async throws {
        let sandbox = try Sandbox()
        func ledger(_ settings: String...) async throws -> [String] {
            let project = try sandbox.project(settings: settings)
            _ = try await project.run(observer: SilentObserver())
            return try Ledger(project.store).splitComparisons(project.store)
                .map { "\($0.kind) \($0.run) \($0.training.count)" }
        }
        #expect(try await ledger() == [])
        #expect(try await ledger("split.kind=image", "search.k=7") == [])
        #expect(try await ledger("split.kind=image") == ["image 3 1", "encounter 1 1"])
        #expect(try await ledger("split.kind=individual") == ["image 3 1", "individual 4 1"])
    }
}
