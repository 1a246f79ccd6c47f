import Basics
import Digests
import Foundation
import Jobs
import Results
import Testing

@testable import Workflow

/// Links in the place of the store's folders, and of the store itself.
@Suite struct StoreLinkTests {
    private static func ran() async throws -> Sandbox {
        let sandbox = try Sandbox(yaml: "explain: {queries: 0}\nreduce: {photographs: 0}\n")
        _ = try await sandbox.project().run(RunOptions(), observer: SilentObserver())
        return sandbox
    }

    /// Every file below a folder with its contents.
    private static func contents(_ folder: URL) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            files[name] = FileManager.default.contents(atPath: folder.appending(path: name).path)
        }
        return files
    }

    /// Moves a folder of the store elsewhere and puts a link to it in its place.
    private static func link(_ path: String, in sandbox: Sandbox) throws -> (link: URL, other: URL) {
        let place = sandbox.root.appending(path: ".whalebook/\(path)"), other = sandbox.root.appending(path: "other")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try FileManager.default.moveItem(at: place, to: other)
        try FileManager.default.createSymbolicLink(at: place, withDestinationURL: other)
        return (place, other)
    }

    @Test(arguments: [
        "cache", "cache/split", "cache/train", "cache/evaluate", "projects", "projects/whalebook",
        "projects/whalebook/runs", "manifests",
    ])
    func `A link in the place of a folder of the store is refused, and nothing changes behind it`(
        path: String
    ) async throws {
        let sandbox = try await Self.ran()
        let (link, other) = try Self.link(path, in: sandbox)
        // Files that a run would remove or overwrite.
        try AtomicFile.write("mine", to: other.appending(path: ".notes.999999999.partial"))
        let before = try Self.contents(other)
        // A new key for everything, so that a run has work to do.
        try sandbox.configure("explain: {queries: 0}\nreduce: {photographs: 0}\nsplit: {unseen: 0.5}\n")
        let project = try sandbox.project()
        let refusal = StoreError.link(path: link.path)
        await #expect(throws: refusal) { try await project.run(RunOptions(), observer: SilentObserver()) }
        // Collection does not need the list of photographs.
        if path != "manifests" {
            #expect(throws: refusal) { try GarbageCollection(project.store).collect() }
        }
        await #expect(throws: refusal) {
            try await project.reportInputs(
                command: "t", layout: ProjectLayout(of: sandbox.root, executable: sandbox.root), versions: [:])
        }
        #expect(try Self.contents(other) == before)
        #expect("\(refusal)".contains("make .whalebook itself the link"))
    }

    @Test func `Links in temporary folders and in work in progress are refused as well`() async throws {
        let sandbox = try Sandbox()
        let store = try sandbox.project().store
        let attempt = Store.Attempt(stage: .train, node: "train", worker: "w", inputs: "i")
        let key = Digest.of("k"), other = sandbox.root.appending(path: "other")
        try AtomicFile.write("mine", to: other.appending(path: "epoch-000001-step-00000001.safetensors"))
        let place = try store.begin(attempt, key: key)
        // A continued attempt, with a folder of checkpoints that leads elsewhere.
        let checkpoints = place.appending(path: "checkpoints")
        try FileManager.default.createSymbolicLink(at: checkpoints, withDestinationURL: other)
        #expect(throws: StoreError.link(path: checkpoints.path)) { try store.begin(attempt, key: key) }
        // A new attempt removes the link, and nothing behind it.
        _ = try store.begin(attempt, key: key, afresh: true)
        #expect(try HeldFolder(other).names() == ["epoch-000001-step-00000001.safetensors"])
        for (name, link) in [
            ("work", store.partialFolder(of: .embed, key: key)), ("result", store.folder(of: .search, key: key)),
        ] {
            try FileManager.default.createDirectory(
                at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: other)
            let stage: StageName = name == "work" ? .embed : .search
            #expect(throws: StoreError.link(path: link.path)) {
                try store.begin(.init(stage: stage, node: name, worker: nil), key: key)
            }
        }
        #expect(try HeldFolder(other).names().count == 1)
    }

    @Test func `The worker's log is not written through a link`() async throws {
        let sandbox = try Sandbox()
        let other = sandbox.root.appending(path: "mine.txt"), log = sandbox.root.appending(path: "node.log")
        try AtomicFile.write("mine", to: other)
        try FileManager.default.createSymbolicLink(at: log, withDestinationURL: other)
        await #expect(throws: FileError.unwritable(path: log.path, reason: SystemWords.link)) {
            try await sandbox.worker.run(.fetch(FetchJob(model: "hf-hub:a/b", part: .weights)), log: log) { _ in }
        }
        #expect(try String(contentsOf: other, encoding: .utf8) == "mine")
        #expect(sandbox.jobs == 0)
    }

    @Test func `The folder of estimates may not be a link either`() async throws {
        let sandbox = try Sandbox()
        let (link, other) = try Self.link("estimates", in: sandbox)
        let project = try sandbox.project()
        let plan = try await project.plan()
        await #expect(throws: StoreError.link(path: link.path)) {
            try await project.estimate(of: plan, observer: SilentObserver())
        }
        #expect(try HeldFolder(other).names().isEmpty)
    }

    @Test func `The store itself may be a link, but not one without a target`() async throws {
        let sandbox = try Sandbox(yaml: "explain: {queries: 0}\nreduce: {photographs: 0}\n")
        let disk = sandbox.root.appending(path: "disk"), store = sandbox.root.appending(path: ".whalebook")
        try FileManager.default.createSymbolicLink(at: store, withDestinationURL: disk)
        let project = try sandbox.project()
        let lost = StoreError.lostLink(path: store.path)
        await #expect(throws: lost) { try await project.run(RunOptions(), observer: SilentObserver()) }
        #expect(throws: lost) { try GarbageCollection(project.store) }
        try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
        _ = try await project.run(RunOptions(), observer: SilentObserver())
        #expect(try await project.status().isFresh)
        #expect(try HeldFolder(disk).names().contains("cache"))
        try GarbageCollection(project.store).collect()
        #expect(try await project.status().isFresh)
    }

    @Test func `A file in the place of a folder is reported`() async throws {
        let sandbox = try Sandbox()
        let place = sandbox.root.appending(path: ".whalebook/cache/split")
        try AtomicFile.write("mine", to: place)
        let project = try sandbox.project()
        await #expect(throws: StoreError.noFolder(path: place.path)) {
            try await project.run(RunOptions(), observer: SilentObserver())
        }
        #expect(try String(contentsOf: place, encoding: .utf8) == "mine")
    }
}
