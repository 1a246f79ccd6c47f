import Basics
import Evaluation
import Results

struct CompareVerdict: CellKind {
    static let name = "compare-verdict"
    static let summary = """
        What to do after a retrain, and the findings that decide it: new animals, the first match, the score without \
        training, the parts of the system, and how the runs differ.
        """
    static let stages: [StageName] = []

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent()
        guard let runs = try context.comparedRuns(noting: &content) else { return content }
        let measures = ComparedMeasures(runs)
        let findings: [(head: String, text: String?)] = [
            ("What to do", Self.advice(runs)), ("Known and new animals", Self.populations(measures)),
            ("Where it got worse", Self.losses(runs)),
            ("First match", Self.firstMatch(runs, measures)), ("Without training", Self.baseline(runs, measures)),
            ("Parts", Self.parts(measures)), ("New or known", Self.novelty(measures)),
            ("The runs", Self.difference(runs)),
        ]
        let lines = findings.compactMap { finding in
            finding.text.map { "- **\(finding.head).** \(MarkdownText.escaped($0))" }
        }
        content.parts = [.markdown(lines.joined(separator: "\n"))]
        return content
    }

    private static func advice(_ runs: ComparedRuns) -> String {
        switch runs.result.verdict {
        case .better: "Use \(runs.newName)."
        case .worse: "Keep \(runs.oldName)."
        case .undecided:
            "Train both configurations with more seeds before you choose: add 'seeds: [1, 2, 3]' to the configuration "
                + "of each, run both, the older one first, and render this report again."
        }
    }

    private static func populations(_ measures: ComparedMeasures) -> String? {
        guard let known = measures.known, let unseen = measures.unseen else { return nil }
        func ends(_ measure: ComparedMeasure) -> String {
            measure.intervalText.map { " (95% interval \($0))" } ?? ""
        }
        let clear = [known, unseen].map { measure in measure.interval.map { !$0.contains(0) } }
        let finding =
            switch (clear[0], clear[1]) {
            case (true, false): " The change is clear only for animals known from training."
            case (false, true): " The change is clear only for animals never trained on."
            default: ""
            }
        return
            "\(known.title): \(known.sentence)\(ends(known)). \(unseen.title): \(unseen.sentence)\(ends(unseen)).\(finding) A "
            + "field season brings new animals, so the latter counts more."
    }

    /// The animals that lost most.
    private static func losses(_ runs: ComparedRuns) -> String? {
        let worst = WhaleChange.changes(runs.pairs).filter { $0.mean.direction == .loss }.prefix(3)
        guard !worst.isEmpty else { return nil }
        return worst.map { animal in
            let change = NumberText.change(from: animal.mean.old, to: animal.mean.new, 3)
            let broken = animal.turns.broken > 0 ? ", \(animal.turns.broken) broken" : ""
            return "\(animal.id) \(change) (\(animal.turns.worse) of \(animal.queries) queries worse\(broken))"
        }.joined(separator: "; ") + "."
    }

    private static func firstMatch(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> String? {
        guard let rate = measures.hitRates.first else { return nil }
        let failing = runs.stillFailing
        let turned =
            "The first match was correct and is wrong now for \(runs.broken.count) (broken), the reverse for "
            + "\(runs.fixed.count) (fixed), and wrong in both for \(failing.count) (failing)"
        let scenarios = runs.new.scenarios
            .map { name in (name: name, count: failing.count { $0.new.scenario == name }) }
            .filter { $0.count > 0 }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        guard scenarios.count > 1 || runs.new.scenarios.count > 1 && !scenarios.isEmpty else {
            return "\(rate.title) \(rate.sentence). \(turned)."
        }
        let places = scenarios.prefix(2).map { "\($0.count) in \($0.name)" }.joined(separator: " and ")
        return "\(rate.title) \(rate.sentence). \(turned), of which \(places)."
    }

    /// Compares both runs with the ranking before training, if it is the same in both.
    private static func baseline(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> String? {
        let trained = [measures.map, measures.hitRates.first].compactMap(\.self)
        let clauses = zip(measures.untrained, trained).map { without, with in
            let places = [(runs.oldName, with.old, without.old), (runs.newName, with.new, without.new)]
            let above = places.filter { $0.1 > $0.2 }.map(\.0)
            let isAboveBoth = places.allSatisfy { $0.1 < $0.2 }
            let finding =
                switch above.count {
                case 2: "below both runs"
                case 1: "below only \(above[0])"
                default: isAboveBoth ? "above both runs" : "no lower than either run"
                }
            let value =
                without.oldText == without.newText
                ? without.newText : "\(without.oldText) for \(runs.oldName), \(without.newText) for \(runs.newName)"
            return "\(with.title) is \(value), \(finding)"
        }
        guard !clauses.isEmpty else { return nil }
        let effect = runs.new.result.training.map { " For \(runs.newName), \($0.finding)." } ?? ""
        return "With a network that was not trained, and otherwise the same method, \(clauses.joined(separator: "; "))."
            + effect
    }

    private static func parts(_ measures: ComparedMeasures) -> String? {
        guard !measures.parts.isEmpty, let map = measures.map else { return nil }
        func words(_ measure: ComparedMeasure) -> String {
            measure.oldText == measure.newText
                ? "\(measure.newText) in both" : "\(measure.oldText) to \(measure.newText)"
        }
        let metric = "\(map.title), "
        let clauses = measures.parts.map { "\($0.title.replacing(metric, with: "")) \(words($0))" }
        return "\(map.title) of \(clauses.joined(separator: "; ")); with query extension \(words(map))."
    }

    private static func novelty(_ measures: ComparedMeasures) -> String? {
        guard !measures.novelty.isEmpty else { return nil }
        return measures.novelty.map { "\($0.title) \($0.oldText) to \($0.newText)" }.joined(separator: "; ") + "."
    }

    // MARK: The runs

    private static func difference(_ runs: ComparedRuns) -> String {
        let changes = runs.changes.isEmpty ? "the same options" : runs.changes.joined(separator: "; ")
        let (old, new) = (runs.old.result.contract, runs.new.result.contract)
        let isSame = old.queriesDigest == new.queriesDigest && old.databaseDigest == new.databaseDigest
        let seeds = [old.run.seed, new.run.seed]
        let seed = seeds[0] == seeds[1] ? seeds[0].map { " and seed \($0)" } ?? "" : ""
        let setting =
            isSame
            ? "Both used the same split, queries, database\(seed)." : "Only the queries that both have are compared."
        var sentences = ["\(runs.newName.capitalisingFirst) had \(changes). \(setting)"]
        for (name, run) in [(runs.oldName, runs.result.old), (runs.newName, runs.result.new)] {
            sentences.append("\(name.capitalisingFirst): \(run.reason ?? "no reason given").")
        }
        let uncommitted = [(runs.oldName, runs.runs.old.entry), (runs.newName, runs.runs.new.entry)]
            .filter { $0.1?.hasUncommittedChanges == true }.map(\.0)
        if !uncommitted.isEmpty {
            sentences.append(
                "Warning: the code of \(uncommitted.joined(separator: " and ")) had uncommitted changes, so a commit does "
                    + "not identify it.")
        }
        return sentences.joined(separator: " ")
    }
}
