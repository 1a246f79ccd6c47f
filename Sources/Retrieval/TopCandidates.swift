import Algorithms

/// The database rows that can be among a query's most similar, collected tile by tile.
///
/// Rows are compared by single-precision products until the end; rows within their error of the count-th best stay. If
/// too many rows are that similar, they are ranked exactly at once.
struct TopCandidates {
    private let query: Int
    private let count: Int
    private let cosine: ExactCosine
    private(set) var entries: [Neighbour] = []
    /// The number of first entries with exact scores.
    private var exact = 0
    /// Rows with lower products are out.
    private(set) var floor = -Float.greatestFiniteMagnitude
    /// The number of entries to collect before rows are dropped again.
    private var limit: Int
    /// The number of entries above which they are ranked exactly.
    private let patience: Int

    init(query: Int, count: Int, cosine: ExactCosine) {
        self.query = query
        self.count = count
        self.cosine = cosine
        limit = 2 * count + 24
        patience = 8 * limit
        entries.reserveCapacity(limit)
    }

    /// Adds the rows of a row of products that are not out; `first` is the database row of the first product, and the
    /// product of the query's own photograph is minus infinity.
    ///
    /// - Complexity: O(n) for n products, most of them compared 64 at a time.
    mutating func take(_ products: UnsafeBufferPointer<Float>, first: Int) {
        guard let base = products.baseAddress else { return }
        let whole = products.count / Self.step * Self.step
        for start in stride(from: 0, to: whole, by: Self.step) where Self.most(of: base + start) >= floor {
            add(products, start..<start &+ Self.step, first)
        }
        add(products, whole..<products.count, first)
    }

    /// Adds the candidates of another part of the database for the same query.
    mutating func merge(_ other: TopCandidates) {
        for entry in other.entries { add(entry) }
    }

    /// Ranks the candidates by their exact scores, the best first.
    mutating func ranked() -> [Neighbour] {
        dropByProducts()
        rankExactly()
        return entries
    }

    /// The number of products compared together.
    private static let step = 64

    /// The greatest of ``step`` products, in registers of four, which every processor has.
    private static func most(of products: UnsafePointer<Float>) -> Float {
        let products = UnsafeRawPointer(products)
        func four(_ place: Int) -> SIMD4<Float> { products.loadUnaligned(fromByteOffset: 16 &* place, as: SIMD4.self) }
        // Two chains, so that one comparison need not wait for the last.
        var (even, odd) = (four(0), four(1))
        for place in stride(from: 2, to: step / 4, by: 2) {
            let (one, other) = (four(place), four(place &+ 1))
            even.replace(with: one, where: one .> even)
            odd.replace(with: other, where: other .> odd)
        }
        even.replace(with: odd, where: odd .> even)
        return Swift.max(Swift.max(even[0], even[1]), Swift.max(even[2], even[3]))
    }

    private mutating func add(_ products: UnsafeBufferPointer<Float>, _ range: Range<Int>, _ first: Int) {
        for index in range where products[index] >= floor {
            add(Neighbour(row: first + index, score: products[index]))
        }
    }

    private mutating func add(_ entry: Neighbour) {
        entries.append(entry)
        guard entries.count >= limit else { return }
        dropByProducts()
        if entries.count > patience { rankExactly() }
        limit = max(limit, 2 * entries.count)
    }

    private mutating func dropByProducts() {
        guard entries.count > count else { return }
        guard let last = entries.lazy.map(\.score).max(count: count).first else { return }
        floor = max(floor, last - cosine.margin)
        exact = entries[..<exact].count { $0.score >= floor }
        entries.removeAll { $0.score < floor }
    }

    private mutating func rankExactly() {
        for index in exact..<entries.count {
            entries[index] = Neighbour(row: entries[index].row, score: cosine(query, entries[index].row))
        }
        entries.sort(by: Neighbour.isBefore)
        entries.removeLast(max(0, entries.count - count))
        exact = entries.count
    }
}
