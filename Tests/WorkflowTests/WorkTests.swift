import Basics
import Digests
import Foundation
import Testing

@testable import Workflow

/// A node's folder after its work is interrupted or fails.
@Suite struct WorkTests {
    private let store = Store(
        project: FileManager.default.temporaryDirectory.appending(path: "whalebook-\(UUID().uuidString)"), name: "w")

    private func attempt(_ node: String = "train lite0", worker: String? = "a") -> Store.Attempt {
        Store.Attempt(stage: .train, node: node, worker: worker)
    }

    /// Whether a file that an attempt left still exists when the next one begins.
    private func stays(from first: Store.Attempt, to second: Store.Attempt, afresh: Bool = false) throws -> Bool {
        let file = try store.begin(first, key: "k").appending(path: "checkpoint")
        try AtomicFile.write("", to: file)
        try store.fail(.train, key: "k", reason: "memory ran out")
        #expect(try store.partial(of: .train, key: "k") == .failed(reason: "memory ran out"))
        _ = try store.begin(second, key: "k", afresh: afresh)
        #expect(try store.partial(of: .train, key: "k") == .interrupted)
        defer { try? FileManager.default.removeItem(at: store.folder.deletingLastPathComponent()) }
        return FileManager.default.fileExists(atPath: file.path)
    }

    @Test func `A stage that can continue finds its files, unless it is forced or has different inputs`() throws {
        #expect(try stays(from: attempt(), to: attempt()))
        #expect(try !stays(from: attempt(), to: attempt(), afresh: true))
        #expect(try !stays(from: attempt(), to: attempt(worker: "b")))
        #expect(try !stays(from: attempt(worker: nil), to: attempt(worker: nil)))
    }

    @Test func `Collection keeps the last attempt of each training that can continue`() throws {
        defer { try? FileManager.default.removeItem(at: store.folder.deletingLastPathComponent()) }
        let begun = [
            ("old", attempt()), ("new", attempt()), ("other", attempt("train b5")), ("none", attempt(worker: nil)),
        ]
        for (position, (key, attempt)) in begun.enumerated() {
            let place = try store.begin(attempt, key: Digest.of(key))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(position))],
                ofItemAtPath: place.appending(path: "attempt.json").path)
        }
        let gone = try GarbageCollection(store).items.map(\.url.lastPathComponent)
        #expect(Set(gone) == ["\(Digest.of("none")).partial", "\(Digest.of("old")).partial"])
    }
}
