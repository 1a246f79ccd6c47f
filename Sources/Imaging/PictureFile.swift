import Basics
import Foundation

/// A picture file's bytes with a parsed header: the size is known, but no pixel is decoded yet.
///
/// JPEG, PNG, WebP, TIFF or HEIC according to its first bytes, regardless of its name.
public struct PictureFile: Sendable {
    /// The default limit on pixels, because a small file can claim gigabytes.
    public static let largestPixelCount = 200_000_000
    /// The longest side allowed.
    public static let longestSide = Bounds.pictureSide

    /// The picture's name in errors: its path, or the caller's name for it.
    public let name: String
    private let codec: any PictureCodec
    private let salvage: Salvage

    private static let codecs: [any PictureCodec.Type] = [
        JPEGCodec.self, PNGCodec.self, WebPCodec.self, TIFFCodec.self, HEICCodec.self,
    ]

    /// The format of a file with this beginning; nil if it is none of them.
    static func codec(of head: Data) -> (any PictureCodec.Type)? { codecs.first { $0.recognises(head) } }

    /// Columns as stored, before ``orientation``.
    public var storedWidth: Int { codec.width }
    /// Rows as stored, before ``orientation``.
    public var storedHeight: Int { codec.height }
    /// The rotation of the stored picture.
    public var orientation: Orientation { codec.orientation }
    /// Width when displayed, after ``orientation``.
    public var width: Int { orientation.swapsSides ? storedHeight : storedWidth }
    /// Height when displayed, after ``orientation``.
    public var height: Int { orientation.swapsSides ? storedWidth : storedHeight }

    /// Reads a file and its header.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a missing file, else an ``ImagingError``.
    public init(
        at url: URL, pixelLimit: Int = PictureFile.largestPixelCount, salvage: Salvage = .off
    ) throws {
        try self.init(FileError.contents(of: url), name: url.path, pixelLimit: pixelLimit, salvage: salvage)
    }

    /// Reads the header of a file's bytes; `name` is for errors.
    ///
    /// - Parameters:
    ///   - data: The file's bytes.
    ///   - name: The file's name.
    ///   - pixelLimit: The largest number of stored pixels. A larger picture, or one with a side above
    ///     ``longestSide``, is refused before anything is allocated.
    ///   - salvage: What ``decoded(atLeast:)`` does with a JPEG file that ends early.
    /// - Throws: ``ImagingError``.
    public init(
        _ data: Data, name: String, pixelLimit: Int = PictureFile.largestPixelCount, salvage: Salvage = .off
    ) throws {
        guard let kind = Self.codec(of: data) else {
            throw ImagingError.notPicture(file: name, found: FileKind(of: data)?.name ?? "something else")
        }
        codec = try kind.init(data, name: name)
        self.name = name
        self.salvage = salvage
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
    /// Grey, palettes, CMYK and YCCK become RGB. Transparent pixels are drawn over black, like the border of a warped
    /// picture. Colour profiles are ignored.
    ///
    /// With `side`, a JPEG is decoded at 1/2, 1/4 or 1/8 of the stored size, as long as the shorter side has at least
    /// that many pixels. Nil decodes every pixel.
    ///
    /// - Throws: ``ImagingError``; lost data is an error, unless `salvage` fills the end of a JPEG file with grey.
    /// - Complexity: O(width · height) time; memory of the reduced size (progressive JPEG: of the stored size).
    public func decoded(atLeast side: Int? = nil) throws -> Raster {
        guard salvage != .off, let jpeg = codec as? JPEGCodec else {
            return try codec.decoded(atLeast: side).turned(orientation)
        }
        return try jpeg.decoded(atLeast: side, salvage: salvage).raster.turned(orientation)
    }

    /// The share of the stored rows that a JPEG file which ends early does not give; nil for a whole file. A progressive
    /// file may only lack detail; its share is 0.
    ///
    /// - Throws: ``ImagingError``.
    public func lostShare() throws -> Double? {
        guard let jpeg = codec as? JPEGCodec else { return nil }
        do {
            _ = try jpeg.decoded(atLeast: 1)
            return nil
        } catch ImagingError.truncated {
            return try jpeg.decoded(atLeast: 1, salvage: .grey).lost
        }
    }
}

/// The requirements of ``PictureFile`` on a format.
protocol PictureCodec: Sendable {
    /// Whether a file with this beginning, of at least 12 bytes unless the file is shorter, has this format.
    static func recognises(_ head: Data) -> Bool
    /// The EXIF of a file's bytes, which may be damaged.
    static func exif(of data: Data) -> EXIF
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

/// The beginning of a picture file, for headers without pixels.
public struct PictureHead {
    private let url: URL
    private let head: Data

    /// The number of bytes read: a JPEG segment has at most 64 KiB, and EXIF's is the first or follows a short one.
    private static let length = 68 << 10

    /// Reads the beginning of a file.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``.
    public init(at url: URL) throws {
        self.url = url
        head = try RegularFile.head(of: url.path, count: Self.length)
    }

    /// The capture time from the file's EXIF: `2020:01:05 10:11:12`; nil if there is none.
    ///
    /// Of a JPEG file only the beginning is read; other formats may have their EXIF at the end.
    ///
    /// - Throws: ``FileError`` if too many files are open.
    public func captureTime() throws(FileError) -> String? {
        guard let codec = PictureFile.codec(of: head) else { return nil }
        if codec == JPEGCodec.self { return codec.exif(of: head).captureTime }
        let whole = try FileError.attempt { try FileError.contents(of: url, mapped: true) }
        return whole.flatMap { codec.exif(of: $0).captureTime }
    }

    /// The picture with its header parsed; reads the whole file if the header is longer than the beginning.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``, ``ImagingError``.
    public func picture() throws -> PictureFile {
        // A PNG file may give its orientation after the pixels.
        if head.starts(with: JPEGCodec.signature), let picture = try? PictureFile(head, name: url.path) {
            return picture
        }
        return try PictureFile(at: url)
    }
}

/// Reads numbers of either byte order at any offset.
struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    let isLittleEndian: Bool

    init(bytes: UnsafeRawBufferPointer, isLittleEndian: Bool) {
        self.bytes = bytes
        self.isLittleEndian = isLittleEndian
    }

    /// A TIFF structure, with its byte order in the first two bytes; nil if they are invalid.
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
    /// Columns and rows of the whole stored picture, ignoring the box; only the file's header is parsed.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a missing file, else an ``ImagingError``.
    public func storedSize() throws -> (width: Int, height: Int) {
        let file = try PictureHead(at: url).picture()
        return (file.storedWidth, file.storedHeight)
    }
}
