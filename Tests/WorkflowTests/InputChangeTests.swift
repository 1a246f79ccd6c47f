import Basics
import Configuration
import Digests
import Foundation
import Results
import Testing

@testable import Workflow

/// Files that change during a run, and disk errors.
@Suite struct InputChangeTests {
    @Test func `A photograph that changes while it is read, and changes back, leaves no result`() async throws {
        let sandbox = try Sandbox()
        try sandbox.behave("meddle")
        await #expect {
            try await sandbox.project().run(observer: SilentObserver())
        } throws: {
            "\($0)".contains("images/p0-0.jpg was changed while it was being read")
        }
        let status = try await sandbox.project().status()
        #expect(status.nodes.first { $0.node.stage == .train }?.state == .failed)
        try sandbox.behave("work")
        _ = try await sandbox.project().run(observer: SilentObserver())
        #expect(try await sandbox.project().status().isFresh)
    }

    @Test func `A file of boxes next to animal folders is watched like any metadata`() async throws {
        let sandbox = try Sandbox()
        let herd = sandbox.root.appending(path: "herd")
        for path in ["A/1.jpg", "B/2.jpg"] { try AtomicFile.write("picture", to: herd.appending(path: path)) }
        let boxes = herd.appending(path: "boxes.json")
        let text = #"{"images": [], "detections": [], "detection_categories": {}}"#
        try AtomicFile.write(text, to: boxes)
        let configuration = try Configuration(
            parsing: "data: {folder: herd, layout: folders}\n", path: "whalebook.yaml", root: sandbox.root)
        let watch = try await InputWatch(configuration, weights: sandbox.project().weights)
        try watch.check([.metadata, .photographs], member: nil)
        try AtomicFile.write(text, to: boxes)
        #expect(throws: WorkflowError.inputChanged(path: boxes.path)) { try watch.check([.metadata], member: nil) }
    }

    @Test func `Work continues only from an attempt that read the same files`() throws {
        let sandbox = try Sandbox()
        let store = try sandbox.project().store
        func attempt(_ inputs: String) -> Store.Attempt {
            .init(stage: .train, node: "train a", worker: "w", inputs: inputs)
        }
        let checkpoint = try store.begin(attempt("one"), key: "k").appending(path: "checkpoint")
        try AtomicFile.write("epoch 3", to: checkpoint)
        _ = try store.begin(attempt("one"), key: "k")
        #expect(FileManager.default.fileExists(atPath: checkpoint.path))
        _ = try store.begin(attempt("two"), key: "k")
        #expect(!FileManager.default.fileExists(atPath: checkpoint.path))
    }

    /// Replaces bytes in place and restores the time.
    private func damage(_ url: URL) throws {
        let modified = try FileManager.default.attributesOfItem(atPath: url.path)[.modificationDate]
        let handle = try FileHandle(forWritingTo: url)
        try handle.write(contentsOf: Data("x".utf8))
        try handle.close()
        try FileManager.default.setAttributes([.modificationDate: modified as Any], ofItemAtPath: url.path)
    }

    @Test func `Status detects a result that changed without a new modification time`() async throws {
        let sandbox = try Sandbox()
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        try damage(try await project.results(of: Node(.evaluate)).appending(path: "queries.csv"))
        #expect(
            try await project.status().nodes.first { $0.node.stage == .evaluate }?.reason.contains("queries.csv")
                == true)
    }

    @Test func `Run and render, which read the files, detect a disk error`() async throws {
        let sandbox = try Sandbox()
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let file = try await project.results(of: Node(.evaluate)).appending(path: "queries.csv")
        let whole = try Digest.ofContents(of: file.path)
        try damage(file)
        // The stamp is remembered for the undamaged file.
        var digests = try FileDigests(rememberedAt: project.store.digestsFile, in: project.store, root: sandbox.root)
        digests.remember(whole, of: file.path)
        try digests.save()
        #expect(try await project.status().isFresh)
        let inputs = try await project.reportInputs(
            command: "t", layout: ProjectLayout(of: sandbox.root, executable: sandbox.root), versions: [:])
        #expect(inputs.nodes.first { $0.stage == .evaluate }?.staleness?.contains("damaged") == true)
        let summary = try await project.run(observer: SilentObserver())
        #expect(summary.ran.map(\.stage) == [.evaluate])
        #expect(try Digest.ofContents(of: file.path) == whole)
    }

    @Test func `A link is not accepted as a result`() async throws {
        let sandbox = try Sandbox()
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let file = try await project.results(of: Node(.evaluate)).appending(path: "queries.csv")
        let other = sandbox.root.appending(path: "queries.csv")
        try FileManager.default.moveItem(at: file, to: other)
        try FileManager.default.createSymbolicLink(at: file, withDestinationURL: other)
        #expect(try await !project.status().isFresh)
    }

    @Test func `A record whose outputs or key lead elsewhere is refused`() async throws {
        let sandbox = try Sandbox()
        let project = try sandbox.project()
        _ = try await project.run(observer: SilentObserver())
        let place = try await project.results(of: Node(.evaluate))
        let url = place.appending(path: "node.json"), key = place.lastPathComponent
        #expect(try project.store.record(of: .evaluate, key: key) != nil)
        for bad in ["../\(key)", "..", "", "\(key)/."] {
            #expect(try project.store.record(of: .evaluate, key: bad) == nil)
        }
        let text = try String(contentsOf: url, encoding: .utf8)
        try AtomicFile.write(text.replacing("\"queries.csv\"", with: "\"../queries.csv\""), to: url)
        #expect(try project.store.record(of: .evaluate, key: key) == nil)
    }

    @Test func `The digest of a training's output does not depend on its duration`() throws {
        func record(history: String, model: String) -> NodeRecord {
            let cacheKey = CacheKey(
                node: Node(.train), version: 1, parameters: [:], inputs: [:], data: [:], backend: [:])
            let outputs = ["history.csv": history, "model.safetensors": model]
            return NodeRecord(
                key: cacheKey.digest, cacheKey: cacheKey,
                outputs: outputs.mapValues { .init(digest: Digest.of($0), size: 1) }, seconds: 1,
                startedAt: "", machine: .null, facts: .null)
        }
        let first = record(history: "1.2 s", model: "a").outputDigest
        #expect(record(history: "1.3 s", model: "a").outputDigest == first)
        #expect(record(history: "1.2 s", model: "b").outputDigest != first)
    }
}
