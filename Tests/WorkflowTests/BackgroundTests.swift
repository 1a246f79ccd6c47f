import Basics
import Catalog
import Evaluation
import Foundation
import Jobs
import Results
import Testing

@testable import Workflow

/// The check of what else than the animal a network recognises. The sandbox's worker gives the photographs' own
/// embeddings for the animals alone, and those before training for the backgrounds alone.
@Suite struct BackgroundTests {
    private static let yaml = "background: {check: on}\n"
    private static let node = Node(.background, member: "lite0", seed: 1, fold: 0)

    private func ran(_ sandbox: Sandbox, settings: [String] = []) async throws -> [String] {
        let witness = Witness()
        _ = try await sandbox.project(settings: settings).run(observer: witness)
        return witness.ran
    }

    /// A pod seen from both sides, optionally with boxes, and a worker that answers each photograph's own embedding for
    /// its mirror image.
    private func sandbox(boxes: Bool) async throws -> Sandbox {
        let sandbox = try Sandbox()
        let directory = sandbox.root.appending(path: "pod")
        let catalog = try Catalog.read(directory)
        try Catalog(
            directory: directory,
            photographs: catalog.photographs.map { photograph in
                Photograph(
                    id: photograph.id, path: photograph.path, height: 64, width: 64,
                    box: boxes ? PixelBox(x: 8, y: 8, width: 40, height: 40) : nil,
                    viewpoint: photograph.id.hasSuffix("-5") ? .right : photograph.viewpoint, date: photograph.date,
                    whaleID: photograph.whaleID, encounterID: photograph.encounterID)
            }
        ).writeMetadata()
        let project = try sandbox.project()
        _ = try await project.run(RunOptions(stages: [.split]), observer: SilentObserver())
        let untrained = try await untrained(project)
        let embeddings = Sandbox.embeddings(noise: 1.4)
        let values = untrained.flatMap { id -> [Float] in
            let row = catalog.position(of: id) ?? 0
            return Array(embeddings.values[row * embeddings.columns..<(row + 1) * embeddings.columns])
        }
        try NPYMatrix(rows: untrained.count, columns: embeddings.columns, values: values)
            .write(to: sandbox.root.appending(path: "bin/mirrored.npy"))
        return sandbox
    }

    /// The photographs that do not train, in the order of the catalogue.
    private func untrained(_ project: Project) async throws -> [String] {
        let split = try SplitFiles.split.read(in: await project.results(of: Node(.split, fold: 0)))
        let trained = Set(split.images(.train))
        return try project.configuration.resolvedData.catalog().photographs.map(\.id).filter { !trained.contains($0) }
    }

    private func evaluation(_ project: Project) async throws -> EvaluationResult {
        try EvaluateFiles.evaluation.read(in: await project.results(of: Node(.evaluate)))
    }

