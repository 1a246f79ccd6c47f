import Basics
import Foundation
import Testing

@testable import Matching

struct FeatureFileTests {
    private let folder: TemporaryFolder
    private let url: URL

    init() throws {
        folder = try TemporaryFolder("features")
        url = folder.url.appending(path: "keypoints.bin")
    }

    private static func features(_ count: Int, columns: Int = 8, seed: UInt64 = 1) throws -> LocalFeatures {
        var generator = SeededGenerator(seed: seed, "features")
        let keypoints = (0..<count).map { _ in
            Keypoint(
                x: Float16(generator.uniform(0...255)), y: Float16(generator.uniform(0...99)),
                size: Float16(generator.uniform(1...40)), angle: Float16(generator.uniform(0...359)),
                strength: Float16(generator.uniform(0...1)))
        }
        let bytes = (0..<count * columns).map { _ in UInt8(generator.integer(in: 0..<256)) }
        return try LocalFeatures(
            width: 256, height: 100, keypoints: keypoints, columns: columns, descriptors: Data(bytes))
    }

    private func write(_ features: [(String, LocalFeatures)], columns: Int = 8) throws {
        try FeatureFileWriter.write(to: url, extractor: "made side 256", columns: columns) { writer in
            for (id, features) in features { try writer.append(features, id: id) }
        }
    }

