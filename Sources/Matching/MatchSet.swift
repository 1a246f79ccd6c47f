import Basics
import Dispatch
import Retrieval
import Synchronization

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
    /// Whether bytes are multiplied as bytes if the processor can; the results are the same.
    public var allowsByteProducts = true

    /// Joins queries and database.
    ///
    /// - Parameters:
    ///   - queries: The descriptors of the queries.
    ///   - database: The descriptors of the database photographs, of the same width.
    ///   - ownPhotographs: For each query the number of its own photograph in the database, from 0, or nil if it is not
    ///     there; nil instead of a list if no query is there.
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

    var multipliesBytes: Bool { allowsByteProducts && queries.hasByteProducts && database.hasByteProducts }

    /// Calls `body` with every number below `count`, several at once.
    ///
    /// It also passes OpenBLAS, or nil if bytes are multiplied, which needs no library.
    ///
    /// - Throws: `RetrievalError.noOpenBLAS`, `ThreadCount.SettingError`.
    func onThreads(_ count: Int, _ body: @Sendable @escaping (_ number: Int, OpenBLAS?) -> Void) throws {
        let threads = try ThreadCount.wanted()
        guard multipliesBytes else {
            let blas = try OpenBLAS.loaded()
            return try ProductThreads.perform(count, threads: threads, by: blas) { body($0, blas) }
        }
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
            while case let number = next.wrappingAdd(1, ordering: .relaxed).oldValue, number < count {
                body(number, nil)
            }
        }
    }
}
