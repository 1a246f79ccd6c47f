import Basics
import Evaluation
import Results

struct CompareQueries: CellKind {
    static let name = "compare-queries"
    static let summary = """
        Every query that a retrain made worse, every one that it made better and every one that still fails, in folded \
        tables, and a CSV file of all queries.
        """
    static let stages: [StageName] = []

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent(values: Self.values(worse: 0, better: 0, failing: 0, queries: 0))
        guard let runs = try context.comparedRuns(noting: &content) else { return content }
        let worse = runs.pairs.filter { $0.change < 0 }.sorted { $0.order < $1.order }
        let better = runs.pairs.filter { $0.change > 0 }.sorted { $0.order < $1.order }
        let failing = runs.stillFailing
        content.values = Self.values(
            worse: worse.count, better: better.count, failing: failing.count, queries: runs.pairs.count)
        func title(_ pairs: [Comparison.Pair], _ rest: String) -> String {
            "\(NumberText.counted(pairs.count, "query", "queries")) \(rest)"
        }
        func order(_ turned: Int, _ word: String, _ changes: String) -> String {
            turned == 0 ? "the largest \(changes) first" : "the \(turned) \(word) first, then the largest \(changes)"
        }
        let tables = [
            (failing, title(failing, "wrong in both runs, worst first")),
            (better, title(better, "better: \(order(runs.fixed.count, "fixed", "gains"))")),
        ]
        content.parts = tables.filter { !$0.0.isEmpty }.map {
            .folded(summary: $0.1, Self.table(of: $0.0, runs.trained, ranks: runs.firstRanks))
        }
        let all = worse + better + runs.pairs.filter { $0.change == 0 }
        content.list = CompleteList(
            title: title(worse, "worse: \(order(runs.broken.count, "broken", "losses"))"),
            table: Self.table(of: worse, runs.trained, ranks: runs.firstRanks),
            csv: Self.csv(all, runs.trained, ranks: runs.firstRanks), count: all.count,
            contents: "all \(NumberText.counted(all.count, "query", "queries"))")
        content.contract = runs.contract
        return content
    }

    private static func values(worse: Int, better: Int, failing: Int, queries: Int) -> [String: JSONValue] {
        [
            "worse": .number(Double(worse)), "better": .number(Double(better)), "failing": .number(Double(failing)),
            "queries": .number(Double(queries)),
        ]
    }

    /// The rows that a folded table may have; the file has all.
    private static let longestTable = 500

    /// `trained` has the animals known from training; `ranks` gives the rank of a query's first correct photograph before
    /// and after.
    static func table(
        of pairs: [Comparison.Pair], _ trained: Set<String>?, ranks: (Comparison.Pair) -> [Int?]
    ) -> Table {
        let columns: [Table.Column] =
            (["Query", "Animal"] + InTraining.heads(trained) + ["Scenario", "Outcome"]).map { .init($0) }
            + ["First correct rank before", "After", "Average precision before", "After", "Change"]
            .map { .init($0, .right) }
        let rows = pairs.prefix(longestTable).map { pair -> [Table.Cell] in
            let (old, new) = (pair.old, pair.new)
            let texts =
                InTraining.texts(trained, old.whaleID) + [old.scenario, pair.outcome]
                + ranks(pair).map { $0.map(String.init) ?? "–" }
                + [old, new].map { NumberText.fixed($0.averagePrecision, 3) }
                + [NumberText.change(from: old.averagePrecision, to: new.averagePrecision, 3)]
            return [.text(old.imageID), .animal(old.whaleID)] + texts.map { .text($0) }
        }
        return Table(columns: columns, rows: rows)
    }

    static func csv(
        _ pairs: [Comparison.Pair], _ trained: Set<String>?, ranks: (Comparison.Pair) -> [Int?]
    ) -> String {
        let header = [
            "scenario", "query_id", "query_image_id", "whale_id", "viewpoint", "outcome", "first_hit_rank_old",
            "first_hit_rank_new", "average_precision_old", "average_precision_new", InTraining.column,
        ]
        return CSVTable.text(
            header: header,
            rows: pairs.map { pair in
                let row = pair.old
                return [
                    row.scenario, row.id, row.imageID, row.whaleID, row.viewpoint, pair.outcome,
                ] + ranks(pair).map { $0.map(String.init) ?? "" }
                    + ["\(row.averagePrecision)", "\(pair.new.averagePrecision)"]
                    + [InTraining.texts(trained, row.whaleID).first ?? ""]
            })
    }
}

/// Whether animals are known from training, as a column of tables and files.
enum InTraining {
    /// The name in files; the value is empty if the split is not known.
    static let column = "in_training"

    /// The head of the column; none without the animals known from training.
    static func heads(_ trained: Set<String>?) -> [String] { trained == nil ? [] : ["In training"] }

    /// The value of the column for an animal.
    static func texts(_ trained: Set<String>?, _ animal: String) -> [String] {
        trained.map { [$0.contains(animal) ? "yes" : "no"] } ?? []
    }
}

extension Comparison.Pair {
    /// Queries whose first match turned, then the largest change.
    fileprivate var order: (Int, Double) { (old.isFirst == new.isFirst ? 1 : 0, -abs(change)) }

    /// What happened to the first match.
    fileprivate var outcome: String {
        switch (old.isFirst, new.isFirst) {
        case (true, false): "broken"
        case (false, true): "fixed"
        case (false, false): "failing"
        case (true, true): "correct"
        }
    }
}
