import Basics
import Foundation
import Jobs
import Results
import Testing

@testable import Workflow

/// Stages that several processes share, with the worker that was built with these tests, on loopback.
@Suite(.serialized) struct SharedStageTests {
    /// Two members, so that the processes join an ensemble.
    private static let yaml = """
        train:
          members:
            - {name: a, backbone: tf_efficientnet_lite0, weight: 3}
            - {name: b, backbone: tf_efficientnet_lite0}

        """ + MatchTests.match

    /// Performs a stage of a finished run again, in a folder of its own, and returns the bytes of its files.
    private static func files(
        of stage: some Stage, in sandbox: Sandbox, settings: [String] = [], by worker: Worker
    ) async throws -> [String: Data] {
        let project = try sandbox.project(settings: settings)
        let inspector = try await project.inspector(of: [stage.name])
        let node = try #require(inspector.graph.nodes.first { $0.stage == stage.name })
        let folder = sandbox.root.appending(path: "again-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let workspace = Workspace(
            node: node, folder: folder, worker: worker, backend: nil, card: nil, precision: .float32,
            checkpoints: .init(), buildsOnImport: false, progress: { _ in }, message: { _ in })
        _ = try await stage.perform(
            project.configuration, weights: project.weights, upstream: inspector.upstreamFolders(of: node), workspace)
        return try bytes(of: stage, in: folder)
    }

    private static func bytes(of stage: some Stage, in folder: URL) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in stage.outputs + stage.optionalOutputs {
            let url = folder.appending(path: name)
            if FileManager.default.fileExists(atPath: url.path) { files[name] = try Data(contentsOf: url) }
        }
        return files
    }

    /// The result of a run, whose stages one process performed.
    private static func result(
        of stage: some Stage, in sandbox: Sandbox, settings: [String] = []
    ) async throws -> [String: Data] {
        let project = try sandbox.project(settings: settings)
        _ = try await project.run(observer: SilentObserver())
        let inspector = try await project.inspector(of: [stage.name])
        let node = try #require(inspector.graph.nodes.first { $0.stage == stage.name })
        return try bytes(of: stage, in: await project.results(of: node))
    }

    private static func worker(_ processes: Int) -> Worker {
        var worker = Worker(at: Bundle.main.bundleURL.appending(path: "whalebook-worker"))
        worker.crew = .here(processes)
        return worker
    }

    @Test(arguments: [2, 3]) func `Processes that share a search write the bytes of one`(count: Int) async throws {
        let sandbox = try MatchTests().sandbox(Self.yaml)
        let one = try await Self.result(of: SearchStage(), in: sandbox)
        #expect(one[SearchFiles.neighbours.name]?.isEmpty == false)
        #expect(try await Self.files(of: SearchStage(leastShared: 0), in: sandbox, by: Self.worker(count)) == one)
    }

    @Test func `Processes share a search only if it is long enough`() async throws {
        let sandbox = try MatchTests().sandbox(Self.yaml)
        let one = try await Self.result(of: SearchStage(), in: sandbox)
        let inspector = try await sandbox.project().inspector(of: [.search])
        let node = try #require(inspector.graph.nodes.first { $0.stage == .search })
        let split = try #require(inspector.upstreamFolders(of: node).first { $0.node.stage == .split }?.folder)
        let size = try SplitFiles.scenarios.read(in: split).scenarios.pairs * 2 * Sandbox.embeddings(noise: 1).columns
        // This worker cannot share anything.
        var worker = sandbox.worker
        worker.crew = .here(2)
        try sandbox.behave("exit")
        #expect(try await Self.files(of: SearchStage(leastShared: size + 1), in: sandbox, by: worker) == one)
        await #expect(throws: WorkerError.self) {
            try await Self.files(of: SearchStage(leastShared: size), in: sandbox, by: worker)
        }
    }

    @Test(arguments: [2, 3], [[], ["match.shortlist=5"]])
    func `Processes that share the matching of marks write the bytes of one`(
        count: Int, settings: [String]
    ) async throws {
        let sandbox = try MatchTests().sandbox(Self.yaml)
        let one = try await Self.result(of: MatchStage(), in: sandbox, settings: settings)
        #expect(one.keys.sorted() == ["calibration.npy", "match.json", "scores.npy"])
        let shared = try await Self.files(
            of: MatchStage(), in: sandbox, settings: settings, by: Self.worker(count))
        #expect(shared == one)
    }
}
