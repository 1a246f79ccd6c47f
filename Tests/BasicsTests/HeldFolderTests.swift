import Foundation
import Testing

@testable import Basics

@Suite struct HeldFolderTests {
    private static func folder() throws -> TemporaryFolder { try TemporaryFolder("held") }

    @Test func `A name is one plain part of a path, and a key is 64 hexadecimal digits`() {
        for name in ["a", "a b.csv", "é.png", "a..b"] { #expect(StoredName.isFile(name), "\(name)") }
        for name in ["", ".", "..", ".a", "a/b", "/", "a\0", "a\n", ".\u{301}a", String(repeating: "a", count: 256)] {
            #expect(!StoredName.isFile(name), "\(name)")
        }
        #expect(StoredName.isPath("a/b/c.png"))
        for path in ["/a", "a/", "a//b", "a/../b", "a/./b", "../a"] { #expect(!StoredName.isPath(path), "\(path)") }
        let key = String(repeating: "0af1", count: 16)
        #expect(StoredName.isKey(key))
        for other in [String(key.dropLast()), key + "0", key.uppercased(), String(key.dropLast()) + "g", ""] {
            #expect(!StoredName.isKey(other), "\(other)")
        }
    }

    @Test func `No link is followed, no pipe blocks, and removing a link keeps its target`() throws {
        let place = try Self.folder()
        defer { place.remove() }
        let held = try HeldFolder(place.url)
        try AtomicFile.write("text", to: place.url.appending(path: "inner/file"))
        try AtomicFile.write("mine", to: place.url.appending(path: "other/file"))
        for (link, target) in [("file", "inner/file"), ("folder", "inner"), ("inner/linked", "other")] {
            symlink(place.url.appending(path: target).path, place.url.appending(path: link).path)
        }
        mkfifo(place.url.appending(path: "pipe").path, 0o600)
        #expect(try held.contents(at: "inner/file") == Data("text".utf8))
        #expect(try held.contents(at: "inner/none") == nil)
        for path in ["file", "folder/file", "inner/linked/file", "pipe", "inner"] {
            #expect(throws: FileError.self, "\(path)") { try held.contents(at: path) }
        }
        #expect(try held.contents(at: "../\(place.url.lastPathComponent)/inner/file") == nil)
        try held.removeAll("inner")
        #expect(held.kind(of: "inner") == nil)
        #expect(try held.contents(at: "other/file") == Data("mine".utf8))
    }

    @Test func `A temporary folder is private and gets removed`() throws {
        let place = try Self.folder()
        defer { place.remove() }
        let mode = try FileManager.default.attributesOfItem(atPath: place.url.path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        place.remove()
        #expect(!FileManager.default.fileExists(atPath: place.url.path))
    }

    @Test func `Neither a written file nor a lock goes through a link`() throws {
        let place = try Self.folder()
        defer { place.remove() }
        let (target, file) = (place.url.appending(path: "target"), place.url.appending(path: "file"))
        try AtomicFile.write("mine", to: target)
        symlink(
            target.path, place.url.appending(path: ".file.\(ProcessInfo.processInfo.processIdentifier).partial").path)
        try AtomicFile.write("new", to: file)
        #expect(try String(contentsOf: file, encoding: .utf8) == "new")
        let lock = place.url.appending(path: "lock")
        symlink(target.path, lock.path)
        #expect { try FileLock.attempt(at: lock) } throws: { "\($0)".contains("it is a symbolic link") }
        unlink(lock.path)
        link(target.path, lock.path)
        #expect { try FileLock.attempt(at: lock) } throws: { "\($0)".contains("hard links") }
        #expect(try String(contentsOf: target, encoding: .utf8) == "mine")
    }

    @Test func `A dead process's partial file is swept, but a folder of such a name is not`() throws {
        let place = try Self.folder()
        defer { place.remove() }
        let (file, folder) = (".a.999999999.partial", ".b.999999999.partial/notes")
        for name in [file, folder] { try AtomicFile.write("x", to: place.url.appending(path: name)) }
        AtomicFile.sweep(try HeldFolder(place.url))
        #expect(!FileManager.default.fileExists(atPath: place.url.appending(path: file).path))
        #expect(FileManager.default.fileExists(atPath: place.url.appending(path: folder).path))
    }

    @Test(arguments: [9.3e18, 1e300, .infinity, -1]) func `An impossible duration has no number`(
        seconds: Double
    ) {
        #expect(NumberText.duration(seconds: seconds) == "–")
    }
}
