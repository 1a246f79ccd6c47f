/// The queries of each view against the database photographs of each view.
public struct ViewpointPairs: Sendable, Equatable {
    /// Queries of one view against photographs of one view.
    public struct Pair: Sendable, Equatable {
        public let query: String
        public let database: String
        /// Only queries with a right photograph of that view.
        public let results: [QueryResult]
    }

    /// By the names of the views.
    public let pairs: [Pair]

    /// Groups results by the view of each photograph; `ranks` are those of the right photographs for these results.
    ///
    /// - Complexity: O(queries + right answers).
    public init(_ results: [QueryResult], ranks: RightRanks, views: [String: String]) {
        struct Key: Hashable, Comparable {
            let query: String
            let database: String
            static func < (one: Key, other: Key) -> Bool {
                (one.query, one.database) < (other.query, other.database)
            }
        }
        let byQuery = ranks.byQuery
        var parts: [Key: [QueryResult]] = [:]
        for result in results where result.isAnswerable {
            let byView = Dictionary(grouping: byQuery[result.queryID] ?? []) { views[$0.imageID] ?? "" }
            for (view, rows) in byView {
                parts[Key(query: views[result.imageID] ?? "", database: view), default: []]
                    .append(result.asked(ofPartWith: rows.map(\.rankInView)))
            }
        }
        pairs = parts.sorted { $0.key < $1.key }
            .map { Pair(query: $0.key.query, database: $0.key.database, results: $0.value) }
    }
}
