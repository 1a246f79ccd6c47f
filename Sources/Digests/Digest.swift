import Basics
import Foundation

/// SHA-256 digests as lower-case hexadecimal text.
public enum Digest {
    private static let chunk = 1 << 20

    /// The digest of a text's UTF-8 bytes.
    public static func of(_ text: String) -> String {
        var text = text
        return text.withUTF8 { of(UnsafeRawBufferPointer($0)) }
    }

    /// The digest of bytes.
    public static func of(_ bytes: UnsafeRawBufferPointer) -> String {
        let hash = SHA256()
        hash.update(bytes)
        return hash.hexadecimal
    }

    /// The digest of bytes.
    public static func of(_ data: Data) -> String { data.withUnsafeBytes { of($0) } }

    /// The digest of a file's contents, read in parts.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``.
    public static func ofContents(of path: String) throws(FileError) -> String {
        try RegularFile.withDescriptor(of: path) { descriptor, _ throws(FileError) in
            try ofContents(of: descriptor, path: path)
        }
    }

    /// The digest of a file in an open folder, without following a link.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``.
    public static func ofContents(of name: String, in folder: HeldFolder) throws(FileError) -> String {
        let descriptor = try folder.opening(name)
        defer { close(descriptor) }
        return try ofContents(of: descriptor, path: "\(folder.path)/\(name)")
    }

    /// Reads an open file to its end.
    private static func ofContents(of descriptor: Int32, path: String) throws(FileError) -> String {
        let hash = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
        defer { buffer.deallocate() }
        while case let count = try RegularFile.read(descriptor, into: buffer, path: path), count > 0 {
            hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        return hash.hexadecimal
    }
}
