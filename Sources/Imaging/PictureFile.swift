import Basics
import Foundation

/// A picture file's bytes with its header read: the size is known, no pixel is decoded yet.
///
/// JPEG or PNG, as its first bytes say, whatever its name ends in.
public struct PictureFile: Sendable {
    /// The most pixels that are decoded unless told otherwise: a small file can claim gigabytes.
    public static let largestPixelCount = 200_000_000
    /// The longest side, which is JPEG's: of a picture 1 pixel high every row, and every step of a resize, is a picture.
    public static let longestSide = 65_500

    /// What errors call the picture: its path, or what the caller named it.
    public let name: String
    private let codec: any PictureCodec

    private static let codecs: [any PictureCodec.Type] = [JPEGCodec.self, PNGCodec.self]

    /// Columns as stored, before ``orientation``.
    public var storedWidth: Int { codec.width }
    /// Rows as stored, before ``orientation``.
    public var storedHeight: Int { codec.height }
    /// How the stored picture is to be turned.
    public var orientation: Orientation { codec.orientation }
    /// Width as seen, after ``orientation``.
    public var width: Int { orientation.swapsSides ? storedHeight : storedWidth }
    /// Height as seen, after ``orientation``.
    public var height: Int { orientation.swapsSides ? storedWidth : storedHeight }

    /// Reads a file and its header.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a missing file, else an ``ImagingError``.
    public init(at url: URL, pixelLimit: Int = PictureFile.largestPixelCount) throws {
        try self.init(FileError.contents(of: url), name: url.path, pixelLimit: pixelLimit)
    }

    /// Reads the header of a file's bytes; errors call it `name`.
    ///
    /// - Parameter pixelLimit: Stored pixels above which the picture is refused, as for a side above ``longestSide``, before anything is allocated for it.
    /// - Throws: ``ImagingError``.
    public init(_ data: Data, name: String, pixelLimit: Int = PictureFile.largestPixelCount) throws {
        guard let kind = Self.codecs.first(where: { data.starts(with: $0.signature) }) else {
            throw ImagingError.notPicture(file: name, found: FileKind.name(of: data))
        }
        codec = try kind.init(data, name: name)
        self.name = name
        let longer = max(codec.width, codec.height)
        guard longer <= Self.longestSide else {
            throw ImagingError.tooLong(
                file: name, width: codec.width, height: codec.height, limit: Self.longestSide)
        }
        guard codec.width * codec.height <= pixelLimit else {
            throw ImagingError.tooLarge(file: name, width: codec.width, height: codec.height, limit: pixelLimit)
        }
    }

    /// Decodes the picture upright, as 8-bit RGB.
    ///
    /// Grey, palettes, CMYK and YCCK become RGB. What is transparent lets black through, as lies around a picture
    /// that is warped. Colour profiles are left aside.
    ///
    /// - Parameter side: The smallest side that is wanted, in pixels; a JPEG decoder then works at 1/2, 1/4 or 1/8 of
    ///   the stored size, as long as the shorter side stays at least this long. Nil decodes every pixel.
    /// - Throws: ``ImagingError``; lost data is an error even where a decoder could fill it with grey.
    /// - Complexity: O(width · height) time; memory of the reduced size (progressive JPEG: of the stored size).
    public func decoded(atLeast side: Int? = nil) throws -> Raster {
        try codec.decoded(atLeast: side).turned(orientation)
    }
}

/// What ``PictureFile`` asks of a format.
protocol PictureCodec: Sendable {
    /// The bytes that every file of the format begins with.
    static var signature: [UInt8] { get }
    /// Columns as stored.
    var width: Int { get }
    /// Rows as stored.
    var height: Int { get }
    var orientation: Orientation { get }

    /// Reads the header of a file's bytes.
    ///
    /// - Throws: ``ImagingError``, with the file's name.
    init(_ data: Data, name: String) throws

    /// The picture as stored, by ``PictureFile/decoded(atLeast:)``'s rules.
    func decoded(atLeast side: Int?) throws -> Raster
}

