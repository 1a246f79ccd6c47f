import Basics
import Digests
import Foundation
import Results
import Testing

@testable import Workflow

@Suite struct StoreTests {
    private func run(_ sandbox: Sandbox, _ options: RunOptions = RunOptions(), _ settings: String...) async throws {
        _ = try await sandbox.project(settings: settings).run(options, observer: SilentObserver())
    }

    @Test func `Collection keeps the present state, the previous run and tagged runs`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        try await run(sandbox, RunOptions(tag: "kept"), "search.k=5")
        try await run(sandbox, RunOptions(), "search.k=6")
        let store = try sandbox.project().store
        let collection = try GarbageCollection(store)
        // The untagged variant's search, expansion, evaluation and heat maps.
        #expect(collection.items.count == 4 && collection.kept == 14)
        #expect(collection.bytes > 0)
        try collection.collect()
        #expect(try GarbageCollection(store).items.isEmpty)
        #expect(try await sandbox.project().status().isFresh)
        let ledger = try Ledger(store)
        _ = try RunComparison(ledger.run(named: "current"), ledger.run(named: "kept"), store: store, intersects: true)
        let (current, gone) = (try ledger.run(named: "1"), try ledger.run(named: "3"))
        #expect { try RunComparison(current, gone, store: store, intersects: true) } throws: {
            "\($0)".contains("no longer in the store")
        }
    }

    @Test func `The lock file describes the current results, and changes only with them`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        let url = sandbox.root.appending(path: "whalebook.lock")
        let lock = try JSONValue.read(url)
        let nodes = try #require(lock["nodes"]?.object)
        #expect(nodes.count == 10)
        let evaluate = try #require(nodes["evaluate"])
        let status = try #require(try await sandbox.project().status().nodes.first { $0.node.stage == .evaluate })
        #expect(evaluate["key"]?.string == status.key && evaluate["map"]?.double != nil)
        let before = FileStamp(path: url.path)
        try await run(sandbox, RunOptions(stages: [.search], force: true))
        try await run(sandbox, RunOptions(tag: "x"), "search.k=5")
        #expect(FileStamp(path: url.path) == before)
    }

    @Test(arguments: ["2300-01-01", "1650-01-01", "1969-12-31"])
    func `A file from a year beyond the range of nanoseconds is read like any other`(day: String) throws {
        let sandbox = try Sandbox()
        let store = try sandbox.project().store
        let file = sandbox.root.appending(path: "whalebook.yaml")
        let touch = Process()
        touch.executableURL = URL(filePath: "/usr/bin/touch")
        touch.arguments = ["-d", day, file.path]
        try touch.run()
        touch.waitUntilExit()
        var digests = try FileDigests(rememberedAt: store.digestsFile, in: store, root: sandbox.root)
        #expect(try digests.digest(of: file.path) == Digest.ofContents(of: file.path))
        #expect(try digests.digest(of: file.path) == Digest.ofContents(of: file.path))
    }

    @Test func `An existing but unreadable file has the substitute digest`() throws {
        let sandbox = try Sandbox()
        let store = try sandbox.project().store
        var digests = try FileDigests(rememberedAt: store.digestsFile, in: store, root: sandbox.root)
        // Its first page is not mapped, so that reading fails for every user.
        #expect(throws: FileError.self) { try digests.digests(of: ["/proc/self/mem"]) }
        #expect(try digests.digests(of: ["/proc/self/mem"], unreadable: "none") == ["none"])
        #expect(throws: FileError.self) { try digests.digests(of: ["/proc/self/none"], unreadable: "none") }
    }

    @Test func `Damaged digests are forgotten`() throws {
        let sandbox = try Sandbox()
        let store = try sandbox.project().store
        let file = sandbox.root.appending(path: "pod/metadata.csv"), memory = store.digestsFile
        let digest = try Digest.ofContents(of: file.path)
        var digests = try FileDigests(rememberedAt: memory, in: store, root: sandbox.root)
        digests.remember(digest, of: file.path)
        try digests.save()
        let text = try String(contentsOf: memory, encoding: .utf8)
        #expect(text.contains(digest))
        try AtomicFile.write(text.replacing(digest, with: String(digest.reversed())), to: memory)
        digests = try FileDigests(rememberedAt: memory, in: store, root: sandbox.root)
        #expect(try digests.digest(of: file.path) == digest)
    }

    @Test func `Configurations in one folder share results but not their memory`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        let other = sandbox.root.appending(path: "other.yaml")
        try AtomicFile.write("data: pod\nexpand: []\n", to: other)
        let project = try Project(.read(other), worker: sandbox.worker)
        let summary = try await project.run(observer: SilentObserver())
        #expect(summary.ran.map(\.stage) == [.expand, .evaluate, .explain])
        #expect(try Ledger(project.store).entries.map(\.number) == [1])
        #expect(try await sandbox.project().status().isFresh)
        #expect(try GarbageCollection(project.store).items.isEmpty)
    }

    @Test func `A moved project is still fresh`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        let place = sandbox.root.deletingLastPathComponent().appending(path: "moved-\(UUID().uuidString)")
        try FileManager.default.moveItem(at: sandbox.root, to: place)
        defer { try? FileManager.default.removeItem(at: place) }
        let moved = try Project(
            try .read(place.appending(path: "whalebook.yaml")),
            worker: Worker(at: place.appending(path: "bin/whalebook-worker")))
        #expect(try await moved.status().isFresh)
    }

    @Test func `Collection keeps imported results, and refuses to run if a run cannot be read`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        let file = sandbox.root.appending(path: "mine.npy")
        try Sandbox.embeddings(noise: 0.2).write(to: file)
        let project = try sandbox.project()
        _ = try await project.importResult(file, member: nil, seed: nil, fold: nil)
        try GarbageCollection(project.store).collect()
        try await run(sandbox)
        #expect(try await project.status().isFresh)

        let entry = project.store.runsFolder.appending(path: "000001.json")
        try AtomicFile.write("{", to: entry)
        #expect(throws: LedgerError.unreadable(path: entry.path)) { try GarbageCollection(project.store) }
        try await run(sandbox, RunOptions(reason: "after the damage"))
        #expect(try Ledger(project.store).entries.map(\.number) == [2, 3])
    }

    @Test func `An imported result that is no longer in the store is reported with a remedy`() async throws {
        let sandbox = try Sandbox()
        let file = sandbox.root.appending(path: "mine.npy")
        try Sandbox.embeddings(noise: 0.2).write(to: file)
        let project = try sandbox.project()
        let node = try await project.importResult(file, member: nil, seed: nil, fold: nil)
        try FileManager.default.removeItem(at: try await project.results(of: node))
        let status = try #require(try await project.status().nodes.first { $0.node == node })
        #expect(status.state == .failed && status.reason.contains("import --forget"))
        await #expect { try await run(sandbox) } throws: { "\($0)".contains("import --forget") }
    }

    @Test func `A comparison does not read a changed file`() async throws {
        let sandbox = try Sandbox()
        try await run(sandbox)
        try sandbox.configure("expand: []\n")
        try await run(sandbox)
        let project = try sandbox.project()
        let ledger = try Ledger(project.store)
        let file = try await project.results(of: Node(.evaluate)).appending(path: "queries.csv")
        let text = try String(contentsOf: file, encoding: .utf8)
        try AtomicFile.write(text + text.split(separator: "\n").last!, to: file)
        let (old, new) = (try #require(ledger.previous), try #require(ledger.current))
        #expect(throws: ComparisonError.damaged(run: "2", path: file.path)) {
            try RunComparison(old, new, store: project.store)
        }
    }
}
