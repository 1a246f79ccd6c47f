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
