import Basics
import Evaluation
import Figures
import Options
import Results

struct WhaleTable: CellKind {
    static let name = "whale-table"
    static let summary = "How well each animal is found."
    static let stages: [StageName] = [.evaluate]

    @Option(
        "The order of the animals: most missed queries first, by mean average precision from either end, or by name.")
    var sort = WhaleScore.Order.worst
    @Option("The number of animals shown.", in: 1...100_000, or: "all")
    var count: Int? = nil

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let whales = WhaleScore.sorted(WhaleScore.scores(of: evaluation.queries), by: sort)
        let photographs = try Dictionary(grouping: context.artefacts.catalog().photographs) { $0.whaleID ?? "" }
        let rows = whales.prefix(count ?? .max).map { whale -> [Table.Cell] in
            [
                .animal(whale.id), .text(String(photographs[whale.id]?.count ?? 0)), .text(String(whale.queries.count)),
                .text(whale.mean.map { NumberText.fixed($0, 4) } ?? "–"), .text(String(whale.firstHits)),
                .text(String(whale.nothingRight)), .text(String(whale.unanswerable)),
            ]
        }
        let columns: [Table.Column] =
            [.init("Animal")]
            + [
                "Photographs", "Queries", evaluation.metric, "First match correct", "None correct",
                "Unanswerable",
            ].map { .init($0, .right) }
        var content = CellContent(
            parts: [.table(Table(columns: columns, rows: rows))],
            values: ["shown": .number(Double(rows.count)), "animals": .number(Double(whales.count))],
            contract: evaluation.contractText)
        if rows.count < whales.count { content.notes.append("\(rows.count) of \(whales.count) animals are shown.") }
        return content
    }
}

/// The results of one animal's queries.
struct WhaleScore: Equatable {
    let id: String
    /// In the order of `queries.csv`.
    let queries: [QueryRow]

    var answerable: [QueryRow] { queries.filter { $0.relevant > 0 } }
    /// The mean average precision of the answerable queries; nil if there are none.
    var mean: Double? {
        let own = answerable
        return own.isEmpty ? nil : own.reduce(0) { $0 + $1.averagePrecision } / Double(own.count)
    }
    /// Queries whose first match is correct.
    var firstHits: Int { queries.count { $0.firstHitRank == 1 } }
    /// Answerable queries whose first match is another animal.
    var missed: [QueryRow] { answerable.filter { $0.firstHitRank != 1 } }
    /// Answerable queries that returned no correct photograph.
    var nothingRight: Int { answerable.count { $0.firstHitRank == nil } }
    var unanswerable: Int { queries.count { $0.relevant == 0 } }

    /// The orders of a list of animals.
    enum Order: String, OptionChoice { case misses, worst, best, name }

    /// The animals of some queries, by name.
    static func scores(of queries: [QueryRow]) -> [WhaleScore] {
        Dictionary(grouping: queries.filter { !$0.whaleID.isEmpty }, by: \.whaleID).map {
            WhaleScore(id: $0.key, queries: $0.value)
        }
        .sorted { $0.id < $1.id }
    }

    /// Sorts; animals without an answerable query come last unless the order is by name. Of two animals with as many
    /// missed queries, that with fewer queries missed the larger share.
    static func sorted(_ scores: [WhaleScore], by order: Order) -> [WhaleScore] {
        switch order {
        case .misses:
            scores.sorted {
                (-$0.missed.count, $0.answerable.count, $0.mean ?? 2, $0.id)
                    < (-$1.missed.count, $1.answerable.count, $1.mean ?? 2, $1.id)
            }
        case .worst: scores.sorted { ($0.mean ?? 2, $0.id) < ($1.mean ?? 2, $1.id) }
        case .best: scores.sorted { (-($0.mean ?? -1), $0.id) < (-($1.mean ?? -1), $1.id) }
        case .name: scores.sorted { $0.id < $1.id }
        }
    }
}

struct WhaleChart: CellKind {
    static let name = "whale-chart"
    static let summary = "How the scores are distributed over the animals, and the scores of some animals."
    static let stages: [StageName] = [.evaluate]

    @Option(
        "Which animals have a bar: those with the most missed queries, the worst or best scores, or the first by name.")
    var sort = WhaleScore.Order.worst
    @Option("The number of animals with a bar.", in: 1...1000)
    var count = 20

    private static let bins = 10

    func content(_ context: CellContext) throws -> CellContent {
        let evaluation = try context.evaluation()
        let whales = WhaleScore.sorted(WhaleScore.scores(of: evaluation.queries), by: sort).filter { $0.mean != nil }
        var content = CellContent(contract: evaluation.contractText)
        content.values = ["animals": .number(Double(whales.count))]
        guard !whales.isEmpty else {
            content.notes.append("No query is answerable, so no animal has a score.")
            return content
        }
        let shown = Array(whales.prefix(count))
        content.values["shown"] = .number(Double(shown.count))
        let options = context.cell.options
        content.parts = [
            .figure(Self.histogram(whales, evaluation.metric, options)),
            .figure(Self.bars(shown, evaluation.metric, options)),
        ]
        if shown.count < whales.count {
            content.notes.append("The bars show \(shown.count) of \(whales.count) animals.")
        }
        return content
    }

    private static func histogram(_ whales: [WhaleScore], _ metric: String, _ options: CellOptions) -> FigurePart {
        var counts = Array(repeating: 0, count: bins)
        for whale in whales { counts[min(Int((whale.mean ?? 0) * Double(bins)), bins - 1)] += 1 }
        let chart = Histogram(
            horizontal: "\(metric) of an animal", vertical: "Animals", range: 0...1,
            series: [.init(name: "animals", counts: counts)], size: options.figureSize(height: 2.75))
        let rows = counts.enumerated().map { bin, count -> [Table.Cell] in
            let ends = [bin, bin + 1].map { NumberText.fixed(Double($0) / Double(bins), 1) }
            return [.text(ends.joined(separator: " to ")), .text(String(count))]
        }
        return FigurePart(
            figure: chart, format: .svg,
            table: Table(columns: [.init(metric, .right), .init("Animals", .right)], rows: rows),
            tableTitle: "Number of animals as a table")
    }

    private static func bars(_ whales: [WhaleScore], _ metric: String, _ options: CellOptions) -> FigurePart {
        let entries = whales.map { whale in
            let answerable = whale.queries.count { $0.relevant > 0 }
            return (whale: whale, queries: answerable, note: NumberText.fixed(whale.mean ?? .nan, 3))
        }
        let chart = BarChart(
            horizontal: "\(metric) of an animal", series: [metric],
            rows: entries.map { entry in
                BarChart.Row(
                    name: entry.whale.id, values: [entry.whale.mean ?? .nan],
                    note: "\(entry.note) (\(NumberText.counted(entry.queries, "query", "queries")))")
            }, range: 0...1, width: options.figureSize().width)
        let table = Table(
            columns: [.init("Animal"), .init(metric, .right), .init("Answerable queries", .right)],
            rows: entries.map { [.text($0.whale.id), .text($0.note), .text(String($0.queries))] })
        return FigurePart(figure: chart, format: .svg, table: table, tableTitle: "Animals by score as a table")
    }
}
