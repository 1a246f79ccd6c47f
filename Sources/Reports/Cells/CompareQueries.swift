import Basics
import Evaluation
import Results

struct CompareQueries: CellKind {
    static let name = "compare-queries"
    static let summary = """
        Every query that a retrain made worse, every one that it fixed and every one that still fails, in folded \
        tables, and a CSV file of all queries.
        """
    static let stages: [StageName] = []

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent(values: Self.values(worse: 0, better: 0, failing: 0, queries: 0))
        guard let runs = try context.comparedRuns(noting: &content) else { return content }
        let better = runs.pairs.count { $0.change > 0 }
        content.values = Self.values(
            worse: runs.fallen.count, better: better, failing: runs.stillFailing.count, queries: runs.pairs.count)
        func title(_ pairs: [Comparison.Pair], _ rest: String) -> String {
            "\(NumberText.counted(pairs.count, "query", "queries")) \(rest)"
        }
        let tables = [
            (runs.stillFailing, title(runs.stillFailing, "failing in both runs, worst first")),
            (runs.fixed, title(runs.fixed, "fixed, largest gain first")),
        ]
        content.parts = tables.filter { !$0.0.isEmpty }.map {
            .folded(summary: $0.1, Self.table(of: $0.0, ranks: runs.firstRanks))
        }
        // Losses come first in the file, so that the table is its beginning.
        let all = runs.fallen + runs.pairs.filter { $0.change >= 0 }.sorted { $0.change < $1.change }
        content.list = CompleteList(
            title: "All losses: \(title(runs.fallen, "with a lower average precision, largest loss first"))",
            table: Self.table(of: runs.fallen, ranks: runs.firstRanks), csv: Self.csv(all, ranks: runs.firstRanks),
            count: all.count)
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

    /// `ranks` gives the rank of a query's first correct photograph before and after.
    static func table(of pairs: [Comparison.Pair], ranks: (Comparison.Pair) -> [Int?]) -> Table {
        let columns: [Table.Column] =
            ["Query", "Animal", "Scenario", "Outcome"].map { .init($0) }
            + ["First correct rank before", "After", "Average precision before", "After", "Change"]
            .map { .init($0, .right) }
        let rows = pairs.prefix(longestTable).map { pair -> [Table.Cell] in
            let (old, new) = (pair.old, pair.new)
            let texts =
                [old.scenario, pair.outcome] + ranks(pair).map { $0.map(String.init) ?? "–" }
                + [old, new].map { NumberText.fixed($0.averagePrecision, 3) }
                + [NumberText.change(from: old.averagePrecision, to: new.averagePrecision, 3)]
            return [.text(old.imageID), .animal(old.whaleID)] + texts.map { .text($0) }
        }
        return Table(columns: columns, rows: rows)
    }

    static func csv(_ pairs: [Comparison.Pair], ranks: (Comparison.Pair) -> [Int?]) -> String {
        let header = [
            "scenario", "query_id", "query_image_id", "whale_id", "viewpoint", "outcome", "first_hit_rank_old",
            "first_hit_rank_new", "average_precision_old", "average_precision_new",
        ]
        return CSVTable.text(
            header: header,
            rows: pairs.map { pair in
                let row = pair.old
                return [
                    row.scenario, row.id, row.imageID, row.whaleID, row.viewpoint, pair.outcome,
                ] + ranks(pair).map { $0.map(String.init) ?? "" }
                    + ["\(row.averagePrecision)", "\(pair.new.averagePrecision)"]
            })
    }
}

extension Comparison.Pair {
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
