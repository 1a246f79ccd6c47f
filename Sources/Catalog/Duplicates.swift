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
