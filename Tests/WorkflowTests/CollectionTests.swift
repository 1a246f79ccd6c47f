import Basics
import Digests
import Foundation
import Testing

@testable import Workflow

/// What `gc` removes and what it keeps.
@Suite struct CollectionTests {
    private func run(_ sandbox: Sandbox, _ settings: String...) async throws {
        _ = try await sandbox.project(settings: settings).run(RunOptions(), observer: SilentObserver())
    }

    private func write(_ text: String, _ path: String, in sandbox: Sandbox) throws {
        try AtomicFile.write(text, to: sandbox.root.appending(path: ".whalebook/\(path)"))
    }

    private func exists(_ path: String, in sandbox: Sandbox) -> Bool {
        FileManager.default.fileExists(atPath: sandbox.root.appending(path: ".whalebook/\(path)").path)
    }

    @Test func `Files that the store did not write are kept and counted`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        let unused = Digest.of("unused"), backup = Digest.of("backup"), old = Digest.of("old")
        let foreign = [
            "cache/notes.txt", "cache/mine/file", "cache/train/notes.txt", "cache/train/\(backup).zip",
            "cache/train/before the change/model.safetensors", "cache/train/\(unused)/my notes.txt",
        ]
        for path in foreign { try write("mine", path, in: sandbox) }
        for path in ["cache/train/\(unused)/model.json", "cache/train/\(old)/model.json"] {
            try write("{}", path, in: sandbox)
        }
        try write("half", "cache/embed/\(unused).partial/embeddings.npy", in: sandbox)
        try write("half", "cache/embed/import.partial/embeddings.npy", in: sandbox)
        let collection = try GarbageCollection(sandbox.project().store)
        #expect(collection.foreign.count == foreign.count, "\(collection.foreign)")
        #expect(collection.items.count == 4, "\(collection.items)")
        try collection.collect()
        for path in foreign { #expect(exists(path, in: sandbox), "\(path)") }
        for path in ["train/\(unused)/model.json", "train/\(old)", "embed/\(unused).partial", "embed/import.partial"] {
            #expect(!exists("cache/\(path)", in: sandbox), "\(path)")
        }
        #expect(try await sandbox.project().status().isFresh)
    }

    @Test(arguments: ["cache", "cache/train", "cache/train/KEY"])
    func `A link in the place of a folder of the store is refused, and nothing behind it is removed`(
        place: String
    ) async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        let key = Digest.of("elsewhere")
        let place = place.replacing("KEY", with: key)
        let link = sandbox.root.appending(path: ".whalebook/\(place)")
        let other = sandbox.root.appending(path: "other")
        let file = "cache/train/\(key)/model.json".dropFirst(place.count)
        try AtomicFile.write("mine", to: other.appending(path: String(file)))
        try? FileManager.default.removeItem(at: link)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: other)
        let store = try sandbox.project().store
        #expect(throws: StoreError.link(path: link.path)) { try GarbageCollection(store) }
        #expect(FileManager.default.fileExists(atPath: other.appending(path: String(file)).path))
    }

    @Test(arguments: ["{\"nodes\": {\"tra", "", "{}", "[]", "{\"schema\": 1, \"nodes\": {\"a\": \"../..\"}}"])
    func `Status, run and collection refuse a damaged list of the last run's results`(text: String) async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        try FileManager.default.removeItem(at: sandbox.root.appending(path: ".whalebook/projects/whalebook/runs"))
        try write(text, "projects/whalebook/current.json", in: sandbox)
        let project = try sandbox.project()
        #expect { try GarbageCollection(project.store) } throws: { "\($0)".contains("current.json") }
        await #expect { try await project.status() } throws: { "\($0)".contains("current.json") }
        await #expect { try await run(sandbox) } throws: { "\($0)".contains("current.json") }
    }

    @Test(arguments: ["current", "unfinished", "imports"])
    func `An unreadable file of the store is reported as unreadable, not as damaged`(name: String) async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        let file = sandbox.root.appending(path: ".whalebook/projects/whalebook/\(name).json")
        try? FileManager.default.removeItem(at: file)
        mkfifo(file.path, 0o600)
        let refusal = FileError.unreadable(path: file.path, reason: "it is not a regular file")
        await #expect(throws: refusal) { try await run(sandbox) }
        #expect(throws: refusal) { try GarbageCollection(sandbox.project().store) }
    }

    @Test func `A newer list of the last run's results is refused`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        try write("{\"schema\": 99, \"nodes\": []}", "projects/other/current.json", in: sandbox)
        let store = try sandbox.project().store
        #expect(throws: WorkflowError.newerStore(path: store.folder.path, schema: 99, known: CacheKey.schema)) {
            try GarbageCollection(store)
        }
    }

    @Test func `The finished results of a run with --set are kept until that run finishes`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        try sandbox.behave("fail")
        // Its split is new; its training fails.
        await #expect(throws: StageFailure.self) { try await run(sandbox, "split.unseen=0.5") }
        let store = try sandbox.project().store
        try FileManager.default.removeItem(at: store.runsFolder.appending(path: "000002.json"))
        func splits() throws -> Int { try HeldFolder(store.folder(of: .split, key: "")).names().count }
        let before = try splits()
        try GarbageCollection(store).collect()
        #expect(try splits() == before)
        try sandbox.behave("work")
        try await run(sandbox, "split.unseen=0.5")
        try GarbageCollection(store).collect()
        #expect(try splits() == before - 1)
        try write("{", "projects/whalebook/unfinished.json", in: sandbox)
        #expect(throws: FileError.self) { try GarbageCollection(store) }
    }

    @Test func `The only good result after a crash between two renames is kept`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        let store = try sandbox.project().store
        let key = try #require(try store.currentKeys()["train lite0 seed 1 fold 0"])
        let place = store.folder(of: .train, key: key)
        try FileManager.default.moveItem(at: place, to: URL(filePath: place.path + ".old"))
        try GarbageCollection(store).collect()
        #expect(exists("cache/train/\(key).old", in: sandbox))
    }
}