/// The beginning of a picture file, for what its headers say without the pixels.
public struct PictureHead {
    private let url: URL
    private let head: Data

    /// As much as is read of a file: a JPEG segment has 64 KiB at most, and EXIF's is the first or stands behind a short
    /// one.
    private static let length = 68 << 10

    /// Reads the beginning of a file.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``.
    public init(at url: URL) throws {
        self.url = url
        head = try RegularFile.head(of: url.path, count: Self.length)
    }

    /// When the picture was taken, as EXIF of a JPEG file has it: `2020:01:05 10:11:12`; nil where it does not say.
    public var captureTime: String? { head.withUnsafeBytes { EXIF(ofJPEG: $0).captureTime } }

    /// The picture with its header read; where that is longer than the beginning, all of the file is read.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``, ``ImagingError``.
    public func picture() throws -> PictureFile {
        // A PNG file may tell its orientation behind the pixels.
        if head.starts(with: JPEGCodec.signature), let picture = try? PictureFile(head, name: url.path) {
            return picture
        }
        return try PictureFile(at: url)
    }
}

/// Says in words what a file that should have been a picture is instead.
enum FileKind {
    static func name(of data: Data) -> String {
        let start = [UInt8](data.prefix(16))
        let signatures: [(offset: Int, bytes: [UInt8], name: String)] = [
            (0, Array("GIF8".utf8), "a GIF picture"),
            (0, Array("BM".utf8), "a BMP picture"),
            (0, Array("II*\0".utf8), "a TIFF picture or a camera's raw file"),
            (0, Array("MM\0*".utf8), "a TIFF picture or a camera's raw file"),
            (8, Array("WEBP".utf8), "a WebP picture"),
            (4, Array("ftyphei".utf8), "a HEIC picture"),
            (4, Array("ftypmif".utf8), "a HEIF picture"),
            (4, Array("ftypavif".utf8), "an AVIF picture"),
            (4, Array("ftyp".utf8), "a video"),
            (0, Array("%PDF".utf8), "a PDF document"),
            (0, Array("PK".utf8), "a ZIP archive"),
            (0, Array("<".utf8), "a web page or XML"),
            (0, Array("version https://git-lfs".utf8.prefix(16)), "a Git LFS pointer whose picture was not fetched"),
        ]
        if start.isEmpty { return "an empty file" }
        return signatures.first { start.dropFirst($0.offset).starts(with: $0.bytes) }?.name ?? "something else"
    }
}

/// Numbers of either byte order at offsets that may lie anywhere.
struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    let isLittleEndian: Bool

    init(bytes: UnsafeRawBufferPointer, isLittleEndian: Bool) {
        self.bytes = bytes
        self.isLittleEndian = isLittleEndian
    }

    /// A TIFF structure, which says its byte order in its first two bytes; nil where it does not.
    init?(bytes: UnsafeRawBufferPointer) {
        switch (bytes.first, bytes.dropFirst().first) {
        case (0x49, 0x49): self.init(bytes: bytes, isLittleEndian: true)
        case (0x4D, 0x4D): self.init(bytes: bytes, isLittleEndian: false)
        default: return nil
        }
    }

    func byte(at offset: Int) -> Int? { bytes.indices.contains(offset) ? Int(bytes[offset]) : nil }

    func short(at offset: Int) -> Int? {
        guard let first = byte(at: offset), let second = byte(at: offset + 1) else { return nil }
        return isLittleEndian ? second << 8 | first : first << 8 | second
    }

    func long(at offset: Int) -> Int? {
        guard let first = short(at: offset), let second = short(at: offset + 2) else { return nil }
        return isLittleEndian ? second << 16 | first : first << 16 | second
    }
}

extension PhotographFile {
    /// Columns and rows of the whole picture as stored, whatever the box; only the file's header is taken apart.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a missing file, else an ``ImagingError``.
    public func storedSize() throws -> (width: Int, height: Int) {
        let file = try PictureHead(at: url).picture()
        return (file.storedWidth, file.storedHeight)
    }
}
