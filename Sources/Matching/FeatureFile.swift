import Basics
import Foundation

/// The local features of photographs in one file, which is mapped: only the photographs used are read.
///
/// Little-endian: a header of 64 bytes (``signature``, the ``version`` as UInt32, the numbers of a descriptor as UInt32,
/// then as UInt64 the photographs, their keypoints together, and the place of the table; zeros). Each photograph's
/// keypoints follow, five half-precision numbers each (x, y, size, angle, strength), then its descriptors, a byte for
/// each number. The table comes last: the extractor, then each photograph's id, its picture's columns and rows as
/// UInt16, and its keypoints as UInt32; texts are UTF-8 after their length as UInt16.
public struct FeatureFile: Sendable {
    /// The extractor and its settings; only features of the same extractor can be matched.
    public let extractor: String
    /// The numbers of a descriptor.
    public let columns: Int
    /// The photographs' ids, in the order of the file.
    public let ids: [String]
    /// The path, for messages.
    public let path: String
    private let data: Data
    private let photographs: [Photograph]

    private struct Photograph {
        let width: Int
        let height: Int
        let count: Int
        /// The place of the keypoints in the file.
        let start: Int
    }

    /// The first bytes of every file. Its line breaks show if a copy changed them.
    public static let signature = Data([0x93] + "WBKP\r\n".utf8 + [0x1A])
    /// The version of the format that is written and read.
    public static let version = 1
    /// Bytes of the header.
    static let headerSize = 64
    /// Bytes of a keypoint.
    static let keypointSize = 10
    /// The longest text in bytes.
    static let longestText = 4096

    private static let remedy = "Extract the keypoints again, or copy the file again from its source."

    /// Maps a file, and checks its sizes, but not the numbers of keypoints: ``features(at:)`` does.
    ///
    /// - Throws: `FileError` for a file that is missing, cut short, of another kind or version, or whose counts do not
    ///   fit its size.
    /// - Complexity: O(photographs).
    public static func read(_ url: URL) throws(FileError) -> FeatureFile {
        try FeatureFile(try FileError.contents(of: url, mapped: true), path: url.path)
    }

    private init(_ data: Data, path: String) throws(FileError) {
        func malformed(_ problem: String, _ remedy: String = Self.remedy) -> FileError {
            .malformed(path: path, line: nil, problem: problem, remedy: remedy)
        }
        guard data.starts(with: Self.signature) else { throw malformed("this is not a file of keypoints") }
        var header = ByteReader(data, from: Self.signature.count)
        guard data.count >= Self.headerSize, let version = header.number(UInt32.self),
            let columns = header.number(UInt32.self), let count = header.number(UInt64.self),
            let keypoints = header.number(UInt64.self), let table = header.number(UInt64.self)
        else { throw malformed("the header is cut short") }
        guard version == Self.version else {
            throw malformed(
                "its format has version \(version), and this Whalebook reads version \(Self.version)",
                "Extract the keypoints again.")
        }
        guard (1...DescriptorSet.mostColumns).contains(columns) else {
            throw malformed("descriptors have \(columns) numbers, not 1 to \(DescriptorSet.mostColumns)")
        }
        // Compared by division, since the header can announce anything.
        let size = Self.keypointSize + columns
        guard table >= Self.headerSize, table <= data.count, keypoints <= data.count / size,
            keypoints * size == table - Self.headerSize
        else {
            throw malformed(
                "the header announces \(keypoints) keypoints before a table at byte \(table), but the file has "
                    + "\(data.count) bytes")
        }
        var reader = ByteReader(data, from: table)
        guard let extractor = reader.text() else { throw malformed("the table is cut short or is not text") }
        // Ten bytes are the least that a photograph needs in the table.
        guard count <= (data.count - table) / 10 else {
            throw malformed("the header announces \(count) photographs, but the table is too short for them")
        }
        var (ids, photographs, known) = ([String](), [Photograph](), Set<String>())
        var start = Self.headerSize
        for number in 0..<count {
            guard let id = reader.text(), let width = reader.number(UInt16.self),
                let height = reader.number(UInt16.self), let found = reader.number(UInt32.self)
            else { throw malformed("entry \(number) of the table is cut short or is not text") }
            guard known.insert(id).inserted else {
                throw malformed("the table has the photograph \(quoted: id) twice")
            }
            if let problem = LocalFeatures.problem(width: width, height: height, count: found, columns: columns) {
                throw malformed("the photograph \(quoted: id) cannot be used: \(problem)")
            }
            guard found <= (table - start) / size else {
                throw malformed("the table announces more keypoints than the \(keypoints) of the header")
            }
            ids.append(id)
            photographs.append(Photograph(width: width, height: height, count: found, start: start))
            start += found * size
        }
        guard start == table else {
            throw malformed("the table announces fewer keypoints than the \(keypoints) of the header")
        }
        guard reader.isAtEnd else { throw malformed("bytes follow the table, where the file should end") }
        self.extractor = extractor
        self.columns = columns
        self.ids = ids
        self.path = path
        self.data = data
        self.photographs = photographs
    }

    /// The number of keypoints of all photographs.
    public var keypointCount: Int { photographs.reduce(0) { $0 + $1.count } }

    /// The features of the photograph with this number, from 0.
    ///
    /// - Throws: `FileError.malformed` for a keypoint that is not finite or lies outside the picture.
    /// - Complexity: O(keypoints), and no copy of the descriptors.
    public func features(at number: Int) throws(FileError) -> LocalFeatures {
        let photograph = photographs[number]
        var reader = ByteReader(data, from: photograph.start)
        let keypoints = (0..<photograph.count).compactMap { _ in reader.keypoint() }
        do {
            return try LocalFeatures(
                width: photograph.width, height: photograph.height, keypoints: keypoints, columns: columns,
                descriptors: descriptors(of: photograph))
        } catch {
            throw .malformed(
                path: path, line: nil,
                problem: "the photograph \(quoted: ids[number]) cannot be used: \(error.problem)",
                remedy: Self.remedy)
        }
    }

    /// The descriptors of all photographs, without copies.
    public var descriptors: DescriptorSet {
        get throws(MatchingError) {
            try DescriptorSet(columns: columns, bytes: photographs.map(descriptors))
        }
    }

    private func descriptors(of photograph: Photograph) -> Data {
        let start = data.startIndex + photograph.start + photograph.count * Self.keypointSize
        return data[start..<start + photograph.count * columns]
    }
}

/// Reads little-endian numbers and texts one after another.
private struct ByteReader {
    private let data: Data
    private var place: Int

    init(_ data: Data, from place: Int) {
        self.data = data
        self.place = place
    }

    var isAtEnd: Bool { place == data.count }

    /// Nil if the number does not fit in the rest, or in an `Int`.
    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_ type: Number.Type) -> Int? {
        let size = MemoryLayout<Number>.size
        guard data.count - place >= size else { return nil }
        let value = data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: type) }
        place += size
        return Int(exactly: Number(littleEndian: value))
    }

    mutating func text() -> String? {
        guard let count = number(UInt16.self), count <= FeatureFile.longestText, data.count - place >= count else {
            return nil
        }
        let start = data.startIndex + place
        place += count
        return String(validating: data[start..<start + count], as: UTF8.self)
    }

    mutating func keypoint() -> Keypoint? {
        func half() -> Float16? { number(UInt16.self).map { Float16(bitPattern: UInt16($0)) } }
        guard let x = half(), let y = half(), let size = half(), let angle = half(), let strength = half() else {
            return nil
        }
        return Keypoint(x: x, y: y, size: size, angle: angle, strength: strength)
    }
}
