import Basics
import Catalog
import Evaluation
import Results

struct MissTable: CellKind {
    static let name = "miss-table"
    static let summary = """
        How many queries missed in each scenario, by the view of the query, with the views that its database holds, and \
        the years if queries and database have none in common.
        """
    static let stages: [StageName] = [.split, .evaluate]

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let sides = try sides(context)
        let groups = evaluation.scenarios.flatMap { scenario -> [Row] in
            let own = evaluation.queries.filter { $0.scenario == scenario }
            let byView = Dictionary(grouping: own) { Viewpoint($0.viewpoint) }
            return Viewpoint.inOrder(byView.keys).map {
                Row(scenario: scenario, view: $0, queries: byView[$0] ?? [], sides: sides[scenario])
            }
        }
        let catalog = try context.artefacts.catalog()
        let rows = groups.map(\.cells) + [Row.total(evaluation.queries).cells]
        let columns: [Table.Column] =
            [.init("Scenario"), .init("View of the query"), .init("Views of the database")]
            + ["Queries", "Missed", "Share", evaluation.metric].map { .init($0, .right) }
        return CellContent(
            parts: [.table(Table(columns: columns, rows: rows))],
            values: ["scenarios": .number(Double(evaluation.scenarios.count))],
            notes: [Self.finding(groups, catalog)].compactMap(\.self), contract: evaluation.readingText)
    }

    /// What each scenario compares, if the run knows it.
    private func sides(_ context: CellContext) throws -> [String: Sides] {
        let set = try context.nodeIfPresent(.split).flatMap {
            try context.artefacts.readIfPresent(SplitFiles.scenarios, of: $0)
        }
        let catalog = try context.artefacts.catalog()
        return Dictionary((set?.scenarios ?? []).map { ($0.id, Sides($0, in: catalog)) }) { first, _ in first }
    }

    /// The row with the largest share of misses compared with all others, in a sentence; nil with fewer than two rows.
    private static func finding(_ rows: [Row], _ catalog: Catalog) -> String? {
        let asked = rows.filter { $0.answerable > 0 }
        guard asked.count > 1, let worst = asked.max(by: { ($0.share, $1.scenario) < ($1.share, $0.scenario) }),
            worst.missed > 0
        else { return nil }
        let rest = asked.filter { $0 != worst }
        let (missed, answerable) = (rest.reduce(0) { $0 + $1.missed }, rest.reduce(0) { $0 + $1.answerable })
        return
            "Hardest: the \(worst.view) views of \(worst.scenario), of which \(NumberText.percent(worst.share, 0)) missed; of "
            + "all other queries, \(NumberText.percent(Double(missed) / Double(answerable), 0))."
            + concentration(worst.misses, catalog)
    }

    /// The animal with at least a third of some misses, and the day if all its queries are of one; empty if none has.
    private static func concentration(_ misses: [QueryRow], _ catalog: Catalog) -> String {
        let animals = Dictionary(grouping: misses, by: \.whaleID)
        guard let (animal, own) = animals.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }),
            own.count > 1, 3 * own.count >= misses.count
        else { return "" }
        let days = Set(own.map { catalog[$0.imageID]?.date ?? "" })
        let isOneDay = days.count == 1 && !days.contains("")
        let day = isOneDay ? ", photographed on \(days.sorted().joined())" : ""
        let part = own.count == misses.count ? "All \(own.count)" : "\(own.count) of these \(misses.count)"
        return " \(part) misses are of \(animal)\(day)."
    }
}

/// What the queries and the database of a scenario are.
private struct Sides {
    /// The views of the database.
    let views: [Viewpoint]
    /// The years of the queries and of the database, such as " of 2022", if they have none in common.
    let years: (queries: String, database: String)

    init(_ scenario: Scenario, in catalog: Catalog) {
        views = Viewpoint.inOrder(scenario.database.compactMap { catalog[$0]?.viewpoint })
        func years(_ ids: [String]) -> Set<String> { Set(ids.map { String((catalog[$0]?.date ?? "").prefix(4)) }) }
        let (asked, ranked) = (years(scenario.queries.map(\.imageID)), years(scenario.database))
        let areApart = asked.isDisjoint(with: ranked) && !asked.union(ranked).contains("")
        func text(_ years: Set<String>) -> String { areApart ? " of " + years.sorted().listed(4) : "" }
        self.years = (text(asked), text(ranked))
    }
}

/// The queries of one scenario and view.
private struct Row: Equatable {
    let scenario: String
    /// The view of the queries.
    let view: String
    /// The years of the queries; empty if they do not distinguish them from the database.
    let years: String
    let database: String
    let answerable: Int
    let misses: [QueryRow]
    let unanswerable: Int
    let mean: Double?

    var missed: Int { misses.count }
    var share: Double { answerable > 0 ? Double(missed) / Double(answerable) : 0 }

    init(scenario: String, view: Viewpoint, queries: [QueryRow], sides: Sides?) {
        self.init(
            scenario: scenario, view: view.rawValue, years: sides?.years.queries ?? "",
            database: sides.map { $0.views.map(\.rawValue).joined(separator: ", ") + $0.years.database } ?? "–", queries
        )
    }

    private init(scenario: String, view: String, years: String, database: String, _ queries: [QueryRow]) {
        let answerable = queries.filter { $0.relevant > 0 }
        (self.scenario, self.view, self.years, self.database) = (scenario, view, years, database)
        self.answerable = answerable.count
        misses = answerable.filter { $0.firstHitRank != 1 }
        unanswerable = queries.count - answerable.count
        mean =
            answerable.isEmpty
            ? nil : answerable.reduce(0) { $0 + $1.averagePrecision } / Double(answerable.count)
    }

    static func total(_ queries: [QueryRow]) -> Row {
        Row(scenario: "all", view: "–", years: "", database: "–", queries)
    }

    var cells: [Table.Cell] {
        let more = unanswerable > 0 ? " and \(unanswerable) without a correct photograph" : ""
        return [
            scenario == "all" ? .strong(scenario) : .text(scenario), .text(view + years), .text(database),
            .text("\(answerable)\(more)"), .text(String(missed)),
            .text(answerable > 0 ? NumberText.percent(share, 0) : "–"),
            .text(mean.map { NumberText.fixed($0, 3) } ?? "–"),
        ]
    }
}
