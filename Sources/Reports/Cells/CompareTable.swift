import Basics
import Evaluation
import Results

struct CompareTable: CellKind {
    static let name = "compare-table"
    static let summary = """
        The measures without training, before and after a retrain, with the interval and the p of each change and the \
        numbers of queries that went worse and better by it; what a clear change is, and how the runs differ.
        """
    static let stages: [StageName] = []

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent(values: ["queries": 0, "animals": 0])
        guard let runs = try context.comparedRuns(noting: &content) else { return content }
        let animals = Set(runs.pairs.map(\.old.whaleID)).count
        content.values = ["queries": .number(Double(runs.pairs.count)), "animals": .number(Double(animals))]
        let measures = try context.artefacts.comparedMeasures()
        content.parts = [.table(Self.table(runs, measures))]
        if let rule = measures?.rule {
            content.notes.append(
                "p is how often chance alone would cause as large a change. The first row decides the verdict. A bold p is "
                    + "clear: \(rule).")
        }
        if runs.result.fallenOut > 0 {
            let fallen = runs.result.fallenOut
            let words = fallen == 1 ? "is in only one run and is left out" : "are in only one run and are left out"
            content.notes.append("\(NumberText.counted(fallen, "query", "queries")) \(words).")
        }
        content.contract = [
            Self.terms(measures), "\(Self.difference(runs)) \(runs.result.why)", runs.contract, Self.threshold(runs),
        ].compactMap(\.self).joined(separator: CellContent.paragraph)
        return content
    }

    /// What the rows and columns are that the measures have; nil if none needs words.
    private static func terms(_ measures: ComparedMeasures?) -> String? {
        guard let measures else { return nil }
        let isTrained = measures.training.map { measure in
            let interval = measure.intervalText.map { " (95% interval of the change \($0))" } ?? ""
            let gap = measures.novelty.isEmpty ? "" : "; how that tells new animals from known ones is not kept"
            return "Without training is the later run with the weights from before training\(interval)\(gap)."
        }
        let titles = measures.parts.map(\.title)
        let sentences = [
            isTrained,
            titles.contains { $0.contains("marks") }
                ? "Marks are spots, notches and scars, matched one by one without training." : nil,
            titles.contains { $0.hasSuffix("query extension") }
                ? "Query extension replaces a query by a mean of itself and its nearest photographs." : nil,
            measures.novelty.isEmpty
                ? nil
                : "An animal is called new if the similarity to the nearest photograph is low; AUROC 0.5 is chance, 1 is "
                    + "perfect.",
        ].compactMap(\.self)
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
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
        return "\(runs.newNumber.capitalisingFirst) had \(changes). \(setting)"
    }

    /// From which similarity each run calls an animal new, and why the two are not compared; nil if not known.
    private static func threshold(_ runs: ComparedRuns) -> String? {
        guard let before = runs.old.result.novelty.threshold, let after = runs.new.result.novelty.threshold else {
            return nil
        }
        let (old, new) = (NumberText.fixed(before, 3), NumberText.fixed(after, 3))
        let called = "An animal is called new below a similarity of \(new)"
        return old == new
            ? "\(called), as before; there, new and known are equally likely."
            : "\(called) (\(old) before), where new and known are equally likely. Each run fits its own on validation: a "
                + "training stretches or narrows the range of similarities, so a moved threshold is no finding."
    }

    private static func table(_ runs: ComparedRuns, _ measures: ComparedMeasures?) -> Table {
        let seeds = [runs.result.old.seeds, runs.result.new.seeds]
        let groups = measures?.groups(metric: runs.new.metric) ?? []
        let hasUntrained = groups.contains { $0.measures.contains { $0.untrained != nil } }
        let heads =
            (hasUntrained ? ["Without training"] : [])
            + ["Before (\(runs.oldName))", "After (\(runs.newName))", "Change", "p", "95% interval", "Worse", "Better"]
        func row(_ measure: ComparedMeasure, isFirst: Bool) -> [Table.Cell] {
            let values =
                (hasUntrained ? [measure.untrainedText ?? "–"] : [])
                + [measure.oldText, measure.newText, measure.change]
            let probability = measure.probability.map(NumberText.bareProbability) ?? "–"
            let turns = [measure.turns?.worse, measure.turns?.better]
            return [isFirst ? .strong(measure.title) : .text(measure.title)] + values.map { .text($0) }
                + [measures?.isClear(measure) == true ? .strong(probability) : .text(probability)]
                + [.text(measure.intervalText ?? "–")]
                + turns.map { .text($0.map { NumberText.thousands(Double($0)) } ?? "–") }
        }
        var rows = groups.flatMap { group in
            (group.head.map { [[.strong($0)] + heads.map { _ in "" }] } ?? [])
                + group.measures.enumerated().map { row($1, isFirst: group.head == nil && $0 == 0) }
        }
        // A single seed is the measure itself.
        if seeds.contains(where: { $0.count > 1 }) {
            let texts = seeds.map { $0.map { NumberText.fixed($0, 3) }.joined(separator: ", ") }
            rows.insert(
                (["\(runs.new.metric) of each seed"] + (hasUntrained ? ["–"] : [])
                    + [
                        texts[0], texts[1], NumberText.change(from: runs.means.old, to: runs.means.new, 3), "–", "–",
                        "–", "–",
                    ]).map { .text($0) }, at: min(1, rows.count))
        }
        return Table(columns: [.init("Measure")] + heads.map { .init($0, .right) }, rows: rows)
    }
}
