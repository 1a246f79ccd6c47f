import Algorithms
import CMatching
import Retrieval

/// Multiplies the descriptors of a few queries with the database, tile by tile.
///
/// The caller selects from each tile of products before the next one overwrites it, while it is in the processor's
/// cache. The memory is that of the queries' descriptors and one tile.
struct ProductTiles {
    let queries: DescriptorSet
    let database: DescriptorSet
    let size: Size

    /// The most descriptors of a tile; that of a database photograph with more has all of them.
    struct Size {
        var rows = 1024
        var columns = 1024
    }

    init(_ set: MatchSet, database: DescriptorSet) {
        queries = set.queries
        self.database = database
        size = set.tile
    }

    /// The products of some of the queries' descriptors, a row each, with those of some photographs.
    struct Tile {
        /// The descriptors of the block, from 0.
        let rows: Range<Int>
        let photographs: Range<Int>
        /// The end of each photograph's columns.
        let ends: [Int32]
        /// The reciprocal lengths of the columns.
        let scales: UnsafePointer<Float>
        let products: UnsafePointer<Float>

        var columns: Int { Int(ends.last ?? 0) }

        /// The products of a row, counted from the first of ``rows``.
        func row(_ place: Int) -> UnsafePointer<Float> { products + place * columns }
    }

    /// Consecutive photographs that have at most `limit` descriptors together, or a single one with more.
    static func groups(_ counts: [Int], in range: Range<Int>, limit: Int) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        var (start, sum) = (range.lowerBound, 0)
        for photograph in range {
            if photograph > start, sum + counts[photograph] > limit {
                groups.append(start..<photograph)
                (start, sum) = (photograph, 0)
            }
            sum += counts[photograph]
        }
        if start < range.upperBound { groups.append(start..<range.upperBound) }
        return groups
    }

    /// Calls `body` with each tile of a block of queries: all tiles of some photographs before the next photographs.
    ///
    /// - Parameters:
    ///   - block: The queries.
    ///   - blas: Multiplies floats; nil to multiply bytes.
    ///   - body: Receives a tile and the reciprocal lengths of the block's descriptors.
    func forEach(_ block: Range<Int>, by blas: OpenBLAS?, _ body: (Tile, _ lengths: [Float]) -> Void) {
        let groups = Self.groups(database.counts, in: database.counts.indices, limit: size.columns)
        let rows = queries.count(of: block)
        let most = groups.map { database.count(of: $0) }.max() ?? 0
        guard rows > 0, most > 0 else { return }
        let lengths = block.flatMap { queries.scales[$0] }
        let factors: any TileFactors =
            blas.map { FloatFactors(queries.columns, rows: rows, columns: most, by: $0) }
            ?? ByteFactors(queries.columns)
        factors.setRows(queries, block)
        let products = UnsafeMutablePointer<Float>.allocate(capacity: min(rows, size.rows) * most)
        defer { products.deallocate() }
        for group in groups {
            let scales = group.flatMap { database.scales[$0] }
            guard !scales.isEmpty else { continue }
            factors.setColumns(database, group)
            var end = 0
            let ends = group.map { photograph in
                end += database.counts[photograph]
                return Int32(end)
            }
            for part in (0..<rows).chunks(ofCount: size.rows) {
                factors.multiply(part, into: products)
                scales.withUnsafeBufferPointer { scales in
                    let tile = Tile(
                        rows: part, photographs: group, ends: ends, scales: scales.baseAddress!, products: products)
                    body(tile, lengths)
                }
            }
        }
    }
}

/// The descriptors of a tile, arranged for their multiplication.
private protocol TileFactors: AnyObject {
    func setRows(_ set: DescriptorSet, _ photographs: Range<Int>)
    func setColumns(_ set: DescriptorSet, _ photographs: Range<Int>)
    /// Writes the products of some rows with all columns, row by row.
    func multiply(_ rows: Range<Int>, into products: UnsafeMutablePointer<Float>)
}

private final class FloatFactors: TileFactors {
    private let width: Int
    private let blas: OpenBLAS
    private let rows: UnsafeMutablePointer<Float>
    private let columns: UnsafeMutablePointer<Float>
    private var columnCount = 0

    /// Makes room for at most `rows` rows and `columns` columns, of `width` numbers each.
    init(_ width: Int, rows: Int, columns: Int, by blas: OpenBLAS) {
        self.width = width
        self.blas = blas
        self.rows = .allocate(capacity: rows * width)
        self.columns = .allocate(capacity: columns * width)
    }

    deinit {
        rows.deallocate()
        columns.deallocate()
    }

    func setRows(_ set: DescriptorSet, _ photographs: Range<Int>) { _ = copy(set, photographs, to: rows) }

    func setColumns(_ set: DescriptorSet, _ photographs: Range<Int>) {
        columnCount = copy(set, photographs, to: columns)
    }

    private func copy(_ set: DescriptorSet, _ photographs: Range<Int>, to target: UnsafeMutablePointer<Float>) -> Int {
        photographs.reduce(0) { start, photograph in
            set.copy(photograph, to: target + start * width)
            return start + set.counts[photograph]
        }
    }

    func multiply(_ part: Range<Int>, into products: UnsafeMutablePointer<Float>) {
        blas.multiply(
            rows + part.lowerBound * width, count: part.count, columns, rows: columnCount, columns: width,
            into: products)
    }
}

private final class ByteFactors: TileFactors {
    private let width: Int
    private var rows: [Int8] = []
    private var columns: [PackedBytes] = []

    init(_ width: Int) { self.width = width }

    func setRows(_ set: DescriptorSet, _ photographs: Range<Int>) { rows = set.shiftedBytes(of: photographs) }

    func setColumns(_ set: DescriptorSet, _ photographs: Range<Int>) {
        columns = photographs.map { PackedBytes(set, $0) }
    }

    func multiply(_ part: Range<Int>, into products: UnsafeMutablePointer<Float>) {
        let stride = columns.reduce(0) { $0 + $1.count }
        var start = 0
        rows.withUnsafeBufferPointer { rows in
            for photograph in columns where photograph.count > 0 {
                wb_byte_products(
                    rows.baseAddress! + part.lowerBound * width, part.count, width, photograph.bytes,
                    photograph.offsets, photograph.count, products + start, stride)
                start += photograph.count
            }
        }
    }
}

/// A photograph's descriptors, arranged as columns.
struct PackedBytes {
    let count: Int
    let bytes: [UInt8]
    let offsets: [Int32]

    init(_ set: DescriptorSet, _ photograph: Int) {
        let count = set.counts[photograph]
        let padded = wb_padded_columns(count)
        var offsets = [Int32](repeating: 0, count: padded)
        bytes = [UInt8](unsafeUninitializedCapacity: padded * set.columns) { buffer, initialized in
            set.withBytes(of: photograph) { wb_pack_bytes($0, count, set.columns, buffer.baseAddress!, &offsets) }
            initialized = padded * set.columns
        }
        self.count = count
        self.offsets = offsets
    }
}

extension DescriptorSet {
    /// The descriptors of photographs, as rows of bytes.
    func shiftedBytes(of photographs: Range<Int>) -> [Int8] {
        [Int8](unsafeUninitializedCapacity: count(of: photographs) * columns) { buffer, initialized in
            for photograph in photographs {
                withBytes(of: photograph) { bytes in
                    let count = counts[photograph] * columns
                    wb_shift_bytes(bytes, count, buffer.baseAddress! + initialized)
                    initialized += count
                }
            }
        }
    }
}
