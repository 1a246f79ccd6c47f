import Basics
import Evaluation
import Results

struct CompareTable: CellKind {
    static let name = "compare-table"
    static let summary = """
        The measures before and after a retrain, with the interval and the p of each change and the numbers of queries that \
        went worse and better by it, and how the runs differ.
        """
    static let stages: [StageName] = []

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent(values: ["queries": 0, "animals": 0])
        guard let runs = try context.comparedRuns(noting: &content) else { return content }
        let animals = Set(runs.pairs.map(\.old.whaleID)).count
        content.values = ["queries": .number(Double(runs.pairs.count)), "animals": .number(Double(animals))]
        content.parts = [.table(try Self.table(runs, context.artefacts))]
        content.notes.append(Self.difference(runs))
        if runs.result.fallenOut > 0 {
            let fallen = runs.result.fallenOut
            let words = fallen == 1 ? "is in only one run and is left out" : "are in only one run and are left out"
            content.notes.append("\(NumberText.counted(fallen, "query", "queries")) \(words).")
        }
        content.contract = runs.contract
        return content
    }

    /// What the runs had in common, and what not.
    private static func difference(_ runs: ComparedRuns) -> String {
        let changes = runs.changes.isEmpty ? "the same options" : runs.changes.joined(separator: "; ")
        let (old, new) = (runs.old.result.contract, runs.new.result.contract)
        let isSame = old.queriesDigest == new.queriesDigest && old.databaseDigest == new.databaseDigest
        let seeds = [old.run.seed, new.run.seed]
        let seed = seeds[0] == seeds[1] ? seeds[0].map { " and seed \($0)" } ?? "" : ""
        let setting =
            isSame
            ? "Both used the same split, queries, database\(seed)." : "Only the queries that both have are compared."
        return "\(runs.newName.capitalisingFirst) had \(changes). \(setting)"
    }

    private static func table(_ runs: ComparedRuns, _ artefacts: Artefacts) throws -> Table {
        let seeds = [runs.result.old.seeds, runs.result.new.seeds]
        let columns: [Table.Column] =
            [.init("Measure")]
            + [
                "Before (\(runs.oldName))", "After (\(runs.newName))", "Change", "95% interval", "p", "Worse", "Better",
            ].map { .init($0, .right) }
        let measures = try artefacts.comparedMeasures()?.all ?? []
        var rows = measures.enumerated().map { place, measure -> [Table.Cell] in
            [place == 0 ? .strong(measure.title) : .text(measure.title)]
                + [
                    measure.oldText, measure.newText, measure.change, measure.intervalText ?? "–",
                    measure.probability.map(NumberText.bareProbability) ?? "–",
                    measure.turns.map { NumberText.thousands(Double($0.worse)) } ?? "–",
                    measure.turns.map { NumberText.thousands(Double($0.better)) } ?? "–",
                ].map { .text($0) }
        }
        // A single seed is the measure itself.
        if seeds.contains(where: { $0.count > 1 }) {
            let texts = seeds.map { $0.map { NumberText.fixed($0, 3) }.joined(separator: ", ") }
            rows.append(
                [
                    "\(runs.new.metric) of each seed", texts[0], texts[1],
                    NumberText.change(from: runs.means.old, to: runs.means.new, 3), "–", "–", "–", "–",
                ].map { .text($0) })
        }
        return Table(columns: columns, rows: rows)
    }
}
