import Basics
import Catalog
import Exports
import Foundation
import Results
import Testing

@testable import Workflow

/// What `export` writes of a run, and what it refuses.
@Suite struct ExportTests {
    /// The invented worker writes no history.
    private static let forms: [ExportForm] = [.fiftyone, .wildbook, .croissant]

    private static func run(_ sandbox: Sandbox) async throws {
        _ = try await sandbox.project().run(observer: SilentObserver())
    }

    @discardableResult
    private static func export(
        _ sandbox: Sandbox, to name: String = "out", _ forms: [ExportForm] = forms, run: String = "current",
        licence: String? = nil
    ) async throws -> (files: [URL], notes: [String]) {
        try await ProjectExport(sandbox.project(), run: run, forms: forms, licence: licence)
            .write(to: sandbox.root.appending(path: name))
    }

    /// The files below a folder with their contents.
    private static func contents(_ sandbox: Sandbox, of name: String) throws -> [String: Data] {
        let folder = sandbox.root.appending(path: name)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return try Dictionary(
            uniqueKeysWithValues: paths.compactMap { path in
                var isFolder: ObjCBool = false
                let url = folder.appending(path: path)
                _ = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
                return isFolder.boolValue ? nil : (path, try Data(contentsOf: url))
            })
    }

    private static func samples(_ sandbox: Sandbox) throws -> [JSONValue] {
        try #require(try JSONValue.read(sandbox.root.appending(path: "out/fiftyone/samples.json"))["samples"]?.array)
    }

    @Test func `A run is exported in every form, with the same bytes each time`() async throws {
        let sandbox = try Sandbox()
        try await Self.run(sandbox)
        let (files, notes) = try await Self.export(sandbox)
        #expect(
            files.map { $0.path.dropFirst(sandbox.root.path.count + 1) } == [
                "out/fiftyone/metadata.json", "out/fiftyone/samples.json", "out/wildbook/matches.csv",
                "out/croissant/croissant.json", "out/croissant/metadata.csv",
            ])
        #expect(notes.count == 1 && notes[0].hasPrefix("croissant: no licence is known"))
        try await Self.export(sandbox, to: "again")
        let (written, again) = (try Self.contents(sandbox, of: "out"), try Self.contents(sandbox, of: "again"))
        #expect(written.count == 6 && written == again)

