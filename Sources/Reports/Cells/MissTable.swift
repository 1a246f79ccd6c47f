import Basics
import Catalog
import Evaluation
import Results

struct MissTable: CellKind {
    static let name = "miss-table"
    static let summary = """
        How many queries missed in each scenario, by the view of the query, with the views that its database holds.
        """
    static let stages: [StageName] = [.split, .evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let views = try databaseViews(context)
        let groups = evaluation.scenarios.flatMap { scenario -> [Row] in
            let own = evaluation.queries.filter { $0.scenario == scenario }
            let byView = Dictionary(grouping: own) { Viewpoint($0.viewpoint) }
            return Viewpoint.inOrder(byView.keys).map {
                Row(scenario: scenario, view: $0, queries: byView[$0] ?? [], database: views[scenario])
            }
        }
        let rows = groups.map(\.cells) + [Row.total(evaluation.queries).cells]
        let columns: [Table.Column] =
            [.init("Scenario"), .init("View of the query"), .init("Views of the database")]
            + ["Queries", "Missed", "Share", evaluation.metric].map { .init($0, .right) }
        return CellContent(
            parts: [.table(Table(columns: columns, rows: rows))],
            values: ["scenarios": .number(Double(evaluation.scenarios.count))],
            notes: [Self.finding(groups)].compactMap(\.self), contract: evaluation.readingText)
    }

    /// The views of each scenario's database, if the run knows them.
    private func databaseViews(_ context: CellContext) throws -> [String: [Viewpoint]] {
        let set = try context.nodeIfPresent(.split).flatMap {
            try context.artefacts.readIfPresent(SplitFiles.scenarios, of: $0)
        }
        let catalog = try context.artefacts.catalog()
        return Dictionary(
            (set?.scenarios ?? []).map { ($0.id, Viewpoint.inOrder($0.database.compactMap { catalog[$0]?.viewpoint })) }
        ) { first, _ in first }
    }

    /// The row with the largest share of misses compared with all others, in a sentence; nil with fewer than two rows.
    private static func finding(_ rows: [Row]) -> String? {
        let asked = rows.filter { $0.answerable > 0 }
        guard asked.count > 1, let worst = asked.max(by: { ($0.share, $1.scenario) < ($1.share, $0.scenario) }),
            worst.missed > 0
        else { return nil }
        let rest = asked.filter { $0 != worst }
        let (missed, answerable) = (rest.reduce(0) { $0 + $1.missed }, rest.reduce(0) { $0 + $1.answerable })
        return
            "Hardest: the \(worst.view) views of \(worst.scenario), of which \(NumberText.percent(worst.share, 0)) missed; of "
            + "all other queries, \(NumberText.percent(Double(missed) / Double(answerable), 0))."
    }
}

/// The queries of one scenario and view.
private struct Row: Equatable {
    let scenario: String
    /// The view of the queries.
    let view: String
    let database: String
    let answerable: Int
    let missed: Int
    let unanswerable: Int
    let mean: Double?

    var share: Double { answerable > 0 ? Double(missed) / Double(answerable) : 0 }

    init(scenario: String, view: Viewpoint, queries: [QueryRow], database: [Viewpoint]?) {
        self.init(
            scenario: scenario, view: view.rawValue,
            database: database.map { $0.map(\.rawValue).joined(separator: ", ") } ?? "–", queries)
    }

    private init(scenario: String, view: String, database: String, _ queries: [QueryRow]) {
        let answerable = queries.filter { $0.relevant > 0 }
        (self.scenario, self.view, self.database) = (scenario, view, database)
        self.answerable = answerable.count
        missed = answerable.count { $0.firstHitRank != 1 }
        unanswerable = queries.count - answerable.count
        mean =
            answerable.isEmpty
            ? nil : answerable.reduce(0) { $0 + $1.averagePrecision } / Double(answerable.count)
    }

    static func total(_ queries: [QueryRow]) -> Row {
        Row(scenario: "all", view: "–", database: "–", queries)
    }

    var cells: [Table.Cell] {
        let more = unanswerable > 0 ? " and \(unanswerable) without a correct photograph" : ""
        return [
            scenario == "all" ? .strong(scenario) : .text(scenario), .text(view), .text(database),
            .text("\(answerable)\(more)"), .text(String(missed)),
            .text(answerable > 0 ? NumberText.percent(share, 0) : "–"),
            .text(mean.map { NumberText.fixed($0, 3) } ?? "–"),
        ]
    }
}
