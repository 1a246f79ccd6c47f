import Basics
import Catalog
import Evaluation
import Results

struct CompareVerdict: CellKind {
    static let name = "compare-verdict"
    static let summary = """
        What decides after a retrain: the reasons for the verdict; what to do; the same method without training; what \
        changed clearly, by query and by animal; what the runs leave open and what to type to settle it.
        """
    static let stages: [StageName] = []

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent()
        guard let runs = try context.comparedRuns(noting: &content),
            let measures = try context.artefacts.comparedMeasures()
        else { return content }
        let catalog = try context.artefacts.catalog()
        let lasting = runs.lastingRivals(catalog).count
        let why = [Self.cause(runs, measures), runs.result.why].compactMap(\.self).joined(separator: " ")
        let queries = [
            Self.queries(runs, lasting: lasting), Self.unclear(runs, measures), Self.rival(runs, catalog),
        ].compactMap(\.self)
        let points = [
            Self.point("Why", why), Self.point("What to do", try Self.advice(runs, context.artefacts)),
            Self.point("Without training", Self.baseline(runs, measures)),
            Self.point("Clear changes", Self.clear(measures)),
            Self.point("Queries", queries.joined(separator: " ")),
            Self.point("Animals", Self.animals(runs)),
            Self.point("Left open", runs.result.leftOpen),
        ]
        // The last point says that they are to be typed.
        let commands = runs.result.commands.map { "```sh\n\($0.visibleLines)```" }
        content.parts = [points.compactMap(\.self).joined(separator: "\n"), commands].compactMap(\.self)
            .map { .markdown($0) }
        let uncommitted = [(runs.oldName, runs.runs.old.entry), (runs.newName, runs.runs.new.entry)]
            .filter { $0.1?.hasUncommittedChanges == true }.map(\.0)
        if !uncommitted.isEmpty {
            content.notes.append(
                "Warning: the code of \(uncommitted.joined(separator: " and ")) had uncommitted changes, so the commit "
                    + "does not identify the code.")
        }
        return content
    }

    /// A point of a list; nil without a text.
    private static func point(_ head: String, _ text: String?) -> String? {
        text.map { "- **\(head).** \(MarkdownText.escaped($0))" }
    }

    // MARK: Why

    /// What the later run had otherwise, and which part of the system changed most by it; nil without a verdict.
    private static func cause(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> String? {
        guard runs.result.verdict != .undecided else { return nil }
        let options =
            runs.changes.isEmpty
            ? nil : "\(runs.newName.capitalisingFirst) had \(runs.changes.joined(separator: "; "))."
        let alone = measures.parts.filter { $0.title.hasSuffix(" alone") }
        let changed = alone.filter { $0.oldText != $0.newText }
        let same = alone.filter { $0.oldText == $0.newText }.map { "; by \(Self.part($0, measures)) it did not change" }
            .joined()
        let largest = changed.max { abs($0.new - $0.old) < abs($1.new - $1.old) }
        let part = largest.map {
            "\(changed.count > 1 ? "Most of all, " : "")\(runs.new.metric) by the \(Self.part($0, measures)) went from "
                + "\($0.oldText) to \($0.newText)\(same)."
        }
        let sentences = [options, part].compactMap(\.self)
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }

    /// What a ranking is by, without the name of the score.
    private static func part(_ measure: ComparedMeasure, _ measures: ComparedMeasures) -> String {
        measures.map.map { measure.title.replacing("\($0.title), ", with: "") } ?? measure.title
    }

    // MARK: What to do

    private static func advice(_ runs: ComparedRuns, _ artefacts: Artefacts) throws -> String? {
        let rises = try ComparedTraining.first(of: runs.runs.new, artefacts)
            .compactMap { TrainingCourse($0.epochs).rise }
        let more = rises.first.map {
            "In the training of \(runs.newName), validation \($0). To see whether more epochs help, train again from the "
                + "start, because the curve of its learning rate stretches with the epochs."
        }
        let sentences = [runs.result.advice, Self.doubt(runs), more].compactMap(\.self)
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }

    /// That the run to use is not shown to beat no training; nil if it is, or if that is not known.
    private static func doubt(_ runs: ComparedRuns) -> String? {
        let isBetter = runs.result.verdict == .better
        guard runs.result.verdict != .undecided,
            let effect = (isBetter ? runs.new : runs.old).result.training, effect.verdict == .undecided
        else { return nil }
        let seeds = runs.result.leftOpen == nil ? "" : "; the further seeds named below would test that too"
        return "\((isBetter ? runs.newName : runs.oldName).capitalisingFirst) is not shown to beat no training\(seeds)."
    }

    // MARK: What changed

    /// The measures whose change is clear; nil if no change was tested.
    private static func clear(_ measures: ComparedMeasures) -> String? {
        guard measures.corrected > 0 else { return nil }
        let clear = measures.clear.map { "\($0.title) \($0.change)" }
        guard !clear.isEmpty else { return "No part, scenario or group of animals changed clearly." }
        let rest = measures.all.dropFirst().filter { $0.probability != nil && !measures.isClear($0) }.map(\.title)
        let others = rest.isEmpty ? "" : " Not clear: \(rest.joined(separator: "; "))."
        return "\(clear.joined(separator: "; ")).\(others)"
    }

    /// That all broken queries are in scenarios without a clear change; nil if not, or if no scenario's change is clear.
    private static func unclear(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> String? {
        let clear = Set(measures.scenarios.filter(measures.isClear).compactMap(\.scenario))
        guard !clear.isEmpty, runs.broken.count > 1, clear.isDisjoint(with: runs.broken.map(\.new.scenario)) else {
            return nil
        }
        return "All \(runs.broken.count) broken queries are in scenarios without a clear change."
    }

    /// The wrong animal that comes first in most of the queries that are wrong now; nil if none does in several.
    private static func rival(_ runs: ComparedRuns, _ catalog: Catalog) -> String? {
        let wrong = runs.broken + runs.stillFailing
        let animals = wrong.compactMap { runs.firstAnimals($0, catalog).after }
        let counts = Dictionary(animals.map { ($0, 1) }, uniquingKeysWith: +)
        guard let most = counts.min(by: { ($1.value, $0.key) < ($0.value, $1.key) }), most.value >= Self.several
        else { return nil }
        let earlier = runs.fixed + runs.stillFailing
        let before = earlier.count { runs.firstAnimals($0, catalog).before == most.key }
        return "Of the \(wrong.count) queries that are wrong now, \(most.value) return \(most.key) first; before, "
            + "\(before) of \(earlier.count) did."
    }

    /// As many queries with the same wrong animal first are worth a sentence.
    private static let several = 3

    /// The queries whose first match turned, and where those are that fail in both runs; `lasting` of them return the same
    /// wrong animal.
    private static func queries(_ runs: ComparedRuns, lasting: Int) -> String {
        let failing = runs.stillFailing
        func counted(_ pairs: [Comparison.Pair]) -> String? {
            let scenarios = runs.new.scenarios
                .map { name in (name: name, count: pairs.count { $0.new.scenario == name }) }
                .filter { $0.count > 0 }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
            guard runs.new.scenarios.count > 1, !scenarios.isEmpty else { return nil }
            return scenarios.prefix(2).map { "\($0.count) in \($0.name)" }.joined(separator: ", ")
        }
        let broken = counted(runs.broken).map { "; \($0)" } ?? ""
        let places = counted(failing).map { " (\($0))" } ?? ""
        let counts =
            "\(runs.broken.count) broken (first correct before, wrong now\(broken)), \(runs.fixed.count) fixed, "
            + "\(failing.count) wrong in both\(places)."
        guard lasting > 0 else { return counts }
        let subject =
            failing.count == 1
            ? "It returns"
            : lasting == failing.count ? "All \(lasting) return" : lasting == 1 ? "1 returns" : "\(lasting) return"
        return
            "\(counts) \(subject) the same wrong animal first in both: the retrain did not cause that."
    }

    /// What the animals that lose and those that gain add to mAP, and which of them lose most; nil if none changed.
    private static func animals(_ runs: ComparedRuns) -> String? {
        let changes = WhaleChange.changes(runs.pairs)
        // The scores of the verdict are means over seeds; the queries are those of the first.
        let seed = runs.result.seedsOverlap == nil ? "" : " of the first seed"
        func clause(_ direction: MeanChange.Direction, _ one: String, _ many: String, _ from: String) -> String? {
            let count = changes.count { $0.mean.direction == direction }
            guard count > 0 else { return nil }
            let part = NumberText.fixed(abs(WhaleChange.total(changes, direction)) / Double(runs.pairs.count), 3)
            return
                "\(NumberText.counted(count, "animal", "animals")) \(count == 1 ? one : many) about \(part) "
                + "\(from)"
        }
        let metric = "\(runs.new.metric)\(seed)"
        let gains = clause(.gain, "adds", "add", "to \(metric)")
        let losses = clause(.loss, "costs", "cost", gains == nil ? "of \(metric)" : "of it")
        let clauses = [gains, losses].compactMap(\.self)
        guard !clauses.isEmpty else { return nil }
        let worst = changes.prefix(3).filter { $0.mean.direction == .loss }.map { change in
            let mean = NumberText.change(from: change.mean.old, to: change.mean.new, 3)
            let queries = NumberText.counted(change.queries, "query", "queries")
            return "\(change.id): \(change.part(of: runs.pairs.count)) "
                + "(mean \(mean), \(queries))"
        }
        let sentence = "\(clauses.joined(separator: ", "))."
        return worst.isEmpty ? sentence : "\(sentence) Most is lost by \(worst.joined(separator: "; "))."
    }

    /// Whether the later run is better than the same method with the weights before training, and whether the earlier
    /// run was.
    private static func baseline(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> String? {
        guard !measures.training.isEmpty else { return nil }
        let changes = measures.training.map { measure in
            let interval = measure.intervalText.map { " (95% interval \($0))" } ?? ""
            return "\(measure.title) \(measure.sentence)\(interval)"
        }.joined(separator: "; ")
        let effect = runs.new.result.training
        let numbers = effect.map { " (\(Self.chance($0)))" } ?? ""
        let verdict =
            switch effect?.verdict {
            case .better: "\(runs.newName) is better than the weights before training\(numbers): "
            case .worse: "\(runs.newName) is worse than the weights before training\(numbers): "
            case .undecided:
                "Whether \(runs.newName) is better than the weights before training is undecided\(numbers): "
            case nil: "\(runs.newName) against the weights before training: "
            }
        let earlier = runs.old.result.training.flatMap {
            $0.with < $0.without ? "\(runs.oldName) scores below them.".capitalisingFirst : nil
        }
        return ["\(verdict.capitalisingFirst)\(changes).", earlier].compactMap(\.self).joined(separator: " ")
    }

    /// The p of training, and why there is no verdict if there is none.
    private static func chance(_ effect: TrainingEffect) -> String {
        let limit = effect.hasSeveralSeeds ? Comparison.usual : Comparison.clear
        let rest =
            effect.verdict != .undecided
            ? ""
            : effect.probability < limit
                ? "; the scores of the seeds overlap" : ", not below \(NumberText.shortest(limit))"
        return NumberText.probability(effect.probability) + rest
    }
}
