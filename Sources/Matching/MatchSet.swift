import Basics
import Retrieval

/// Queries and the database photographs that are matched with them, by their descriptors.
///
/// The similarity of two descriptors is their cosine. For bytes it comes from an exact inner product, so results do not
/// depend on tiles, threads or the processor.
public struct MatchSet: Sendable {
    public let queries: DescriptorSet
    public let database: DescriptorSet
    /// For each query the database photograph that is the same photograph, or nil. It never matches.
    public let ownPhotographs: [Int?]
    /// The size of a tile of products.
    var tile = ProductTiles.Size()
    /// Whether LNBNN multiplies bytes if the processor can; the results are the same.
    public var allowsByteProducts = true

    /// Joins queries and database.
    ///
    /// - Parameter ownPhotographs: One entry for each query; nil if no query is in the database.
    /// - Throws: ``MatchingError/widthMismatch(queries:database:)``, ``MatchingError/badOwnPhotographs(problem:)``.
    public init(
        queries: DescriptorSet, database: DescriptorSet, ownPhotographs: [Int?]? = nil
    ) throws(MatchingError) {
        guard queries.columns == database.columns else {
            throw .widthMismatch(queries: queries.columns, database: database.columns)
        }
        let (queryCount, count) = (queries.counts.count, database.counts.count)
        let own = ownPhotographs ?? Array(repeating: nil, count: queryCount)
        guard own.count == queryCount else {
            throw .badOwnPhotographs(problem: "there are \(queryCount) queries but \(own.count) entries")
        }
        for case let photograph? in own where photograph < 0 || photograph >= count {
            throw .badOwnPhotographs(
                problem: "photograph \(photograph) is not in the database of \(count) photographs")
        }
        self.queries = queries
        self.database = database
        self.ownPhotographs = own
    }

    /// Calls `body` with every number below `count` on the threads that multiply.
    static func onThreads(_ count: Int, _ body: @Sendable @escaping (_ number: Int, OpenBLAS) -> Void) throws {
        let blas = try OpenBLAS.loaded()
        try ProductThreads.perform(count, threads: try ThreadCount.wanted(), by: blas) { body($0, blas) }
    }
}

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

    init(_ set: MatchSet, database: DescriptorSet? = nil) {
        queries = set.queries
        self.database = database ?? set.database
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
    /// - Parameter body: Receives a tile and the reciprocal lengths of the block's descriptors.
    func forEach(
        _ block: Range<Int>, by blas: OpenBLAS, _ body: (Tile, _ lengths: UnsafePointer<Float>) -> Void
    ) {
        let groups = Self.groups(database.counts, in: database.counts.indices, limit: size.columns)
        let rows = block.reduce(0) { $0 + queries.counts[$1] }
        let columns = groups.map { group in group.reduce(0) { $0 + database.counts[$1] } }.max() ?? 0
        guard rows > 0, columns > 0 else { return }
        let (left, leftScales) = Self.allocated(rows, queries.columns)
        let (right, rightScales) = Self.allocated(columns, queries.columns)
        let products = UnsafeMutablePointer<Float>.allocate(capacity: min(rows, size.rows) * columns)
        defer { for memory in [left, leftScales, right, rightScales, products] { memory.deallocate() } }
        _ = queries.load(block, into: left, scales: leftScales)
        for group in groups {
            let ends = database.load(group, into: right, scales: rightScales)
            let width = Int(ends.last ?? 0)
            guard width > 0 else { continue }
            for start in stride(from: 0, to: rows, by: size.rows) {
                let part = start..<min(start + size.rows, rows)
                blas.multiply(
                    left + start * queries.columns, count: part.count, right, rows: width, columns: queries.columns,
                    into: products)
                body(
                    Tile(rows: part, photographs: group, ends: ends, scales: rightScales, products: products),
                    leftScales)
            }
        }
    }

    private static func allocated(
        _ count: Int, _ columns: Int
    ) -> (rows: UnsafeMutablePointer<Float>, scales: UnsafeMutablePointer<Float>) {
        (.allocate(capacity: count * columns), .allocate(capacity: count))
    }
}

extension DescriptorSet {
    /// Copies the descriptors of consecutive photographs; returns the end of each one's.
    fileprivate func load(
        _ photographs: Range<Int>, into rows: UnsafeMutablePointer<Float>, scales: UnsafeMutablePointer<Float>
    ) -> [Int32] {
        var end = 0
        return photographs.map { photograph in
            load(photograph, into: rows + end * columns, scales: scales + end)
            end += counts[photograph]
            return Int32(end)
        }
    }
}
