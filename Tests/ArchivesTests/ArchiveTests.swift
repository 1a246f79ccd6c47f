import Archives
import Basics
import Foundation
import TestSupport
import Testing

/// What comes out of archives, and that hostile ones leave nothing behind.
final class ArchiveTests {
    typealias Entry = PackedArchive.Entry

    private let place = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString)")
    private var target: URL { place.appending(path: "unpacked") }
    private static let text = Data("a photograph".utf8)

    init() throws { try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: place) }

    @discardableResult
    private func unpack(
        _ data: Data, as name: String = "pod.zip", limits: ArchiveLimits = ArchiveLimits(bytes: 1 << 30),
        selecting selection: Archive.Selection = { $0 }
    ) throws -> Archive.Contents {
        let file = place.appending(path: name)
        try data.write(to: file)
        return try Archive(file, limits: limits).unpack(into: target, selecting: selection)
    }

    /// The error of a refused archive, of which nothing may be left.
    private func refusal(_ data: Data, limits: ArchiveLimits = ArchiveLimits(bytes: 1 << 30)) throws -> ArchiveError {
        let error = #expect(throws: ArchiveError.self) { try unpack(data, limits: limits) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["pod.zip"])
        return try #require(error)
    }

    private func files() throws -> [String] {
        let found = FileManager.default.enumerator(atPath: target.path)?.compactMap { $0 as? String } ?? []
        return found.sorted()
    }

    @Test(arguments: ["tar", "tar.gz", "zip"])
    func `Files, folders and names in any language come out as they were`(form: String) throws {
        let entries = [
            Entry("pod/", kind: .folder), Entry("pod/images/Ñandú ☃.jpg", Self.text), Entry("./pod/empty.csv"),
            Entry("pod/" + String(repeating: "a", count: 90) + "/" + String(repeating: "b", count: 60), Self.text),
        ]
        let data =
            switch form {
            case "tar": PackedArchive.tar(entries)
            case "tar.gz": PackedArchive.tarGzip(entries)
            default: PackedArchive.zip(entries)
            }
        let contents = try unpack(data)
        #expect(contents == Archive.Contents(files: 3, bytes: 2 * Int64(Self.text.count)))
        #expect(
            try files().filter { !$0.contains("aaa") } == [
                "pod", "pod/empty.csv", "pod/images", "pod/images/Ñandú ☃.jpg",
            ])
        #expect(try Data(contentsOf: target.appending(path: "pod/images/Ñandú ☃.jpg")) == Self.text)
        let attributes = try FileManager.default.attributesOfItem(atPath: target.path + "/pod/empty.csv")
        #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o7133 } == 0)
    }

    @Test func `A selection moves and skips entries`() throws {
        let entries = [
            Entry("a/keep/1.jpg", Self.text), Entry("a/skip/2.jpg", Self.text),
            Entry("a/link", kind: .link, target: "/"),
        ]
        let contents = try unpack(PackedArchive.tar(entries)) { path in
            path.contains("keep") ? Array(path.drop { $0 != "keep" }.dropFirst()) : nil
        }
        #expect(contents.files == 1)
        #expect(try files() == ["1.jpg"])
    }

    @Test(arguments: [
        ("/etc/cron.d/x", ArchiveError.Flaw.absolute), ("../outside.jpg", .leaves), ("a/../../outside.jpg", .leaves),
        ("a/..", .leaves), ("a\\..\\b.jpg", .unclean), ("a\u{1B}[31m.jpg", .unclean),
        (String(repeating: "d/", count: 600) + "x", .tooLong), ("a/" + String(repeating: "x", count: 300), .tooLong),
    ])
    func `A path that leads elsewhere is refused`(path: String, flaw: ArchiveError.Flaw) throws {
        // Tar's own fields hold no longer path.
        let forms = path.utf8.count > 100 ? [PackedArchive.zip] : [PackedArchive.zip, PackedArchive.tarGzip]
        for pack in forms {
            let error = try refusal(pack([Entry("a/fine.jpg", Self.text), Entry(path, Self.text)]))
            guard case .refused("pod.zip", _, let found) = error else {
                Issue.record("\(error)")
                continue
            }
            // libarchive turns a backslash of zip into a slash.
            #expect(found == flaw || path.contains("\\") && found == .leaves)
        }
        #expect(!FileManager.default.fileExists(atPath: place.deletingLastPathComponent().path + "/outside.jpg"))
    }

    @Test(arguments: [Entry.Kind.link, .hardLink, .device, .pipe])
    func `Links, devices and pipes are refused`(kind: Entry.Kind) throws {
        let entries = [
            Entry("images", kind: kind, target: place.path), Entry("images/x.jpg", Self.text),
        ]
        let flaw: ArchiveError.Flaw = [.link, .hardLink].contains(kind) ? .link : .special
        #expect(
            try refusal(PackedArchive.tarGzip(entries)) == .refused(archive: "pod.zip", entry: "images", flaw))
        if kind == .link {
            #expect(
                try refusal(PackedArchive.zip(entries)) == .refused(archive: "pod.zip", entry: "images", .link))
        }
        #expect(!FileManager.default.fileExists(atPath: place.appending(path: "x.jpg").path))
    }

    @Test func `A path that occurs twice is refused, also as a file and a folder`() throws {
        let cases: [([Entry], ArchiveError.Flaw)] = [
            ([Entry("a.jpg", Self.text), Entry("./a.jpg", Self.text)], .repeated),
            ([Entry("a", Self.text), Entry("a/b.jpg", Self.text)], .fileAndFolder),
            ([Entry("a/b.jpg", Self.text), Entry("a", Self.text)], .fileAndFolder),
        ]
        for (entries, flaw) in cases {
            for pack in [PackedArchive.zip, PackedArchive.tarGzip] {
                guard case .refused(_, _, flaw) = try refusal(pack(entries)) else {
                    Issue.record("\(entries.map(\.path)) is not refused as \(flaw)")
                    continue
                }
            }
        }
    }

    @Test func `An archive cut anywhere is refused`() throws {
        let entries = (0..<3).map { Entry("\($0).jpg", Data((0..<5000).map { UInt8(truncatingIfNeeded: $0) })) }
        for data in [PackedArchive.zip(entries), PackedArchive.tarGzip(entries)] {
            for length in [0, 1, 100, 600, 5200, 10_000, data.count - 30, data.count - 1] {
                guard case .damaged = try refusal(data.prefix(length)) else {
                    Issue.record("the first \(length) of \(data.count) bytes are not refused as damaged")
                    continue
                }
            }
        }
    }

    @Test func `A changed byte is noticed by the checksum of zip`() throws {
        var data = PackedArchive.zip([Entry("a.jpg", Self.text)])
        let place = try #require(data.range(of: Self.text)).lowerBound
        data[place] ^= 1
        guard case .damaged(_, let reason) = try refusal(data) else {
            Issue.record("the byte is not noticed")
            return
        }
        #expect(reason.contains("CRC"), "\(reason)")
    }

    @Test func `Other files are no archives`() throws {
        for data in [Data("<html>captive portal</html>".utf8), PackedArchive.gzip(Self.text), Data()] {
            guard case .damaged = try refusal(data) else {
                Issue.record("\(data.count) bytes pass for an archive")
                continue
            }
        }
        for data in [PackedArchive.tar([]), Data(count: 4096)] {
            #expect(try refusal(data) == .empty(archive: "pod.zip"))
        }
    }

    @Test func `A file that libarchive would ask to read again for ever is refused`() throws {
        // A tar file of 3,072 bytes with damaged headers, found by fuzzing.
        let packed =
            "H4sIAAAAAAACA+2VSw6CMBCGu3LBKXoAAn0w7XHMxBLEhNBA9fButFZXJKJGSyLpt5npY9N8mb+2NyWJDPNogFA90xp6DpJJoRkT"
            + "fp/7VhEKZAGOo8OBUjL0vZu79+r8T7Hef1c7NOiw2I2nWP5VVT33L2HiXyjBCWXJf3TaDpt625rcottnmIf1WGJxsE22wveSzZv3"
            + "zpc7ZN3c5v/hPHL+qw/yn4OWKf8X9h9mPl7+z/3/1TT/gemU/z9i7RGW+IIr5cupJwAMAAA="
        guard case .damaged = try refusal(#require(Data(base64Encoded: packed))) else {
            Issue.record("the archive is refused for another reason")
            return
        }
    }

    @Test func `A bomb ends at the limit of bytes, of entries or of the ratio`() throws {
        // A tar header that claims the zeros after it.
        let size = 18 << 20
        let header = PackedArchive.tar([Entry("zeros", size: size)]).prefix(512)
        let bomb = PackedArchive.gzip(header) + PackedArchive.gzippedZeros(size + 1024)
        #expect(bomb.count < size / 100)
        #expect(
            try refusal(bomb) == .inflates(archive: "pod.zip", size: Int64(bomb.count), limit: 16 << 20))
        #expect(
            try refusal(bomb, limits: ArchiveLimits(bytes: 1 << 20, ratio: 1000))
                == .tooManyBytes(archive: "pod.zip", limit: 1 << 20))
        let many = PackedArchive.zip((0..<50).map { Entry("\($0)") })
        #expect(
            try refusal(many, limits: ArchiveLimits(bytes: 1 << 20, entries: 49))
                == .tooManyEntries(archive: "pod.zip", limit: 49))
    }

    @Test func `A size that lies is refused`() throws {
        // Tar has no second size to compare with, so only one beyond the end is wrong.
        for claimed in [1 << 20, 0o7_7777_7777] {
            let data = PackedArchive.tarGzip([Entry("a.jpg", Self.text, size: claimed), Entry("b.jpg", Self.text)])
            guard case .damaged = try refusal(data) else {
                Issue.record("\(claimed) bytes are not refused")
                continue
            }
        }
        for claimed in [1, 1 << 20] {
            guard case .damaged = try refusal(PackedArchive.zip([Entry("a.jpg", Self.text, size: claimed)])) else {
                Issue.record("\(claimed) bytes are not refused")
                continue
            }
        }
    }

    @Test func `A folder that exists is not touched`() throws {
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        try Self.text.write(to: target.appending(path: "mine"))
        #expect(throws: FileError.self) { try unpack(PackedArchive.zip([Entry("a.jpg", Self.text)])) }
        #expect(try files() == ["mine"])
    }
}
