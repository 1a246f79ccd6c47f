import Basics
import Foundation

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