        let samples = try Self.samples(sandbox)
        #expect(samples.count == Sandbox.whales * Sandbox.photographsEach)
        #expect(samples.allSatisfy { $0["embedding"]?.array?.count == 24 })
        let expand = try await sandbox.project().results(of: Node(.expand, seed: 1, fold: 0))
        let rankings = try ExpandFiles.neighbours.read(in: expand)
        let query = try #require(rankings.queries.first)
        let sample = try #require(samples.first { $0["image_id"]?.string == query.imageID })
        #expect(sample[path: "ranking.classifications.0.image_id"]?.string == query.answers.first?.imageID)
        let table = try CSVTable.read(sandbox.root.appending(path: "out/wildbook/matches.csv"))
        #expect(table.rows.count == rankings.queries.reduce(0) { $0 + $1.answers.count })
        let metadata = try CSVTable.read(sandbox.root.appending(path: "out/croissant/metadata.csv"))
        #expect(metadata.rows.allSatisfy { StoredName.isKey($0.last ?? "") })
    }

    @Test func `The description of a catalogue needs no run, and takes a licence`() async throws {
        let sandbox = try Sandbox()
        let (_, notes) = try await Self.export(sandbox, [.croissant], licence: "CC BY 4.0")
        let json = try JSONValue.read(sandbox.root.appending(path: "out/croissant/croissant.json"))
        #expect(notes.isEmpty && json["license"] == "CC BY 4.0")
        try AtomicFile.write(#"{"name": "whale-sharks"}"#, to: sandbox.root.appending(path: "pod/fetched.json"))
        try await Self.export(sandbox, [.croissant])
        let fetched = try JSONValue.read(sandbox.root.appending(path: "out/croissant/croissant.json"))
        #expect(fetched["license"] == "https://cdla.dev/permissive-1-0/")
        #expect(fetched["citeAs"]?.string?.hasPrefix("Whale Shark ID") == true)
        #expect(fetched["url"] == "https://lila.science/datasets/whale-shark-id")
    }

    @Test func `Without a run, or with an unfinished one, nothing is written`() async throws {
        let sandbox = try Sandbox()
        await #expect(throws: LedgerError.unknownRun("current", near: nil, count: 0)) { try await Self.export(sandbox) }
        _ = try await sandbox.project().run(RunOptions(stages: [.split], tag: "half"), observer: SilentObserver())
        await #expect(throws: ComparisonError.noEvaluation(run: "half")) {
            try await Self.export(sandbox, run: "half")
        }
        #expect(!FileManager.default.fileExists(atPath: sandbox.root.appending(path: "out").path))
    }

    @Test func `An earlier run is exported after the configuration changed`() async throws {
        let sandbox = try Sandbox()
        try await Self.run(sandbox)
        try await Self.export(sandbox, [.wildbook])
        let first = try Self.contents(sandbox, of: "out/wildbook")
        try sandbox.configure("expand: []\nsearch: {k: 3}\n")
        try await Self.run(sandbox)
        try await Self.export(sandbox, [.wildbook])
        #expect(try Self.contents(sandbox, of: "out/wildbook") != first)
        try await Self.export(sandbox, [.wildbook], run: "1")
        #expect(try Self.contents(sandbox, of: "out/wildbook") == first)
    }

    @Test func `Embeddings that are no longer in the store are left out with a note; damaged ones are an error`()
        async throws
    {
        let sandbox = try Sandbox()
        try await Self.run(sandbox)
        let folder = try await sandbox.project().results(of: Node(.embed, member: "lite0", seed: 1, fold: 0))
        let file = EmbedFiles.embeddings.url(in: folder)
        let whole = try Data(contentsOf: file)
        try AtomicFile.write(whole.dropLast() + Data([whole[whole.count - 1] ^ 1]), to: file)
        await #expect(throws: ComparisonError.damaged(run: "1", path: file.path)) { try await Self.export(sandbox) }
        try FileManager.default.removeItem(at: folder)
        let notes = try await Self.export(sandbox, [.fiftyone]).notes
        #expect(notes.count == 1 && notes[0].hasPrefix("fiftyone: without embeddings. The results of the run '1'"))
        #expect(try Self.samples(sandbox).allSatisfy { $0["embedding"] == nil })
        // Nothing else needs them.
        #expect(try await Self.export(sandbox, [.wildbook]).notes.isEmpty)
    }

    @Test func `A catalogue that changed since the run is refused`() async throws {
        let sandbox = try Sandbox()
        try await Self.run(sandbox)
        let metadata = sandbox.root.appending(path: "pod/metadata.csv")
        let text = try String(contentsOf: metadata, encoding: .utf8)
        let pod = sandbox.root.appending(path: "pod").path
        func refused(_ changed: String, _ change: String) async throws {
            try AtomicFile.write(changed, to: metadata)
            await #expect(throws: ExportError.otherCatalogue(run: "1", path: pod, change: change)) {
                try await Self.export(sandbox)
            }
        }
        var lines = text.split(separator: "\n").map(String.init)
        let last = lines.removeLast()
        try await refused(lines.joined(separator: "\n") + "\n", "it has 71 photographs instead of 72")
        try await refused(
            (lines + [last.replacing(",w11,", with: ",w0,")]).joined(separator: "\n") + "\n",
            "'p11-5' has another name")
        lines.swapAt(1, 2)
        try await refused((lines + [last]).joined(separator: "\n") + "\n", "'p0-1' is in the place of 'p0-0'")
        #expect(!FileManager.default.fileExists(atPath: sandbox.root.appending(path: "out").path))
    }

    @Test func `A folder with anything else is refused and stays as it is`() async throws {
        let sandbox = try Sandbox()
        try await Self.run(sandbox)
        let before = try Self.contents(sandbox, of: "pod")
        let file = sandbox.root.appending(path: "whalebook.yaml")
        for name in ["pod", "whalebook.yaml"] {
            let path = sandbox.root.appending(path: name).path
            await #expect(throws: ExportError.notExport(path: path)) { try await Self.export(sandbox, to: name) }
        }
        // The manifest of a document, too, lists files.
        try AtomicFile.write(#"{"files": ["fig-1.png"]}"#, to: sandbox.root.appending(path: "doc_files/manifest.json"))
        await #expect(throws: ExportError.self) { try await Self.export(sandbox, to: "doc_files") }
        #expect(try Self.contents(sandbox, of: "pod") == before && FileManager.default.fileExists(atPath: file.path))
        try FileManager.default.createDirectory(
            at: sandbox.root.appending(path: "empty"), withIntermediateDirectories: true)
        try await Self.export(sandbox, to: "empty", [.wildbook])
    }

    @Test func `Another export replaces its own forms, keeps others and foreign files, and follows no link`()
        async throws
    {
        let sandbox = try Sandbox()
        try await Self.run(sandbox)
        try await Self.export(sandbox, [.fiftyone, .wildbook])
        let out = sandbox.root.appending(path: "out")
        try AtomicFile.write("mine", to: out.appending(path: "wildbook/notes.txt"))
        // A file of an earlier version of the form.
        try AtomicFile.write("old", to: out.appending(path: "wildbook/old.csv"))
        let manifest = try JSONValue.read(out.appending(path: "manifest.json"))
        let files = (manifest["files"]?.array ?? []) + ["wildbook/old.csv", "../whalebook.yaml"]
        try AtomicFile.write(JSONValue.object(["files": .array(files)]).text, to: out.appending(path: "manifest.json"))
        try await Self.export(sandbox, [.wildbook])
        #expect(
            Set(try Self.contents(sandbox, of: "out").keys) == [
                "manifest.json", "fiftyone/metadata.json", "fiftyone/samples.json", "wildbook/matches.csv",
                "wildbook/notes.txt",
            ])
        #expect(FileManager.default.fileExists(atPath: sandbox.root.appending(path: "whalebook.yaml").path))

        let elsewhere = sandbox.root.appending(path: "elsewhere")
        try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(at: out.appending(path: "croissant"), withDestinationURL: elsewhere)
        await #expect(throws: FileError.self) { try await Self.export(sandbox, [.croissant]) }
        #expect(try Self.contents(sandbox, of: "elsewhere").isEmpty)
    }

    @Test func `A run without training has no histories`() async throws {
        let member = "{name: one, backbone: tf_efficientnet_lite0, weights: w.safetensors}"
        let sandbox = try Sandbox(yaml: "train: {kind: none, members: [\(member)]}\n")
        try AtomicFile.write("weights", to: sandbox.root.appending(path: "w.safetensors"))
        try await Self.run(sandbox)
        await #expect(throws: ExportError.noTraining(run: "1")) { try await Self.export(sandbox, [.tensorboard]) }
        let (files, notes) = try await Self.export(sandbox, [])
        #expect(!files.contains { $0.path.contains("/tensorboard/") })
        #expect(notes.contains("tensorboard: nothing was trained"))
    }
}
