import Basics
import Foundation
import Results
import Testing

@testable import Workflow

@Suite struct RunTests {
    private static let everything = [
        "split", "measure", "train", "embed", "search", "expand", "evaluate", "sweep", "explain", "reduce",
    ]

    private func ran(_ sandbox: Sandbox, _ options: RunOptions = RunOptions(), _ settings: String...) async throws
        -> [String]
    {
        let witness = Witness()
        let project = try sandbox.project(settings: settings)
        _ = try await project.run(options, observer: witness)
        return witness.ran
    }

    @Test func `A run does everything once, and then nothing`() async throws {
        let sandbox = try Sandbox()
        #expect(try await ran(sandbox) == Self.everything)
        #expect(try await ran(sandbox) == [])
        #expect(sandbox.jobs == 4, "a training, an embedding by the trained and by the untrained network, heat maps")
        #expect(try await sandbox.project().status().isFresh)
    }

    @Test func `After an unchanged output nothing downstream runs`() async throws {
        let sandbox = try Sandbox()
        _ = try await ran(sandbox)
        #expect(try await ran(sandbox, RunOptions(stages: [.embed], force: true)) == ["embed"])
        #expect(try await sandbox.project().status().isFresh)
    }

    @Test func `A changed option runs the stages that read it, and changing it back runs nothing`() async throws {
        let sandbox = try Sandbox()
        _ = try await ran(sandbox)
        try sandbox.configure("expand: []\n")
        let stale = try await sandbox.project().status().nodes.filter { $0.state != .fresh }
        #expect(stale.map(\.node.stage) == [.expand, .evaluate, .explain])
        #expect(stale.first?.reason.contains("expand.0.kind alpha-qe -> none") == true, "\(stale.map(\.reason))")
        #expect(try await ran(sandbox) == ["expand", "evaluate", "explain"])
        try sandbox.configure("")
        #expect(try await ran(sandbox) == [])
    }

    @Test func `A variant does not change the main run`() async throws {
        let sandbox = try Sandbox()
        _ = try await ran(sandbox)
        #expect(try await ran(sandbox, RunOptions(), "search.k=5") == ["search", "expand", "evaluate", "explain"])
        #expect(try await sandbox.project().status().isFresh)
    }