    @Test func `What is written is read, photograph by photograph`() throws {
        defer { folder.remove() }
        let written = try [("a", Self.features(3)), ("empty", Self.features(0)), ("ü/b", Self.features(1, seed: 2))]
        try write(written)
        let file = try FeatureFile.read(url)
        #expect(file.extractor == "made side 256" && file.columns == 8)
        #expect(file.ids == written.map(\.0))
        for (number, entry) in written.enumerated() { #expect(try file.features(at: number) == entry.1) }
        #expect(try file.descriptors.counts == [3, 0, 1])
        // 64 bytes before, 18 a keypoint, and the table.
        let size = try url.resourceValues(forKeys: [.fileSizeKey]).fileSize
        #expect(size == 64 + 4 * (10 + 8) + (2 + 13) + (2 + 1 + 8) + (2 + 5 + 8) + (2 + 4 + 8))
        let before = try Data(contentsOf: url)
        try write(written)
        #expect(try Data(contentsOf: url) == before)
    }

    @Test func `A file of no photographs is read`() throws {
        defer { folder.remove() }
        try write([])
        #expect(try FeatureFile.read(url).ids.isEmpty)
        #expect(try FeatureFile.read(url).descriptors.counts.isEmpty)
    }

    @Test func `A failure leaves the earlier file and no other`() throws {
        defer { folder.remove() }
        try write([("a", Self.features(3))])
        let before = try Data(contentsOf: url)
        let (one, wide) = try (Self.features(1), Self.features(1, columns: 9))
        #expect(throws: MatchingError.self) { try write([("a", one), ("a", one)]) }
        #expect(throws: MatchingError.self) { try write([("a", wide)]) }
        #expect(throws: MatchingError.self) { try write([(String(repeating: "a", count: 5000), one)]) }
        #expect(try Data(contentsOf: url) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["keypoints.bin"])
    }

    /// Writes changed bytes and reads them whole; returns the error.
    private func error(_ data: Data) throws -> FileError? {
        try data.write(to: url)
        do {
            let file = try FeatureFile.read(url)
            for number in file.ids.indices { _ = try file.features(at: number) }
            _ = try file.descriptors
            return nil
        } catch let error as FileError {
            return error
        }
    }

    @Test func `Every cut and every longer file is refused`() throws {
        defer { folder.remove() }
        try write([("a", Self.features(2)), ("b", Self.features(1))])
        let whole = try Data(contentsOf: url)
        for count in 0..<whole.count {
            let error = try #require(try error(whole.prefix(count)), "cut to \(count) bytes")
            #expect(error.description.contains(url.path))
        }
        let longer = try #require(try error(whole + [0]))
        #expect(longer.description.contains("bytes follow the table"))
        #expect(try error(whole) == nil)
    }

    @Test func `Any changed byte is an error or other features, never a crash`() throws {
        defer { folder.remove() }
        try write([("a", Self.features(2)), ("b", Self.features(1))])
        let whole = try Data(contentsOf: url)
        var refused = 0
        for place in whole.indices {
            for value: UInt8 in [0, 0x7F, 0xFF] where whole[place] != value {
                var changed = whole
                changed[place] = value
                refused += try error(changed) == nil ? 0 : 1
            }
        }
        // The header and the counts of the table alone have more.
        #expect(refused > 100)
    }

    @Test(
        arguments: [
            (8, [2, 0, 0, 0], "version 2"), (12, [0, 0, 0, 0], "0 numbers"), (12, [1, 1, 0, 0], "257 numbers"),
            (16, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], "photographs"),
            (16, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "header"),
            (24, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], "keypoints"), (24, [2], "keypoints"),
            (32, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], "table"), (32, [63], "table"),
        ] as [(Int, [UInt8], String)])
    func `A header that lies is refused, and the error says what it announces`(
        place: Int, bytes: [UInt8], words: String
    ) throws {
        defer { folder.remove() }
        try write([("a", Self.features(2)), ("b", Self.features(1))])
        var data = try Data(contentsOf: url)
        data.replaceSubrange(place..<place + bytes.count, with: bytes)
        let error = try #require(try error(data))
        #expect(error.description.contains(words), "\(error)")
        #expect(error.description.contains("Extract the keypoints again"))
    }

    /// The last entry of the table: 2 bytes of length, the id, columns, rows, keypoints.
    @Test(
        arguments: [
            (-4, [2, 0, 0, 0], "more keypoints"), (-4, [0, 0, 0, 0], "fewer keypoints"),
            (-4, [0xFF, 0xFF, 0xFF, 0xFF], "'b'"), (-8, [0, 0], "0 x 100"), (-6, [0xFF, 0xFF], "65535"),
            (-9, [0x61], "twice"),
            (-9, [0xFF], "not text"), (-11, [0xFF, 0xFF], "cut short"), (-11, [0, 0], "25601"),
        ] as [(Int, [UInt8], String)])
    func `A table that lies is refused`(place: Int, bytes: [UInt8], words: String) throws {
        defer { folder.remove() }
        try write([("a", Self.features(2)), ("b", Self.features(1))])
        var data = try Data(contentsOf: url)
        data.replaceSubrange(data.count + place..<data.count + place + bytes.count, with: bytes)
        let error = try #require(try error(data))
        #expect(error.description.contains(words), "\(error)")
    }

    @Test func `A keypoint that is not finite or lies outside is refused, and the error names the photograph`() throws {
        defer { folder.remove() }
        try write([("a", Self.features(2)), ("b", Self.features(1))])
        let whole = try Data(contentsOf: url)
        // Of "b": after the header and two keypoints with descriptors.
        let start = 64 + 2 * 18
        for (number, value) in [
            (0, Float16.nan), (0, 300), (0, -2), (1, .infinity), (1, 101), (2, .nan), (2, -1), (3, 361), (3, .nan),
            (4, .infinity), (4, -0.5),
        ] {
            var data = whole
            data.replaceSubrange(
                start + 2 * number..<start + 2 * number + 2,
                with: withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) })
            let error = try #require(try error(data), "number \(number) is \(value)")
            #expect(error.description.contains("'b'") && error.description.contains("keypoint 0"))
        }
    }

    @Test func `Files of other kinds and missing files are refused`() throws {
        defer { folder.remove() }
        for bytes in [Data(), Data("x".utf8), Data([0x93] + "NUMPY".utf8) + Data(count: 100)] {
            #expect(try error(bytes)?.description.contains("not a file of keypoints") == true)
        }
        #expect(throws: FileError.self) { try FeatureFile.read(folder.url.appending(path: "none.bin")) }
        #expect(throws: FileError.self) { try FeatureFile.read(folder.url) }
    }

    @Test func `Features that do not fit are refused`() throws {
        defer { folder.remove() }
        let point = Keypoint(x: 1, y: 1, size: 1, angle: 0, strength: 0)
        func made(_ width: Int, _ count: Int, _ columns: Int, _ bytes: Int) throws -> LocalFeatures {
            try LocalFeatures(
                width: width, height: 9, keypoints: Array(repeating: point, count: count), columns: columns,
                descriptors: Data(count: bytes))
        }
        #expect(try made(9, 2, 4, 8).keypoints.count == 2)
        for (width, count, columns, bytes) in [
            (0, 0, 4, 0), (4000, 0, 4, 0), (9, 2, 4, 7), (9, 2, 0, 0), (9, 1, 257, 257), (9, 8193, 1, 8193),
        ] {
            #expect(throws: MatchingError.self) { try made(width, count, columns, bytes) }
        }
    }
}
