import Basics
import Evaluation
import Results

struct CompareQueries: CellKind {
    static let name = "compare-queries"
    static let summary = """
        Every query that a retrain made worse, every one that it made better and every one that still fails, those with \
        the same wrong animal first in both runs by themselves, in folded tables, and a CSV file of all queries.
        """
    static let stages: [StageName] = []

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent(values: Self.values(worse: 0, better: 0, failing: 0, lasting: 0, queries: 0))
        guard let runs = try context.comparedRuns(noting: &content) else { return content }
        let worse = runs.pairs.filter { $0.change < 0 }.sorted { $0.order < $1.order }
        let better = runs.pairs.filter { $0.change > 0 }.sorted { $0.order < $1.order }
        let failing = runs.stillFailing
        let catalog = try context.artefacts.catalog()
        let rivals = runs.lastingRivals(catalog)
        let lasting = failing.filter { rivals[$0.old.id] != nil }
        let others = failing.filter { rivals[$0.old.id] == nil }
        content.values = Self.values(
            worse: worse.count, better: better.count, failing: failing.count, lasting: lasting.count,
            queries: runs.pairs.count)
        func title(_ pairs: [Comparison.Pair], _ rest: String) -> String {
            "\(NumberText.counted(pairs.count, "query", "queries")) \(rest)"
        }
        // A query can be fixed although its average precision fell, and the other way round.
        func order(_ pairs: [Comparison.Pair], _ word: String, of all: [Comparison.Pair], _ changes: String) -> String {
            let turned = pairs.count { $0.outcome == word }
            guard turned > 0 else { return "the largest \(changes) first" }
            let first = turned == all.count ? "the \(turned) \(word)" : "\(turned) of the \(all.count) \(word)"
            let others = all.count - turned
            let opposite = all.count { changes == "gains" ? $0.change < 0 : $0.change > 0 }
            let verb = changes == "gains" ? "fell" : "rose"
            let what = opposite == others ? verb : opposite == 0 ? "did not change" : "\(verb) or did not change"
            let rest =
                others == 0 ? "" : " (the average precision of the \(others == 1 ? "other" : "others") \(what))"
            return "\(first) first\(rest), then the largest \(changes)"
        }
        let tables = [
            (worse, title(worse, "worse: \(order(worse, "broken", of: runs.broken, "losses"))")),
            (better, title(better, "better: \(order(better, "fixed", of: runs.fixed, "gains"))")),
            (lasting, title(lasting, "with the same wrong animal first in both runs, worst first")),
            (
                others,
                title(
                    others,
                    "wrong in both runs\(lasting.isEmpty ? "" : " with different animals first"), worst first")
            ),
        ]
        func firsts(_ pair: Comparison.Pair) -> (before: String?, after: String?) { runs.firstAnimals(pair, catalog) }
        content.parts = tables.filter { !$0.0.isEmpty }.map { pairs, summary in
            .folded(
                summary: summary,
                Self.table(
                    of: pairs, runs.trained, ranks: runs.firstRanks, firsts: firsts,
                    rivals: pairs == lasting ? rivals : [:]))
        }
        let all = worse + better + runs.pairs.filter { $0.change == 0 }
        content.list = CompleteList(
            title: title(all, "of both runs"), table: nil,
            csv: Self.csv(all, runs.trained, ranks: runs.firstRanks, margins: runs.margins, firsts: firsts),
            count: all.count,
            contents: "all \(NumberText.counted(all.count, "query", "queries"))")
        content.contract = runs.contract
        return content
    }

    private static func values(
        worse: Int, better: Int, failing: Int, lasting: Int, queries: Int
    ) -> [String: JSONValue] {
        [
            "worse": .number(Double(worse)), "better": .number(Double(better)), "failing": .number(Double(failing)),
            "lasting": .number(Double(lasting)), "queries": .number(Double(queries)),
        ]
    }

    /// The rows that a folded table may have; the file has all.
    private static let longestTable = 500

    /// `trained` has the animals known from training; `ranks` gives the rank of a query's first correct photograph before
    /// and after; `firsts` the animals in the photographs returned first; `rivals` the wrong animal that both runs return
    /// first, by query_id.
    static func table(
        of pairs: [Comparison.Pair], _ trained: Set<String>?, ranks: (Comparison.Pair) -> [Int?],
        firsts: (Comparison.Pair) -> (before: String?, after: String?), rivals: [String: String] = [:]
    ) -> Table {
        // A table of such queries alone names the animal once.
        let hasRivals = !pairs.isEmpty && pairs.allSatisfy { rivals[$0.old.id] != nil }
        let own = hasRivals ? ["First in both"] : ["Outcome", "First before", "First after"]
        let words: [String] = ["Query", "Animal"] + InTraining.heads(trained) + ["Scenario"] + own
        let columns: [Table.Column] =
            words.map { .init($0) }
            + ["First correct rank before", "After", "Average precision before", "After", "Change"]
            .map { .init($0, .right) }
        let rows = pairs.prefix(longestTable).map { pair -> [Table.Cell] in
            let (old, new) = (pair.old, pair.new)
            let numbers =
                ranks(pair).map { $0.map(String.init) ?? "–" }
                + [old, new].map { NumberText.fixed($0.averagePrecision, 3) }
                + [NumberText.change(from: old.averagePrecision, to: new.averagePrecision, 3)]
            func animal(_ id: String?) -> Table.Cell { id.map(Table.Cell.animal) ?? .text("–") }
            let (before, after) = firsts(pair)
            let first: [Table.Cell] =
                hasRivals ? [animal(rivals[old.id])] : [.text(pair.outcome), animal(before), animal(after)]
            return [.text(old.imageID), .animal(old.whaleID)]
                + (InTraining.texts(trained, old.whaleID) + [old.scenario]).map { .text($0) }
                + first + numbers.map { .text($0) }
        }
        return Table(columns: columns, rows: rows)
    }

    /// `margins` gives the score of the first correct photograph minus that of the first wrong one, before and after;
    /// `firsts` the animals in the photographs returned first.
    static func csv(
        _ pairs: [Comparison.Pair], _ trained: Set<String>?, ranks: (Comparison.Pair) -> [Int?],
        margins: (Comparison.Pair) -> [Double?], firsts: (Comparison.Pair) -> (before: String?, after: String?)
    ) -> String {
        let header = [
            "scenario", "query_id", "query_image_id", "whale_id", "viewpoint", "outcome", "first_hit_rank_old",
            "first_hit_rank_new", "average_precision_old", "average_precision_new", InTraining.column,
            "first_whale_id_old", "first_whale_id_new", "margin_old", "margin_new",
        ]
        return CSVTable.text(
            header: header,
            rows: pairs.map { pair -> [String] in
                let (row, first) = (pair.old, firsts(pair))
                return [
                    row.scenario, row.id, row.imageID, row.whaleID, row.viewpoint, pair.outcome,
                ] + ranks(pair).map { $0.map(String.init) ?? "" }
                    + ["\(row.averagePrecision)", "\(pair.new.averagePrecision)"]
                    + [InTraining.texts(trained, row.whaleID).first ?? "", first.before ?? "", first.after ?? ""]
                    + margins(pair).map { $0.map { "\($0)" } ?? "" }
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
    /// Queries whose first match turned with their average precision, then the largest change.
    fileprivate var order: (Int, Double) {
        (outcome == (change < 0 ? "broken" : "fixed") ? 0 : 1, -abs(change))
    }

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
