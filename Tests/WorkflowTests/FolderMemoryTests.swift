import Basics
import Catalog
import Configuration
import Digests
import Foundation
import Imaging
import Testing

@testable import Workflow

/// The memory of animal folders, which only photographs and boxes describe.
@Suite struct FolderMemoryTests {
    private let sandbox: Sandbox
    private let herd: URL
    private let store: Store

    private static func boxes(width: Double) -> String {
        #"""
        {"detection_categories": {"1": "animal"}, "images": [
            {"file": "Ahab/1.jpg", "detections": [{"category": "1", "conf": 0.9, "bbox": [0.1, 0.1, \#(width), 0.5]}]}]}
        """#
    }

    init() throws {
        sandbox = try Sandbox()
        store = try sandbox.project().store
        herd = sandbox.root.appending(path: "herd")
        for (number, path) in ["Ahab/1.jpg", "Ahab/2.jpg", "Moby/3.jpg", "Moby/4.jpg"].enumerated() {
            try picture(number, at: path)
        }
        try AtomicFile.write(Self.boxes(width: 0.5), to: herd.appending(path: "boxes.json"))
        settle()
    }

    private func picture(_ number: Int, at path: String) throws {
        let grey = Raster(width: 40 + number, height: 32, red: 90, green: 90, blue: 90)
        try AtomicFile.write(grey.jpeg(quality: 90), to: herd.appending(path: path))
    }

    /// Waits until a change would be detected.
    private func settle() { Thread.sleep(forTimeInterval: 0.04) }

    /// The digests of metadata and photographs.
    private func look(_ layout: Layout? = nil, _ patterns: PatternChoice = .automatic) throws -> [String] {
        var digests = try FileDigests(rememberedAt: store.digestsFile, in: store, root: sandbox.root)
        var manifest = try DataManifest(
            DataSettings(folder: herd.path, layout: layout, patterns: patterns), skipsBroken: false, store: store,
            digests: &digests)
        try digests.save()
        try manifest.remember(in: store)
        return [manifest.metadata, manifest.photographs]
    }

    /// The same digests, in a project without a memory.
    private func lookAfresh() throws -> [String] {
        try? FileManager.default.removeItem(at: store.folder)
        return try look()
    }

    @Test(arguments: [nil, Layout.folders])
    func `A second look opens no picture and no file of boxes`(layout: Layout?) throws {
        let opened = try OpenedFiles(below: herd)
        let first = try look(layout)
        #expect(opened.names() == ["1.jpg", "2.jpg", "3.jpg", "4.jpg", "boxes.json"])
        #expect(try look(layout) == first)
        #expect(opened.names() == [])
    }

    @Test func `Every change of the folders is detected`() throws {
        let files = FileManager.default
        func url(_ path: String) -> URL { herd.appending(path: path) }
        let changes: [(name: String, change: () throws -> Void)] = [
            ("a new picture", { try picture(9, at: "Ahab/9.jpg") }),
            ("another picture of that name", { try picture(8, at: "Ahab/9.jpg") }),
            (
                "other bytes with the time put back",
                {
                    let modified = try files.attributesOfItem(atPath: url("Ahab/9.jpg").path)[.modificationDate]
                    let handle = try FileHandle(forUpdating: url("Ahab/9.jpg"))
                    try handle.seekToEnd()
                    try handle.seek(toOffset: handle.offset() - 2)
                    try handle.write(contentsOf: Data("x".utf8))
                    try handle.close()
                    try files.setAttributes([.modificationDate: modified as Any], ofItemAtPath: url("Ahab/9.jpg").path)
                }
            ),
            (
                "two pictures in each other's place",
                {
                    try files.moveItem(at: url("Ahab/1.jpg"), to: url("x"))
                    try files.moveItem(at: url("Ahab/2.jpg"), to: url("Ahab/1.jpg"))
                    try files.moveItem(at: url("x"), to: url("Ahab/2.jpg"))
                }
            ),
            ("another folder's name", { try files.moveItem(at: url("Ahab"), to: url("Peg")) }),
            ("a new animal", { try picture(7, at: "Starbuck/7.jpg") }),
            ("a picture that cannot be read", { try AtomicFile.write("raw", to: url("Moby/5.nef")) }),
            ("a picture less", { try files.removeItem(at: url("Moby/3.jpg")) }),
            (
                "other boxes",
                { try AtomicFile.write(Self.boxes(width: 0.25).replacing("Ahab", with: "Peg"), to: url("boxes.json")) }
            ),
            ("no boxes", { try files.removeItem(at: url("boxes.json")) }),
            (
                "a table that describes them",
                { try AtomicFile.write("image_id,path,height,width,viewpoint,date\n", to: url("metadata.csv")) }
            ),
        ]
        var before = try look()
        for (name, change) in changes {
            try change()
            settle()
            let after = try look()
            #expect(after != before, "\(name)")
            #expect(try look() == after, "\(name)")
            #expect(try lookAfresh() == after, "\(name)")
            before = after
        }
    }

    @Test func `With other patterns the names are read again`() throws {
        try FileManager.default.moveItem(
            at: herd.appending(path: "Moby/3.jpg"), to: herd.appending(path: "Moby/left-3.jpg"))
        settle()
        let patterns = PatternChoice.listed([try PathPattern(path: "*/left*", viewpoint: .right)])
        let first = try look(), second = try look(nil, patterns)
        #expect(first[0] != second[0] && first[1] == second[1])
        #expect(try look(nil, patterns) == second)
        #expect(try look() == first)
    }

    @Test func `A changed memory is never used`() throws {
        let right = try look()
        let memory = try Data(contentsOf: store.photographMemory)
        for position in stride(from: 0, to: memory.count, by: 7) {
            var damaged = memory
            // Another hexadecimal digit, so that the format stays valid.
            damaged[position] = damaged[position] == 0x30 ? 0x31 : 0x30
            try damaged.write(to: store.photographMemory)
            #expect(try look() == right)
        }
        for damaged in [Data(), memory.dropLast(), memory + Data([0]), memory.dropFirst(64)] {
            try damaged.write(to: store.photographMemory)
            #expect(try look() == right)
        }
        #expect(try Data(contentsOf: store.photographMemory) == memory, "newly read digests are remembered")
    }

    @Test func `Files that changed just now, and folders behind links, are not remembered`() throws {
        let settings = DataSettings(folder: herd.path)
        #expect(try #require(try FolderLook(settings)).files.isSettled)
        try picture(6, at: "Ahab/6.jpg")
        #expect(try #require(try FolderLook(settings)).files.isSettled == false)
        try FileManager.default.createSymbolicLink(
            at: herd.appending(path: "linked"), withDestinationURL: sandbox.root.appending(path: "pod"))
        #expect(try FolderLook(settings) == nil)
        settle()
        let first = try look()
        #expect(try PhotographMemory(in: store) == nil)
        #expect(try look() == first)
    }

    @Test func `A file that may have changed while it was read is not remembered`() throws {
        // Large enough that reading it takes longer than a clock tick.
        let large = sandbox.root.appending(path: "large")
        try AtomicFile.write("x", to: large)
        #expect(truncate(large.path, 1 << 28) == 0)
        var digests = try FileDigests(rememberedAt: store.digestsFile, in: store, root: sandbox.root)
        _ = try digests.digest(of: large.path)
        try digests.save()
        #expect(!FileManager.default.fileExists(atPath: store.digestsFile.path))
    }
}
