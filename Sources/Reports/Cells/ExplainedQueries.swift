import Algorithms
import Evaluation
import Results

/// The worst queries with the pairs of the stage `explain`, as its cells show them.
struct ExplainedQueries {
    /// A query, and its first wrong and first correct match.
    struct Entry {
        let query: QueryRow
        let pairs: [ExplainedPair]
    }

    let node: ReportNode
    /// In the order of the pairs: the worst query first.
    let entries: [Entry]

    /// Reads the first `count` queries; a note in `content` says if there are none, or several results.
    ///
    /// - Throws: ``ValueError`` if there is no result, or if it has a query that the evaluation lacks.
    init(_ context: CellContext, count: Int, noting content: inout CellContent) throws {
        let node = try context.node(.explain, noting: &content)
        let pairs = try context.artefacts.read(ExplainFiles.pairs, of: node)
        let shown = Array(pairs.map(\.queryID).uniqued().prefix(count))
        if shown.isEmpty { content.notes.append("No query is answerable, so there was nothing to explain.") }
        let queries = Dictionary(try context.evaluation().queries.map { ($0.id, $0) }) { first, _ in first }
        self.node = node
        entries = try shown.map { id in
            guard let query = queries[id] else {
                throw ValueError(
                    "\(quoted: node.name) has the query \(quoted: id), which the evaluation lacks", Self.remedy)
            }
            return Entry(query: query, pairs: pairs.filter { $0.queryID == id })
        }
    }

    static let remedy = "Run 'whalebook run -f explain', then render again."
}

extension ExplainedPair.Kind {
    /// The word for readers: "right" also names a flank.
    var title: String {
        switch self {
        case .right: "correct"
        case .wrong: "wrong"
        }
    }
}
