import Basics
import Foundation

/// The evidence that two photographs are the same picture.
public struct Fingerprint: Sendable, Equatable {
    /// The digest of the file's bytes; nil if unknown.
    public var digest: String?
    /// A 64-bit hash of the picture's content: the fewer bits differ, the more alike two pictures are; nil if unknown.
    public var perceptualHash: UInt64?

    /// Creates a fingerprint.
    public init(digest: String? = nil, perceptualHash: UInt64? = nil) {
        self.digest = digest
        self.perceptualHash = perceptualHash
    }

    /// A perceptual hash in its file format: 16 hexadecimal digits.
    public static func text(ofPerceptualHash hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
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

/// Duplicate photographs: with the same file bytes, or nearly the same picture.
public struct Duplicates: Sendable, Equatable {
    /// The largest number of the 64 bits in which the perceptual hashes of near-duplicates differ.
    ///
    /// Copies that were scaled down or saved again differ in up to about 6; unrelated pictures differ in 32 on average,
    /// with a standard deviation of 4.
    public static let limit = 6

    /// Positions of photographs whose files and boxes are equal, in groups of at least two.
    public let exact: [[Int]]
    /// Pairs of positions with near hashes, where the first photograph represents each group of ``exact``; nil if no
    /// photograph has a hash.
    public let near: [[Int]]?

    /// Finds the duplicates of a catalogue.
    ///
    /// `fingerprints` has one for each photograph, in the order of `photographs`; nil for one that could not be opened.
    /// The hashes of near-duplicates differ in at most `limit` bits.
    public init(_ photographs: [Photograph], fingerprints: [Fingerprint?], limit: Int = Self.limit) {
        struct Source: Hashable {
            let digest: String
            let box: String
        }
        var places: [Source: Int] = [:]
        var groups: [[Int]] = []
        var firsts: [UInt64: [Int]] = [:]
        for (position, fingerprint) in fingerprints.enumerated() {
            guard let fingerprint, let digest = fingerprint.digest else { continue }
            let source = Source(digest: digest, box: photographs[position].box?.text ?? "")
            if let place = places[source] {
                groups[place].append(position)
                continue
            }
            places[source] = groups.count
            groups.append([position])
            if let hash = fingerprint.perceptualHash { firsts[hash, default: []].append(position) }
        }
        exact = groups.filter { $0.count > 1 }
        guard !firsts.isEmpty else {
            near = nil
            return
        }
        let hashes = firsts.keys.sorted()
        var pairs: [[Int]] = []
        for (place, others) in zip(hashes.indices, HammingNeighbours.neighbours(of: hashes, within: limit)) {
            let own = firsts[hashes[place], default: []]
            for (number, one) in own.enumerated() { pairs += own[(number + 1)...].map { [one, $0] } }
            for other in others where other > place {
                pairs += own.flatMap { one in firsts[hashes[other], default: []].map { [one, $0].sorted() } }
            }
        }
        near = pairs.sorted { $0.lexicographicallyPrecedes($1) }
    }
}

/// Finds 64-bit hashes that differ in only a few bits.
enum HammingNeighbours {
    /// Finds all other hashes within a distance of each hash.
    ///
    /// Divides the bits into `limit + 1` bands, so that two near hashes agree in at least one band, and compares only
    /// hashes that agree in a band (multi-index hashing).
    ///
    /// - Parameters:
    ///   - hashes: Distinct.
    ///   - limit: The largest number of differing bits, in `0..<64`.
    /// - Returns: For each hash the positions of those near it, in ascending order.
    /// - Complexity: O(n · bands) for evenly distributed hashes, O(n²) at worst.
    ///
    /// Source: Norouzi, Punjani, Fleet, CVPR 2012.
    static func neighbours(of hashes: [UInt64], within limit: Int) -> [[Int]] {
        var found = [Set<Int>](repeating: [], count: hashes.count)
        let bands = limit + 1
        for band in 0..<bands {
            let (low, high) = (64 * band / bands, 64 * (band + 1) / bands)
            let mask = (high - low == 64 ? UInt64.max : (1 << UInt64(high - low)) - 1) << UInt64(low)
            for alike in Dictionary(grouping: hashes.indices, by: { hashes[$0] & mask }).values {
                for (place, one) in alike.enumerated() {
                    for other in alike[(place + 1)...]
                    where (hashes[one] ^ hashes[other]).nonzeroBitCount <= limit {
                        found[one].insert(other)
                        found[other].insert(one)
                    }
                }
            }
        }
        return found.map { $0.sorted() }
    }
}
