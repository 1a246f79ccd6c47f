import Basics
import Foundation

/// What tells whether two photographs are the same picture.
public struct Fingerprint: Sendable, Equatable {
    /// Of the file's bytes; nil where it is not known.
    public var digest: String?
    /// Of what the picture shows, 64 bits: two pictures are the more alike the fewer bits differ; nil where it is not
    /// known.
    public var perceptualHash: UInt64?

    /// Creates a fingerprint.
    public init(digest: String? = nil, perceptualHash: UInt64? = nil) {
        self.digest = digest
        self.perceptualHash = perceptualHash
    }

    /// A perceptual hash as files have it: 16 hexadecimal digits.
    public static func text(ofPerceptualHash hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Reads the perceptual hashes, as ``text(ofPerceptualHash:)`` writes them, of a file with the columns `image_id` and `perceptual_hash`.
    ///
    /// - Throws: ``FileError``, also for a hash that is none.
    public static func perceptualHashes(_ url: URL) throws -> [String: UInt64] {
        let table = try CSVTable.read(url)
        let (id, column) = (try table.column("image_id"), try table.column("perceptual_hash"))
        var result: [String: UInt64] = [:]
        for (row, cells) in table.rows.enumerated() where !cells[column].isEmpty {
            guard let hash = UInt64(cells[column], radix: 16) else {
                throw FileError.malformed(
                    path: table.path, line: table.line(ofRow: row),
                    problem: "\(quoted: cells[column]) is no perceptual hash",
                    remedy: "Run 'whalebook run measure' again.")
            }
            result[cells[id]] = hash
        }
        return result
    }
}

extension [String: Fingerprint] {
    /// Joins digests and perceptual hashes by image_id.
    public static func joined(digests: [String: String], hashes: [String: UInt64]) -> Self {
        var result = digests.mapValues { Fingerprint(digest: $0) }
        for (id, hash) in hashes { result[id, default: Fingerprint()].perceptualHash = hash }
        return result
    }
}
