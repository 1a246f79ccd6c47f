import Basics
import Foundation

/// Writes a file of features photograph by photograph, so that it never holds them all.
public struct FeatureFileWriter {
    private let handle: FileHandle
    private let columns: Int
    private var table = Data()
    private var ids: Set<String> = []
    private var keypoints = 0

    /// Writes a file next to `url` and renames it into place when it is whole.
    ///
    /// - Parameters:
    ///   - url: The file, which appears only when it is complete.
    ///   - extractor: The extractor and its settings, at most 4096 bytes of UTF-8.
    ///   - columns: The numbers of a descriptor, in `1...256`.
    ///   - body: Appends the photographs, in the order of the file.
    /// - Throws: `FileError.unwritable`, ``MatchingError/badFeatures(problem:)``, or the error of `body`; an earlier
    ///   file at `url` is then untouched.
    public static func write(
        to url: URL, extractor: String, columns: Int, _ body: (inout FeatureFileWriter) throws -> Void
    ) throws {
        try AtomicFile.stream(to: url) { handle in
            var writer = FeatureFileWriter(handle: handle, columns: columns)
            try writer.table.append(text: extractor)
            try handle.write(contentsOf: Data(count: FeatureFile.headerSize))
            try body(&writer)
            try writer.finish()
        }
    }

    private init(handle: FileHandle, columns: Int) {
        self.handle = handle
        self.columns = columns
    }

    /// Appends a photograph.
    ///
    /// - Throws: ``MatchingError/badFeatures(problem:)`` for an id that the file has already or that is too long, or
    ///   descriptors of another width; otherwise the file's error.
    public mutating func append(_ features: LocalFeatures, id: String) throws {
        guard features.columns == columns else {
            throw MatchingError.badFeatures(
                problem: "the descriptors of \(quoted: id) have \(features.columns) numbers, and the file's \(columns)")
        }
        guard ids.insert(id).inserted else {
            throw MatchingError.badFeatures(problem: "the photograph \(quoted: id) comes twice")
        }
        try table.append(text: id)
        table.append(number: UInt16(features.width))
        table.append(number: UInt16(features.height))
        table.append(number: UInt32(features.keypoints.count))
        keypoints += features.keypoints.count
        var record = Data(capacity: features.keypoints.count * (FeatureFile.keypointSize + columns))
        for point in features.keypoints {
            for number in [point.x, point.y, point.size, point.angle, point.strength] {
                record.append(number: number.bitPattern)
            }
        }
        record.append(features.descriptors)
        try handle.write(contentsOf: record)
    }

    private func finish() throws {
        let place = try handle.offset()
        try handle.write(contentsOf: table)
        var header = FeatureFile.signature
        header.append(number: UInt32(FeatureFile.version))
        header.append(number: UInt32(columns))
        header.append(number: UInt64(ids.count))
        header.append(number: UInt64(keypoints))
        header.append(number: UInt64(place))
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: header)
    }
}

extension Data {
    fileprivate mutating func append(number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func append(text: String) throws(MatchingError) {
        guard text.utf8.count <= FeatureFile.longestText else {
            throw .badFeatures(problem: "the text \(quoted: text) has more than \(FeatureFile.longestText) bytes")
        }
        append(number: UInt16(text.utf8.count))
        append(contentsOf: text.utf8)
    }
}
