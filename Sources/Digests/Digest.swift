import Basics
import Crypto
import Foundation

/// SHA-256 digests as lower-case hexadecimal text.
public enum Digest {
    private static let chunk = 1 << 20

    /// The digest of a text's UTF-8 bytes.
    public static func of(_ text: String) -> String { hexadecimal(SHA256.hash(data: Data(text.utf8))) }

    /// The digest of bytes.
    public static func of(_ bytes: UnsafeRawBufferPointer) -> String {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return hexadecimal(hash.finalize())
    }

    /// The digest of a file's contents, read part by part.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``.
    public static func ofContents(of path: String) throws(FileError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: lastError()) }
        return try ofContents(of: descriptor, path: path)
    }

    /// The digest of a file in a folder that is held open, without following a link.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``.
    public static func ofContents(of name: String, in folder: HeldFolder) throws(FileError) -> String {
        try ofContents(of: folder.opening(name), path: "\(folder.path)/\(name)")
    }

    /// Reads an open file to its end and closes it.
    private static func ofContents(of descriptor: Int32, path: String) throws(FileError) -> String {
        defer { close(descriptor) }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: chunk)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, chunk) }
            guard count >= 0 else { throw .unreadable(path: path, reason: lastError()) }
            if count == 0 { break }
            buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        return hexadecimal(hash.finalize())
    }

    private static func lastError() -> String { String(cString: strerror(errno)).lowercased() }

    private static func hexadecimal(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