    @Test func `Touching a file runs nothing, replacing a photograph runs the stages that read it`() async throws {
        let sandbox = try Sandbox()
        _ = try await ran(sandbox)
        let photograph = sandbox.root.appending(path: "pod/images/p0-0.jpg")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: photograph.path)
        #expect(try await ran(sandbox) == [])
        try AtomicFile.write("another photograph", to: photograph)
        let status = try await sandbox.project().status().nodes.first { $0.node.stage == .train }
        #expect(status?.reason == "data: 1 photograph changed")
        // The sandbox's worker gives the same results, so nothing downstream changes.
        #expect(try await ran(sandbox) == ["measure", "train", "embed", "explain"])
    }

    @Test func `Changed photographs are read again in spite of the memory`() async throws {
        let sandbox = try Sandbox()
        for photograph in try FileManager.default.contentsOfDirectory(
            at: sandbox.root.appending(path: "pod/images"), includingPropertiesForKeys: nil)
        {
            // Old enough that a change would be detected.
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: photograph.path)
        }
        _ = try await ran(sandbox)
        let store = try sandbox.project().store
        let memory = try Data(contentsOf: store.photographMemory)
        #expect(try PhotographMemory(in: store)?.holds(in: sandbox.root.appending(path: "pod")) == true)
        for damaged in [Data(), memory.dropLast(3), Data("x".utf8) + memory] {
            try damaged.write(to: store.photographMemory)
            #expect(try await sandbox.project().status().isFresh)
        }
        #expect(try Data(contentsOf: store.photographMemory) == memory, "newly read digests are remembered")

        let (first, second) = ("pod/images/p0-0.jpg", "pod/images/p0-1.jpg")
        let paths = [first, second].map { sandbox.root.appending(path: $0) }
        let contents = try paths.map { try Data(contentsOf: $0) }
        for (path, data) in zip(paths, contents.reversed()) { try AtomicFile.write(data, to: path) }
        let status = try await sandbox.project().status().nodes.first { $0.node.stage == .train }
        #expect(status?.reason == "data: 2 photographs changed")
        try FileManager.default.removeItem(at: paths[0])
        await #expect { try await sandbox.project().status() } throws: { "\($0)".contains("p0-0.jpg") }
        try store.forgetDigests()
        #expect(!FileManager.default.fileExists(atPath: store.photographMemory.path))
    }

    @Test func `Adding a seed trains only that seed, and evaluate gives the spread`() async throws {
        let sandbox = try Sandbox()
        let first = Witness(), second = Witness()
        _ = try await sandbox.project().run(observer: first)
        #expect(first.secondsLeft.first == .some(nil), "nothing of any stage ever ran")
        try sandbox.configure("seeds: [1, 2]\n")
        _ = try await sandbox.project().run(observer: second)
        // The same animals are mistaken for each other, so their heat maps stay.
        #expect(second.ran == ["train", "embed", "search", "expand", "evaluate", "sweep"])
        #expect(second.secondsLeft.count == 6 && second.secondsLeft.allSatisfy { $0 != nil })
        let folder = try await sandbox.project().results(of: Node(.evaluate))
        let seeds = try JSONValue.read(folder.appending(path: "evaluation.json"))[path: "pooled.seeds"]
        #expect(seeds?["values"]?.array?.count == 2)
        // Both seeds have the same embeddings here.
        #expect(seeds?["deviation"]?.double == 0)
    }

    @Test func `Adding a fold trains only that fold, and its spread is not that of the seeds`() async throws {
        let sandbox = try Sandbox()
        _ = try await ran(sandbox)
        try sandbox.configure("split: {fold: [0, 2]}\n")
        #expect(try await ran(sandbox) == ["split", "train", "embed", "search", "expand", "evaluate", "sweep"])
        let folder = try await sandbox.project().results(of: Node(.evaluate))
        let pooled = try JSONValue.read(folder.appending(path: "evaluation.json"))["pooled"]
        #expect(pooled?[path: "seeds.values"]?.array?.count == 1 && pooled?[path: "seeds.deviation"] == .null)
        #expect(pooled?[path: "folds.values"]?.array?.count == 2)
        try sandbox.configure("split: {fold: all}\n")
        let trainings = try await sandbox.project().status().nodes.filter { $0.node.stage == .train }
        #expect(trainings.map(\.state) == [.fresh, .missing, .fresh, .missing, .missing])
    }

    @Test func `A damaged result is reported and made again`() async throws {
        let sandbox = try Sandbox()
        _ = try await ran(sandbox)
        let folder = try await sandbox.project().results(of: Node(.search, seed: 1, fold: 0))
        try AtomicFile.write("scenario\n", to: folder.appending(path: "neighbors.csv"))
        let status = try await sandbox.project().status().nodes.first { $0.node.stage == .search }
        #expect(status?.state == .stale)
        #expect(status?.reason.contains("damaged in the store: neighbors.csv") == true)
        #expect(try await ran(sandbox) == ["search"])
        #expect(try await sandbox.project().status().isFresh)
    }

    @Test func `Only one run works at a time, and the other's error names its owner`() async throws {
        let sandbox = try Sandbox()
        let project = try sandbox.project()
        let lock = try RunLock(project.store)
        await #expect {
            try await project.run(observer: SilentObserver())
        } throws: {
            "\($0)".contains("process \(ProcessInfo.processInfo.processIdentifier)")
        }
        #expect(try await project.status().running?.contains("process") == true)
        withExtendedLifetime(lock) {}
    }

    @Test func `The store of a newer version is refused`() async throws {
        let sandbox = try Sandbox()
        try AtomicFile.write(
            "{\"schema\": 99}", to: sandbox.root.appending(path: ".whalebook/projects/whalebook/current.json"))
        await #expect {
            try await sandbox.project().run(observer: SilentObserver())
        } throws: {
            "\($0)".contains("has schema 99")
        }
    }
}
