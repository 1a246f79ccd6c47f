import Basics
import Catalog
import Evaluation
import Foundation
import Results
import Testing

@testable import Workflow

@Suite struct SweepTests {
    @Test func `The sweep measures every choice on the validation, and none for comparison`() async throws {
        let sandbox = try Sandbox(yaml: "sweep: {neighbours: [3, 1], alpha: [2, 0]}\n")
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let folder = try await project.results(of: Node(.sweep, seed: 1, fold: 0))
        let sweep = try SweepFiles.choices.read(in: folder)
        #expect(sweep.rows.map(\.neighbours) == [0, 1, 1, 3, 3])
        #expect(sweep.rows.map(\.alpha) == [0, 0, 2, 0, 2])
        #expect(sweep.rows.allSatisfy { $0.map > 0 && $0.map < 1 })
        #expect(Set(sweep.rows.map(\.map)).count > 1)
        #expect(sweep.queries > 0)
        #expect(try SweepFiles.summary.read(in: folder) == SweepSummary(sweep))
    }

    @Test func `The sweep does not use the test, and no encounter is on both sides`() async throws {
        let sandbox = try Sandbox()
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let split = try Split.read(
            try await project.results(of: Node(.split, fold: 0)).appending(path: SplitFiles.split.name))
        let catalog = try project.configuration.resolvedData.catalog()
        let scenario = try #require(try Scenario.validation(catalog, split))
        let validating = Set(split.images(.validation))
        let known = validating.union(split.images(.train))
        #expect(scenario.queries.allSatisfy { validating.contains($0.imageID) })
        #expect(known.isSuperset(of: scenario.database))
        let asking = Set(scenario.queries.compactMap { catalog[$0.imageID]?.encounterID })
        #expect(scenario.database.allSatisfy { id in catalog[id]?.encounterID.map(asking.contains) == false })
    }

    @Test func `Without an answerable validation photograph there is no sweep and no failure`() async throws {
        // One photograph of each animal is in the validation, and its encounter is the only one outside the test.
        let sandbox = try Sandbox(yaml: "split: {kind: individual, folds: 2}\n")
        let pod = sandbox.root.appending(path: "pod")
        let photographs = try Catalog.read(pod).photographs.map { photograph in
            Photograph(
                id: photograph.id, path: photograph.path, height: photograph.height, width: photograph.width,
                viewpoint: photograph.viewpoint, date: photograph.date, whaleID: photograph.whaleID,
                encounterID: "e-\(photograph.whaleID ?? "")")
        }
        try Catalog(directory: pod, photographs: photographs).writeMetadata()
        let project = try sandbox.project(settings: ["scenarios=[{name: all, same-encounter: true}]"])
        _ = try await project.run(observer: SilentObserver())
        let folder = try await project.results(of: Node(.sweep, seed: 1, fold: 0))
        #expect(try SweepFiles.choices.read(in: folder).rows == [])
    }
}