    @Test func `Without the check no key contains its option, and turning it off explicitly changes nothing`()
        async throws
    {
        let sandbox = try Sandbox()
        #expect(try await !ran(sandbox).contains("background"))
        let project = try sandbox.project()
        for status in try await project.status().nodes {
            let cacheKey = try #require(status.cacheKey)
            #expect(!cacheKey.json.canonicalText.contains("background"), "\(status.node.name)")
        }
        let result = try await evaluation(project)
        #expect(result.background == nil && result.laterality == nil)
        try sandbox.configure("background: {check: off}\n")
        #expect(try await ran(sandbox) == [])
        let error = try await #require(throws: WorkflowError.noBackgroundCheck) {
            _ = try await project.run(RunOptions(stages: [.background]), observer: SilentObserver())
        }
        #expect(error.description.contains("write background: {check: on}"))
    }

    @Test func `Queries are ranked by the whole photograph, the animal and the background`() async throws {
        let sandbox = try await sandbox(boxes: true)
        _ = try await ran(sandbox)
        try sandbox.configure(Self.yaml)
        #expect(try await ran(sandbox) == ["background", "evaluate"])
        let project = try sandbox.project()
        let folder = try await project.results(of: Self.node)
        let rows = try BackgroundFiles.rows.read(in: folder)
        let search = try await project.results(of: Node(.search, seed: 1, fold: 0))
        let ranks = try SearchFiles.ranks.read(in: search).byQuery.mapValues { $0.map(\.rank).sorted() }
        #expect(!rows.isEmpty && rows.count == ranks.count)
        let split = try await project.results(of: Node(.split, fold: 0))
        let scenarios = try SplitFiles.scenarios.read(in: split).scenarios
        let labels = try SplitFiles.labels.read(in: split).answers
        let catalog = try project.configuration.resolvedData.catalog()
        let before = Sandbox.embeddings(noise: 3)
        func cosine(_ one: String, _ other: String) -> Double {
            let places = [one, other].map { (catalog.position(of: $0) ?? 0) * before.columns }
            return (0..<before.columns).reduce(0) {
                $0 + Double(before.values[places[0] + $1]) * Double(before.values[places[1] + $1])
            }
        }
        for row in rows {
            // Every photograph has a box, so the database is the search's.
            #expect(row.everything == ranks[row.queryID] && row.animal == row.everything)
            let scenario = try #require(scenarios.first { $0.id == row.scenario })
            let others = scenario.database.filter { $0 != row.imageID }
            #expect(row.candidates == others.count)
            let ranked = others.sorted { cosine(row.imageID, $0) > cosine(row.imageID, $1) }
            let right = labels[row.queryID] ?? []
            #expect(row.background == ranked.indices.filter { right.contains(ranked[$0]) }.map { $0 + 1 })
        }
        let summary = try BackgroundFiles.summary.read(in: folder)
        #expect(summary.outlined == Sandbox.whales * Sandbox.photographsEach && summary.boxed == 0)
        #expect(summary.queries == rows.count)
        let effect = try #require(try await evaluation(project).background?.first)
        #expect(effect.model == "lite0" && effect.parts.count == 3 && effect.part(.animal)?.change?.difference == 0)
        #expect(try #require(effect.part(.background)?.change).difference < 0)
        #expect(effect.sentence.hasPrefix("With the animal painted out, the correct animal is still first for "))
        // What only the ranking needs is not kept.
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".npy") }
        #expect(kept == [])
    }

    @Test func `Without boxes and outlines only the sides are compared, and the finding says so`() async throws {
        let sandbox = try await sandbox(boxes: false)
        try sandbox.configure(Self.yaml)
        _ = try await ran(sandbox)
        let project = try sandbox.project()
        let result = try await evaluation(project)
        #expect(
            result.background?.map(\.sentence) == [
                "The background was not checked: no photograph has an outline or a box that leaves some background."
            ])
        #expect(try await BackgroundFiles.rows.read(in: project.results(of: Self.node)) == [])
        #expect(result.laterality?.first?.mirror?.mirrored.rounded() == 1)
        #expect(try await project.status().isFresh)
    }

    @Test func `Photographs that did not train are compared with their mirror images and the other side`() async throws
    {
        let sandbox = try await sandbox(boxes: false)
        try sandbox.configure(Self.yaml)
        _ = try await ran(sandbox)
        let project = try sandbox.project()
        let ids = try await untrained(project)
        let rows = try BackgroundFiles.laterality.read(in: await project.results(of: Self.node))
        #expect(rows.map(\.imageID) == ids)
        let catalog = try project.configuration.resolvedData.catalog()
        let embeddings = Sandbox.embeddings(noise: 1.4)
        func cosine(_ one: Photograph, _ other: Photograph) -> Double {
            let places = [one, other].map { (catalog.position(of: $0.id) ?? 0) * embeddings.columns }
            return (0..<embeddings.columns).reduce(0) {
                $0 + Double(embeddings.values[places[0] + $1]) * Double(embeddings.values[places[1] + $1])
            }
        }
        func close(_ one: Double?, _ values: [Double]) -> Bool {
            guard let one else { return values.isEmpty }
            return abs(one - values.reduce(0, +) / Double(values.count)) < 1e-6
        }
        var asked = 0
        for row in rows {
            let own = try #require(catalog[row.imageID])
            #expect(close(row.mirrored, [1]) && row.whaleID == own.whaleID)
            let others = ids.compactMap { catalog[$0] }.filter { $0.id != own.id }
            let same = others.filter { $0.viewpoint == own.viewpoint }
            #expect(close(row.sameAnimal, same.filter { $0.whaleID == own.whaleID }.map { cosine(own, $0) }))
            #expect(close(row.otherAnimals, same.filter { $0.whaleID != own.whaleID }.map { cosine(own, $0) }))
            guard own.viewpoint.isLateral else {
                #expect(row.otherSide == nil && row.sameEncounter == nil)
                continue
            }
            let across = others.filter { $0.viewpoint.isLateral && $0.viewpoint != own.viewpoint }
            let right = across.filter { $0.whaleID == own.whaleID }
            let wrong = across.filter { $0.whaleID != own.whaleID }
            let wins = right.flatMap { one in wrong.map { cosine(own, one) > cosine(own, $0) ? 1.0 : 0 } }
            #expect(close(row.otherSide, wins))
            #expect(close(row.sameEncounter, right.map { $0.encounterID == own.encounterID ? 1 : 0 }))
            asked += wins.isEmpty ? 0 : 1
        }
        #expect(asked > 5)
        let sides = try #require(try await evaluation(project).laterality?.first?.sides)
        #expect(sides.photographs == asked)
    }

    @Test func `The worker paints the photographs of queries and databases and mirrors those that did not train`()
        async throws
    {
        let sandbox = try await sandbox(boxes: true)
        try sandbox.configure(Self.yaml)
        _ = try await ran(sandbox)
        func job() throws -> BackgroundJob {
            let file = sandbox.root.appending(path: "bin/asked-background.json")
            guard case .background(let job) = try JSONDecoder().decode(Job.self, from: Data(contentsOf: file)) else {
                throw CancellationError()
            }
            return job
        }
        let project = try sandbox.project()
        let split = try await project.results(of: Node(.split, fold: 0))
        let scenarios = try SplitFiles.scenarios.read(in: split).scenarios
        let wanted = Set(scenarios.flatMap { $0.queries.map(\.imageID) + $0.database })
        let first = try job()
        #expect(Set(first.painted) == wanted && first.painted.count == wanted.count)
        let drawn = try await untrained(project)
        #expect(first.mirrored == drawn)
        // If embeddings are averaged with those of mirror images, there is nothing to compare.
        try sandbox.configure(Self.yaml + "embed: {mirror: true}\n")
        _ = try await ran(sandbox)
        let averaging = try job()
        #expect(averaging.mirror && averaging.mirrored == [])
        let effect = try #require(try await evaluation(sandbox.project()).laterality?.first)
        #expect(effect.mirror == nil && effect.sentence.hasPrefix("Each embedding is averaged"))
    }

    @Test func `Imported embeddings cannot be checked, and the rest of the run is complete`() async throws {
        let sandbox = try Sandbox(yaml: Self.yaml)
        let file = sandbox.root.appending(path: "mine.npy")
        try Sandbox.embeddings(noise: 0.2).write(to: file)
        _ = try await sandbox.project().importResult(file, member: nil, seed: nil, fold: nil)
        #expect(try await ran(sandbox) == ["split", "measure", "search", "expand", "evaluate", "sweep", "reduce"])
        let result = try await evaluation(sandbox.project())
        #expect(result.background == [] && result.laterality == [])
    }
}
