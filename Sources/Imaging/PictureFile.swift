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
