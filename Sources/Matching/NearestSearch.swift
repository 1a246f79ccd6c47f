import CMatching
import Retrieval

/// Finds each descriptor's nearest in every database photograph, and keeps the photographs with the nearest.
///
/// Bytes are multiplied as bytes if the processor can, and their products never leave the registers. Otherwise tiles of
/// single-precision products are in the cache when their maxima are taken. Both are exact for bytes, so they find the
/// same.
struct NearestSearch {
    private let set: MatchSet

    init(_ set: MatchSet) { self.set = set }

    /// Calls `body` with the nearest photographs of each block of queries, several blocks at once.
    ///
    /// - Parameters:
    ///   - blocks: The queries of each block.
    ///   - shortlists: For each block the photographs to search, ascending; nil for all.
    ///   - count: The number of photographs to keep for each descriptor.
    ///   - body: Receives the number of a block, from 0, and the nearest photographs of its descriptors.
    /// - Throws: `RetrievalError.noOpenBLAS`, `ThreadCount.SettingError`.
    func forEach(
        _ blocks: [Range<Int>], among shortlists: [[Int]]?, count: Int,
        _ body: @Sendable @escaping (_ number: Int, NearestPhotographs) -> Void
    ) throws {
        let all = shortlists == nil ? Array(set.database.counts.indices) : []
        try set.onThreads(blocks.count) { number, blas in
            var nearest = none(for: blocks[number], count: count)
            let photographs = shortlists?[number] ?? all
            if let blas {
                gather(blocks[number], among: photographs, by: blas, &nearest)
            } else {
                gatherBytes(blocks[number], among: photographs, &nearest)
            }
            body(number, nearest)
        }
    }

    private func none(for block: Range<Int>, count: Int) -> NearestPhotographs {
        let own = block.flatMap { query in
            Array(repeating: Int32(set.ownPhotographs[query] ?? -1), count: set.queries.counts[query])
        }
        return NearestPhotographs(own: own, count: count)
    }

    private func gather(
        _ block: Range<Int>, among photographs: [Int], by blas: OpenBLAS, _ nearest: inout NearestPhotographs
    ) {
        var maxima: [Float] = []
        ProductTiles(set, database: set.database.selecting(photographs)).forEach(block, by: blas) { tile, lengths in
            if maxima.count < tile.ends.count { maxima = Array(repeating: 0, count: tile.ends.count) }
            for (place, row) in tile.rows.enumerated() {
                wb_segment_maxima(tile.row(place), tile.scales, tile.ends, tile.ends.count, &maxima)
                for (segment, photograph) in tile.photographs.enumerated() {
                    nearest.take(row, Int32(photographs[photograph]), maxima[segment] * lengths[row])
                }
            }
        }
    }

    private func gatherBytes(_ block: Range<Int>, among photographs: [Int], _ nearest: inout NearestPhotographs) {
        let rows = set.queries.shiftedBytes(of: block)
        let lengths = block.flatMap { set.queries.scales[$0] }
        guard !lengths.isEmpty else { return }
        var maxima = [Float](repeating: 0, count: lengths.count)
        for photograph in photographs where set.database.counts[photograph] > 0 {
            let count = set.database.counts[photograph]
            let columns = PackedBytes(set.database, photograph)
            let scales = set.database.scales[photograph] + Array(repeating: 0, count: columns.offsets.count - count)
            wb_byte_maxima(
                rows, lengths.count, set.queries.columns, columns.bytes, columns.offsets, scales, count, &maxima)
            for row in lengths.indices { nearest.take(row, Int32(photograph), maxima[row] * lengths[row]) }
        }
    }
}

/// The most similar photographs of each of some descriptors, so far.
struct NearestPhotographs {
    private let count: Int
    /// For each descriptor the photograph that it never matches, or -1.
    private let own: [Int32]
    /// `count` for each descriptor, the most similar first; minus infinity where none was found yet.
    private var similarities: [Float]
    private var photographs: [Int32]

    init(own: [Int32], count: Int) {
        self.own = own
        self.count = count
        similarities = Array(repeating: -.infinity, count: own.count * count)
        photographs = Array(repeating: -1, count: own.count * count)
    }

    /// Photographs come in database order, so of equally similar ones the first stays first.
    mutating func take(_ descriptor: Int, _ photograph: Int32, _ similarity: Float) {
        let start = descriptor * count
        var place = start + count - 1
        guard similarity > similarities[place], photograph != own[descriptor] else { return }
        while place > start, similarity > similarities[place - 1] {
            similarities[place] = similarities[place - 1]
            photographs[place] = photographs[place - 1]
            place -= 1
        }
        similarities[place] = similarity
        photographs[place] = photograph
    }

    // snippet.begin lnbnn
    /// Adds a descriptor's share to the scores of its photographs.
    func add(_ descriptor: Int, to scores: inout [Double]) {
        let places = (descriptor * count..<(descriptor + 1) * count).prefix { photographs[$0] >= 0 }
        guard let last = places.last else { return }
        for place in places.dropLast() {
            let lead = Double(similarities[place]) - Double(similarities[last])
            scores[Int(photographs[place])] += 2 * lead
        }
    }
    // snippet.end
}
