import Basics
import Foundation
import Imaging

/// The evidence that two photographs are the same picture.
public struct Fingerprint: Sendable, Equatable {
    /// The digest of the file's bytes; nil if unknown.
    public var digest: String?
    /// A 64-bit hash of the picture's content: the fewer bits differ, the more alike two pictures are; nil if unknown.
    public var perceptualHash: UInt64?
    /// The hashes that the picture has after a turn or mirroring; empty if unknown.
    public var turnedHashes: [Orientation: UInt64]

    /// Creates a fingerprint.
    public init(
        digest: String? = nil, perceptualHash: UInt64? = nil, turnedHashes: [Orientation: UInt64] = [:]
    ) {
        self.digest = digest
        self.perceptualHash = perceptualHash
        self.turnedHashes = turnedHashes
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

    /// Near-duplicates of which one is turned or mirrored; none are found without ``Fingerprint/turnedHashes``.
    public let turned: [TurnedPair]

    /// Two photographs of which one is nearly the other, turned or mirrored.
    public struct TurnedPair: Sendable, Equatable {
        /// The earlier position.
        public let first: Int
        /// The later position.
        public let second: Int
        /// What turns the first photograph into the second.
        public let orientation: Orientation

        /// Describes a pair by its positions, the first before the second.
        public init(first: Int, second: Int, orientation: Orientation) {
            self.first = first
            self.second = second
            self.orientation = orientation
        }
    }

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
            let source = Source(digest: digest, box: photographs[position].boxText ?? "")
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
            turned = []
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
        turned = Self.turned(firsts, fingerprints, limit: limit, except: Set(pairs))
    }

    /// The near-duplicates of which one is turned, except the pairs `known`. `firsts` has the positions of distinct
    /// files, by hash.
    private static func turned(
        _ firsts: [UInt64: [Int]], _ fingerprints: [Fingerprint?], limit: Int, except known: Set<[Int]>
    ) -> [TurnedPair] {
        let table = HammingTable(firsts.keys.sorted(), limit: limit)
        var seen = known
        var pairs: [TurnedPair] = []
        for first in firsts.values.joined().sorted() {
            for orientation in Orientation.allCases {
                guard let hash = fingerprints[first]?.turnedHashes[orientation] else { continue }
                for second in table.neighbours(of: hash).flatMap({ firsts[$0, default: []] })
                where second > first && seen.insert([first, second]).inserted {
                    pairs.append(TurnedPair(first: first, second: second, orientation: orientation))
                }
            }
        }
        return pairs.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
    }
}

/// Finds the hashes near another one by multi-index hashing, as ``HammingNeighbours`` does.
private struct HammingTable {
    private let limit: Int
    private let masks: [UInt64]
    /// For each band, the hashes by its bits.
    private let bands: [[UInt64: [UInt64]]]

    init(_ hashes: [UInt64], limit: Int) {
        self.limit = limit
        let masks = HammingNeighbours.masks(limit: limit)
        self.masks = masks
        bands = masks.map { mask in Dictionary(grouping: hashes) { $0 & mask } }
    }

    /// The hashes that differ from `hash` in at most the limit of bits.
    func neighbours(of hash: UInt64) -> Set<UInt64> {
        var found: Set<UInt64> = []
        for (mask, band) in zip(masks, bands) {
            for other in band[hash & mask, default: []] where (hash ^ other).nonzeroBitCount <= limit {
                found.insert(other)
            }
        }
        return found
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
        for mask in masks(limit: limit) {
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

    /// The bits of each band.
    static func masks(limit: Int) -> [UInt64] {
        let bands = limit + 1
        return (0..<bands).map { band in
            let (low, high) = (64 * band / bands, 64 * (band + 1) / bands)
            return (high - low == 64 ? UInt64.max : (1 << UInt64(high - low)) - 1) << UInt64(low)
        }
    }
}
