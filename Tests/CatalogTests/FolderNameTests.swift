import Basics
import Foundation
import Imaging
import Testing

@testable import Catalog

/// A folder for each animal, with more information in names and EXIF.
struct FolderNameTests {
    private func photographs(_ paths: [String]) throws -> [Photograph] {
        let folder = try TemporaryFolder()
        for path in paths { try folder.write(path) }
        return try Catalog.read(folder.url, layout: .folders).photographs
    }

    @Test func `Side, sighting and day are read from names`() throws {
        let read = try photographs([
            "7/159_leftphoto.jpg", "7/159_rightphoto.jpg", "8/2020-01-05/a.jpg", "8/left/b.jpg",
        ])
        #expect(read.map(\.viewpoint) == [.left, .right, .unknown, .left])
        #expect(read.map(\.encounterID) == ["7/159", "7/159", "8/2020-01-05", nil])
        #expect(read.map(\.date) == [nil, nil, "2020-01-05", nil])
    }

    @Test func `An animal's photographs of one day form an encounter`() throws {
        let read = try photographs(["A/20200105_1.jpg", "A/20200105_2.jpg", "B/20200105_3.jpg"])
        #expect(read.map(\.encounterID) == ["A 2020-01-05", "A 2020-01-05", "B 2020-01-05"])
    }

    @Test(arguments: ["unknown", "Unknown", "N/A".replacing("/", with: ""), "unidentified", "____", "?"])
    func `Words for an unknown animal are not names`(name: String) throws {
        #expect(try photographs(["\(name)/1.jpg", "A/2.jpg"]).first { $0.path.hasSuffix("1.jpg") }?.whaleID == nil)
    }

    @Test func `Skipped files are reported with their count and first names`() throws {
        let folder = try TemporaryFolder()
        for path in ["A/1.jpg", "B/2.jpg", "3.jpg", "4.jpg", "5.jpg", "6.jpg", "A/notes.txt"] { try folder.write(path) }
        let notes = try CatalogSurvey(CatalogFolder(folder.url)).notes
        #expect(notes.count == 2)
        #expect(
            notes[0].hasPrefix("4 pictures in no animal's folder (3.jpg, 4.jpg, 5.jpg and 1 more): put each in one"))
        #expect(notes[1] == "1 file without the name of a picture (A/notes.txt)")
    }

    @Test func `The listing changes only with what is read from a name`() throws {
        let folder = try TemporaryFolder()
        for path in ["A/1_left.jpg", "B/2_left.jpg"] { try folder.write(path) }
        func listing(_ patterns: PatternChoice) throws -> String {
            try CatalogFolder(folder.url, patterns: patterns).photographListing()
        }
        let plain = PatternChoice.listed([try PathPattern(path: "*_left*", viewpoint: .left)])
        #expect(try listing(.automatic) == listing(plain))
        #expect(try listing(.automatic) != listing(.listed([])))
    }

    // MARK: EXIF

    /// A JPEG's first segments, with DateTimeOriginal in a TIFF structure.
    static func jpeg(_ date: String, little: Bool = true) -> [UInt8] {
        func number(_ value: Int, _ size: Int) -> [UInt8] {
            let bytes = (0..<size).map { UInt8(value >> (8 * $0) & 0xFF) }
            return little ? bytes : bytes.reversed()
        }
        func entry(_ tag: Int, _ type: Int, _ count: Int, _ value: Int) -> [UInt8] {
            number(tag, 2) + number(type, 2) + number(count, 4) + number(value, 4)
        }
        // IFD0 at 8 with one entry, the EXIF directory at 26 with one entry, the text at 44.
        let tiff =
            Array((little ? "II" : "MM").utf8) + number(42, 2) + number(8, 4) + number(1, 2)
            + entry(0x8769, 4, 1, 26) + number(0, 4) + number(1, 2) + entry(0x9003, 2, 20, 44) + number(0, 4)
            + Array(date.utf8) + [0]
        let body = Array("Exif\0\0".utf8) + tiff
        return [0xFF, 0xD8, 0xFF, 0xE1, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 0xFF)] + body
    }

    @Test(arguments: [true, false])
    func `The camera gives the day if no name does`(little: Bool) throws {
        let folder = try TemporaryFolder()
        let bytes = Data(Self.jpeg("2019:07:04 13:05:00", little: little))
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "A"), withIntermediateDirectories: true)
        try bytes.write(to: folder.url.appending(path: "A/1.jpg"))
        try bytes.write(to: folder.url.appending(path: "A/20200105.jpg"))
        try folder.write("B/2.jpg")
        let read = try Catalog.read(folder.url, layout: .folders).photographs
        #expect(read.map(\.date) == ["2019-07-04", "2020-01-05", nil])
        #expect(read[0].timestamp == "2019-07-04 13:05:00" && read[0].encounterID == "A 2019-07-04")
    }

    @Test(arguments: ["0000:00:00 00:00:00", "    :  :     :  :  ", "2019:13:40 00:00:00"])
    func `A time that the camera left unset is ignored`(text: String) throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "A"), withIntermediateDirectories: true)
        try Data(Self.jpeg(text)).write(to: folder.url.appending(path: "A/1.jpg"))
        #expect(try Catalog.read(folder.url, layout: .folders).photographs.map(\.date) == [nil])
    }

    @Test func `Truncated and false headers give no time and do not crash`() throws {
        let whole = Self.jpeg("2019:07:04 13:05:00")
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "x.jpg")
        func text(_ bytes: [UInt8]) throws -> String? {
            try Data(bytes).write(to: file)
            return try PictureHead(at: file).captureTime()
        }
        #expect(try text(whole) == "2019:07:04 13:05:00")
        // One byte short: only the terminating zero is missing, and the text is complete.
        for length in 0..<whole.count - 1 { #expect(try text(Array(whole.prefix(length))) == nil, "\(length)") }
        for position in whole.indices {
            for value: UInt8 in [0, 0x7F, 0xFF] {
                var changed = whole
                changed[position] = value
                _ = try text(changed)
            }
        }
    }
}
