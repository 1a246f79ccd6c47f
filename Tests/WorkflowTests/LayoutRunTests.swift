import Basics
import Catalog
import Configuration
import Digests
import Foundation
import Testing

@testable import Workflow

/// A project with data in another layout than the competition's.
@Suite struct LayoutRunTests {
    private func ran(_ sandbox: Sandbox) async throws -> [String] {
        let witness = Witness()
        _ = try await sandbox.project().run(RunOptions(), observer: witness)
        return witness.ran
    }

    /// The pod's metadata as wildlife-datasets would write them, instead of `metadata.csv`.
    private func writeFrame(_ sandbox: Sandbox, box: String = "") throws {
        let pod = sandbox.root.appending(path: "pod")
        let catalog = try Catalog.read(pod, layout: .competition)
        let rows = catalog.photographs.map { photograph in
            [
                photograph.id, photograph.whaleID ?? "", photograph.path, photograph.id == "p0-0" ? box : "",
                photograph.viewpoint.rawValue, photograph.date ?? "",
            ]
        }
        let header = ["image_id", "identity", "path", "bbox", "orientation", "date"]
        try AtomicFile.write(CSVTable.text(header: header, rows: rows), to: pod.appending(path: "frame.csv"))
    }

    @Test func `Another layout runs like the competition's, and a changed box makes the stages that read it stale`()
        async throws
    {
        let sandbox = try Sandbox()
        let metadata = sandbox.root.appending(path: "pod/metadata.csv")
        try writeFrame(sandbox)
        await #expect(throws: LayoutError.self) { try await sandbox.project().status() }

        let yaml = sandbox.root.appending(path: "whalebook.yaml")
        try AtomicFile.write("data: {folder: pod, layout: wildlife-datasets}\n", to: yaml)
        #expect(
            try await ran(sandbox) == [
                "split", "measure", "train", "embed", "search", "expand", "evaluate", "sweep", "explain", "reduce",
            ])
        #expect(try await ran(sandbox) == [])

        try writeFrame(sandbox, box: "[0, 0, 9, 9]")
        try FileManager.default.removeItem(at: metadata)
        let stale = try await sandbox.project().status().nodes.first { $0.state != .fresh }
        #expect(stale?.node.stage == .split && stale?.reason == "data: the metadata changed")
        #expect(try await ran(sandbox).starts(with: ["split", "measure", "train"]))

        // The layout derived from the folder's files is the same.
        try AtomicFile.write("data: pod\n", to: yaml)
        #expect(try await ran(sandbox) == [])
    }

    private func manifest(of sandbox: Sandbox) throws -> DataManifest {
        let store = try sandbox.project().store
        var digests = try FileDigests(rememberedAt: store.digestsFile, in: store, root: sandbox.root)
        return try DataManifest(
            DataSettings(folder: sandbox.root.appending(path: "pod").path), skipsBroken: false, store: store,
            digests: &digests)
    }

    @Test func `The digest of the competition's table is that of its bytes, unless it has a column of boxes`() throws {
        let sandbox = try Sandbox()
        let table = sandbox.root.appending(path: "pod/metadata.csv")
        let text = try String(contentsOf: table, encoding: .utf8)
        #expect(try manifest(of: sandbox).metadata == Digest.ofContents(of: table.path))
        let lines = text.split(separator: "\n").enumerated().map { $0 == 0 ? "\($1),bbox\n" : "\($1),\n" }
        try AtomicFile.write(lines.joined(), to: table)
        #expect(try manifest(of: sandbox).metadata != Digest.ofContents(of: table.path))
    }

    @Test func `A new photograph in an individual's folder changes the folder's metadata`() async throws {
        let sandbox = try Sandbox()
        let pod = sandbox.root.appending(path: "pod")
        try FileManager.default.removeItem(at: pod)
        for path in ["Ahab/1/a.jpg", "Ahab/2/b.jpg", "Ahab/3/c.jpg", "Moby/1/d.jpg"] {
            try AtomicFile.write(path, to: pod.appending(path: path))
        }
        func digests() throws -> [String] {
            let manifest = try manifest(of: sandbox)
            return [manifest.metadata, manifest.photographs]
        }
        let before = try digests()
        #expect(try digests() == before)
        try AtomicFile.write("new", to: pod.appending(path: "Moby/1/e.jpg"))
        let after = try digests()
        #expect(after[0] != before[0] && after[1] != before[1])
        try AtomicFile.write("other", to: pod.appending(path: "Moby/1/e.jpg"))
        #expect(try digests()[0] == after[0] && digests()[1] != after[1])
    }
}
