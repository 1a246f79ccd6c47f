import Basics
import Catalog
import Evaluation
import Results

struct CompareVerdict: CellKind {
    static let name = "compare-verdict"
    static let summary = """
        What decides after a retrain: the reasons for the verdict; what to do; what the runs leave open and what to type to \
        settle it; the same method without training; and what changed, by part of the system, by known and new animals, in \
        telling them apart, by scenario, by query and by animal.
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
        let queries = [Self.queries(runs, lasting: lasting), Self.rival(runs, catalog)].compactMap(\.self)
        let decisive = [
            Self.point("Why", why), Self.point("What to do", try Self.advice(runs, context.artefacts)),
            Self.point("Without training", Self.baseline(runs, measures)),
            Self.point("Left open", runs.result.leftOpen),
        ]
        let changes = [
            Self.point("Parts", Self.parts(measures)),
            Self.point("Animals trained on, and others", Self.populations(runs, measures)),
            Self.point("New to the database, or known", Self.novelty(runs, measures)),
            Self.point("Scenarios", Self.scenarios(runs, measures)),
            Self.point("Queries", queries.joined(separator: " ")),
            Self.point("Animals", Self.animals(runs)),
        ]
        // The last point says that they are to be typed.
        let commands = runs.result.commands.map { "```sh\n\($0.visibleLines)```" }
        let rule = measures.corrected > 0 ? "What changed; a change is *clear* if \(measures.rule):" : "What changed:"
        content.parts = [
            decisive.compactMap(\.self).joined(separator: "\n"), commands, rule,
            changes.compactMap(\.self).joined(separator: "\n"),
        ].compactMap(\.self).map { .markdown($0) }
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
        let same = alone.filter { $0.oldText == $0.newText }.map { "; \(Self.part($0, measures)) did not" }.joined()
        let largest = changed.max { abs($0.new - $0.old) < abs($1.new - $1.old) }
        let part = largest.map {
            "Of the parts, the \(Self.part($0, measures)) changed\(changed.count > 1 ? " most" : ""), \($0.oldText) to "
                + "\($0.newText)\(same)."
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
            "In the later training, validation \($0). Only a longer training shows whether more epochs help, because "
                + "the curve of its learning rate stretches with the epochs."
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
        let seeds = runs.result.leftOpen == nil ? "" : "; the further seeds named below may settle that too"
        return "\((isBetter ? runs.newName : runs.oldName).capitalisingFirst) is not shown to beat no training\(seeds)."
    }

    // MARK: What changed

    /// The rankings by each part; nil if none changed, or there is none.
    private static func parts(_ measures: ComparedMeasures) -> String? {
        guard let map = measures.map else { return nil }
        let same = measures.parts.filter { $0.oldText == $0.newText }
        let changed = measures.parts.filter { $0.oldText != $0.newText }
        guard !changed.isEmpty else { return nil }
        let finding = measures.clearFirst(changed) { "\(map.title) by the \(part($0, measures)) \($0.sentence)" }
        let rest = same.map { "\(part($0, measures)) \($0.newText) in both" }.joined(separator: "; ")
        return rest.isEmpty ? finding : "\(finding) Unchanged: \(rest)."
    }

    private static func populations(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> String? {
        guard measures.populations.count == 2 else { return nil }
        let names = [
            measures.populations[0].title: "animals trained on",
            measures.populations[1].title: "animals never trained on",
        ]
        return measures.clearFirst(measures.populations) { measure in
            let turns = runs.pairs(ofKnown: measure.title == measures.populations[0].title).map(Turns.init).map {
                ", \($0.broken) broken and \($0.fixed) fixed of \(NumberText.counted($0.queries, "query", "queries"))"
            }
            return "\(names[measure.title] ?? measure.title) \(measure.sentence)\(turns ?? "")"
        }
    }

    /// How new animals are distinguished from known ones, and by which similarity; nil if nothing changed.
    private static func novelty(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> String? {
        let changed = measures.novelty.filter { $0.old != $0.new }
        guard !changed.isEmpty else { return nil }
        let (old, new) = (runs.old.result.novelty, runs.new.result.novelty)
        var sentences = [measures.clearFirst(changed) { "\($0.title) \($0.sentence)" }]
        if let before = old.threshold.map({ NumberText.fixed($0, 3) }),
            let after = new.threshold.map({ NumberText.fixed($0, 3) })
        {
            sentences.append(
                "An animal is called new below a similarity of \(after)"
                    + (before == after ? ", as before." : " (\(before) before; each run has its own scale)."))
        }
        if let called = new.baus, called < 1 {
            sentences.append(
                "\(runs.newName.capitalisingFirst) still calls \(NumberText.percent(1 - called)) of new animals known.")
        }
        return sentences.joined(separator: " ")
    }

    /// The scenarios, and whether all broken queries are in those without a clear change; nil if no scenario changed.
    private static func scenarios(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> String? {
        let changed = measures.scenarios.filter { $0.probability != nil }
        guard !changed.isEmpty else { return nil }
        let finding = measures.clearFirst(changed) { "\($0.title) \($0.sentence)" }
        let clear = Set(changed.filter(measures.isClear).map(\.title))
        guard !clear.isEmpty, runs.broken.count > 1, !runs.broken.contains(where: { clear.contains($0.new.scenario) })
        else { return finding }
        return "\(finding) All \(runs.broken.count) broken queries are in scenarios without a clear change."
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
        let worst = changes.prefix(3).compactMap { change -> (id: String, words: String)? in
            guard change.mean.direction == .loss, let share = change.share(of: changes) else { return nil }
            let mean = NumberText.change(from: change.mean.old, to: change.mean.new, 3)
            let words =
                "\(NumberText.percent(share, 0)) (mean \(mean), "
                + "\(NumberText.counted(change.queries, "query", "queries")))"
            return (change.id, words)
        }
        let shares = worst.enumerated().map { place, animal in
            "\(animal.id)\(place == 0 ? " has" : "") \(animal.words)"
        }
        guard !shares.isEmpty else { return clauses.joined() + "." }
        return "\(clauses.joined(separator: ", ")). Of the losses, \(shares.joined(separator: ", "))."
    }

    /// Whether the later run is better than the same method with the weights before training, and whether the earlier
    /// run was.
    private static func baseline(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> String? {
        guard !measures.training.isEmpty else { return nil }
        let changes = measures.training.map { "\($0.title) \($0.sentence)" }.joined(separator: "; ")
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
