import COpenSSL
import Foundation

/// SHA-256 of bytes that arrive in parts, by OpenSSL.
///
/// Source: FIPS 180-4.
public final class SHA256 {
    /// Fetched once: EVP_sha256() would search the providers for each digest.
    ///
    /// Safe, because nothing changes it and OpenSSL lets threads share a fetched algorithm (EVP_MD_fetch(3)).
    private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)
    private static let size = 32

    private let context: OpaquePointer

    /// Begins with no bytes.
    public init() {
        guard let context = EVP_MD_CTX_new() else { fatalError("no memory for a digest") }
        self.context = context
        reset()
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Forgets all bytes.
    public func reset() {
        let status = EVP_DigestInit_ex2(context, Self.algorithm, nil)
        precondition(status == 1, "this OpenSSL has no SHA-256")
    }

    /// Adds bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) {
        let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(status == 1, "OpenSSL refused \(bytes.count) bytes")
    }

    /// Adds bytes.
    public func update(_ data: Data) { data.withUnsafeBytes { update($0) } }

    /// The digest of the bytes so far, as lower-case hexadecimal text; more may follow.
    public var hexadecimal: String {
        guard let copy = EVP_MD_CTX_new() else { fatalError("no memory for a digest") }
        defer { EVP_MD_CTX_free(copy) }
        var digest = [UInt8](repeating: 0, count: Self.size)
        let status = EVP_MD_CTX_copy_ex(copy, context) == 1 ? EVP_DigestFinal_ex(copy, &digest, nil) : 0
        precondition(status == 1, "OpenSSL gave no digest")
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
