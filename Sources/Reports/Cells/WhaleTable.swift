import Basics
import Evaluation
import Results

/// `whale-table`: how well each animal is found.
struct WhaleTable: Verb {
    let name = "whale-table"
    let stages: [StageName] = [.evaluate]
    let parameters = ["sort", "count"]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let whales = try WhaleScore.sorted(
            WhaleScore.scores(of: evaluation.queries),
            by: context.choice("sort", WhaleScore.orders, standard: "worst"))
        let count = try context.integer("count", 1...100_000, standard: whales.count)
        let photographs = try Dictionary(grouping: context.artefacts.catalog().photographs) { $0.whaleID ?? "" }
        let rows = whales.prefix(count).map { whale -> [Table.Cell] in
            [
                .text(whale.id), .text(String(photographs[whale.id]?.count ?? 0)), .text(String(whale.queries.count)),
                .text(whale.mean.map { NumberText.fixed($0, 4) } ?? "–"), .text(String(whale.firstHits)),
                .text(String(whale.misses)), .text(String(whale.unanswerable)),
            ]
        }
        let columns: [Table.Column] =
            [.init("Animal")]
            + [
                "Photographs", "Queries", evaluation.metric, "First is right", "Nothing right",
                "No answer in the database",
            ].map { .init($0, .right) }
        var content = CellContent(
            parts: [.table(Table(columns: columns, rows: rows))],
            values: ["shown": .number(Double(rows.count)), "animals": .number(Double(whales.count))],
            contract: evaluation.contractText)
        if rows.count < whales.count { content.notes.append("\(rows.count) of \(whales.count) animals are shown.") }
        return content
    }
}

/// How the queries of one animal went.
struct WhaleScore: Equatable {
    let id: String
    /// In the order of `queries.csv`.
    let queries: [QueryRow]

    private var answerable: [QueryRow] { queries.filter { $0.relevant > 0 } }
    /// The mean average precision of the queries that have an answer; nil where none has.
    var mean: Double? {
        let own = answerable
        return own.isEmpty ? nil : own.reduce(0) { $0 + $1.averagePrecision } / Double(own.count)
    }
    /// Queries whose first returned photograph is right.
    var firstHits: Int { queries.count { $0.firstHitRank == 1 } }
    /// Queries with an answer of which nothing right was returned.
    var misses: Int { answerable.count { $0.firstHitRank == nil } }
    var unanswerable: Int { queries.count { $0.relevant == 0 } }

    static let orders = ["worst", "best", "name"]

    /// The animals of some queries, by name.
    static func scores(of queries: [QueryRow]) -> [WhaleScore] {
        Dictionary(grouping: queries.filter { !$0.whaleID.isEmpty }, by: \.whaleID).map {
            WhaleScore(id: $0.key, queries: $0.value)
        }
        .sorted { $0.id < $1.id }
    }

    /// In one of ``orders``; animals without an answerable query come last.
    static func sorted(_ scores: [WhaleScore], by order: String) -> [WhaleScore] {
        switch order {
        case "worst": scores.sorted { ($0.mean ?? 2, $0.id) < ($1.mean ?? 2, $1.id) }
        case "best": scores.sorted { (-($0.mean ?? -1), $0.id) < (-($1.mean ?? -1), $1.id) }
        default: scores.sorted { $0.id < $1.id }
        }
    }
}
