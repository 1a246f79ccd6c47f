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
}

extension [String: Fingerprint] {
    /// Joins digests and perceptual hashes by image_id.
    public static func joined(digests: [String: String], hashes: [String: UInt64]) -> Self {
        var result = digests.mapValues { Fingerprint(digest: $0) }
        for (id, hash) in hashes { result[id, default: Fingerprint()].perceptualHash = hash }
        return result
    }
}

/// Photographs that show the same: of one file's bytes, or nearly the same picture.
public struct Duplicates: Sendable, Equatable {
    /// The most bits of 64 in which the perceptual hashes of near-duplicates differ.
    ///
    /// Copies of a photograph that were made smaller or saved again differ in up to some 6; pictures that have nothing
    /// in common differ in 32 on average, with a standard deviation of 4.
    public static let limit = 6

    /// Positions of photographs whose files and boxes are equal, in groups of at least two.
    public let exact: [[Int]]
    /// Pairs of positions whose hashes are near, the groups of ``exact`` counted by their first photograph; nil where no
    /// photograph has a hash.
    public let near: [[Int]]?

    /// Finds the duplicates of a catalogue.
    ///
    /// - Parameters:
    ///   - fingerprints: Of each photograph, in the order of `photographs`; nil for one that could not be opened.
    ///   - limit: The most bits in which the hashes of near-duplicates differ.
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

/// Which of some 64-bit hashes differ in a few bits only.
enum HammingNeighbours {
    /// For each hash the positions of all others within a distance, in ascending order.
    ///
    /// The bits are cut into one band more than may differ, so that two near hashes agree in at least one band; only
    /// hashes that agree in a band are compared (multi-index hashing).
    ///
    /// - Parameters:
    ///   - hashes: Distinct.
    ///   - limit: The most bits that may differ, in `0..<64`.
    /// - Complexity: O(n · bands) for hashes that are spread evenly, O(n²) at worst.
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
