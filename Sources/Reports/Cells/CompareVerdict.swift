import Basics
import Catalog
import Evaluation
import Options
import Results

struct CompareVerdict: CellKind {
    static let name = "compare-verdict"
    static let summary = """
        What a retrain changed and which part of the system moved; what got worse; the same method without training; what \
        to do next, with what to type.
        """
    static let stages: [StageName] = []

    @Option("The label of the section with every query that changed, to which the point about losses links.")
    var queries: String? = nil

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent()
        guard let runs = try context.comparedRuns(noting: &content),
            let measures = try context.artefacts.comparedMeasures()
        else { return content }
        let isRising = try ComparedTraining.first(of: runs.runs.new, context.artefacts)
            .contains { TrainingCourse($0.epochs).end == .rising }
        let longer = isRising ? Self.longer(runs) : nil
        let losses = Self.losses(runs, measures, try context.artefacts.catalog())
        let points = [
            Self.point("Why", Self.why(runs, measures)),
            Self.point("What got better", Self.gains(runs, measures)),
            Self.point("What got worse", losses, more: queries),
            Self.point("Without training", Self.baseline(runs, measures)),
            Self.point("What to do next", Self.next(runs, longer: longer, isRising: isRising)),
        ]
        // The last point says that they are to be typed.
        let commands = runs.result.commands.map { "```sh\n\(($0 + [longer].compactMap(\.self)).visibleLines)```" }
        content.parts = [points.filter { !$0.isEmpty }.joined(separator: "\n"), commands].compactMap(\.self)
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

    /// A point of a list; empty without sentences.
    private static func point(_ head: String, _ sentences: [String?], more section: String? = nil) -> String {
        let text = sentences.compactMap(\.self).joined(separator: " ")
        let link = section.map { " [More](#\($0))" } ?? ""
        return text.isEmpty ? "" : "- **\(head).** \(MarkdownText.escaped(text))\(link)"
    }

    // MARK: Why

    /// What the later run had otherwise; then which part of the system moved, or why there is no verdict.
    private static func why(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> [String?] {
        let options =
            runs.changes.isEmpty
            ? nil : "\(runs.newNumber.capitalisingFirst) had \(runs.changes.joined(separator: "; "))."
        return [options, runs.result.verdict == .undecided ? runs.result.why : part(runs, measures)]
    }

    /// Which part of the system moved, alone; nil if no part did, or there is only one.
    private static func part(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> String? {
        func name(_ measure: ComparedMeasure) -> String { measure.title.replacing(" alone", with: "") }
        let alone = measures.parts.filter { $0.title.hasSuffix(" alone") }
        let changed = alone.filter { $0.oldText != $0.newText }
        let largest = changed.max { abs($0.new - $0.old) < abs($1.new - $1.old) }
        guard let largest else { return nil }
        let verb = largest.new > largest.old ? "rose" : "fell"
        let change =
            "the \(name(largest)) changed: alone, \(name(largest) == "network" ? "its" : "their") \(runs.new.metric) "
            + "\(verb) from \(largest.oldText) to \(largest.newText)"
        guard changed.count == 1, let other = alone.first(where: { $0.title != largest.title }) else {
            return "\(changed.count > 1 ? "Most of all, \(change)" : change.capitalisingFirst)."
        }
        return "Only \(change), while that of the \(name(other)) stayed at \(other.newText)."
    }

    // MARK: What got better

    /// The first matches of animals that trained the network and of others, and what clearly improved in distinguishing new
    /// animals from known ones.
    private static func gains(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> [String?] {
        func first(_ isKnown: Bool, _ words: String) -> String? {
            guard let pairs = runs.pairs(ofKnown: isKnown), !pairs.isEmpty else { return nil }
            let (before, after) = (pairs.count { $0.old.firstHitRank == 1 }, pairs.count { $0.new.firstHitRank == 1 })
            return
                "for \(after) of \(NumberText.counted(pairs.count, "query", "queries")) of \(words) (\(before) before)"
        }
        let matches = [first(true, "animals trained on"), first(false, "others")].compactMap(\.self)
        let clear = measures.novelty.filter { measures.isClear($0) && $0.new > $0.old }.map { measure in
            let chance = measure.probability.map { " (\(NumberText.probability($0)))" } ?? ""
            return "\(measure.title) rose from \(measure.oldText) to \(measure.newText)\(chance)"
        }
        return [
            matches.isEmpty ? nil : "The first match is correct \(matches.joined(separator: " and ")).",
            clear.isEmpty ? nil : "\(clear.joined(separator: "; ").capitalisingFirst).",
        ]
    }

    // MARK: What got worse

    /// The queries that broke; the animals that lost most, and the one that more queries return first wrongly.
    private static func losses(
        _ runs: ComparedRuns, _ measures: ComparedMeasures, _ catalog: Catalog
    ) -> [String?] {
        let animals = [losers(runs), rival(runs, catalog)].compactMap(\.self)
        let broken = runs.broken.count
        guard broken + animals.count > 0 else { return ["No query lost its correct first match, and no animal lost."] }
        let first =
            broken == 0
            ? "No query lost its correct first match."
            : "\(NumberText.counted(broken, "query", "queries")) lost \(broken == 1 ? "its" : "their") correct first "
                + "match\(places(runs, measures))\(runs.fixed.isEmpty ? "" : "; \(runs.fixed.count) gained one")."
        return [first, animals.isEmpty ? nil : animals.joined(separator: "; ").capitalisingFirst + "."]
    }

    /// The scenarios of the broken queries, or of three or more that with most of them, and whether their changes are
    /// clear; empty for a single scenario.
    private static func places(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> String {
        let names = runs.new.scenarios
        guard names.count > 1 else { return "" }
        let counts = names.map { name in (name: name, count: runs.broken.count { $0.new.scenario == name }) }
            .filter { $0.count > 0 }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        let shown = counts.prefix(counts.count == 2 ? 2 : 1)
        let clear = Set(measures.scenarios.filter(measures.isClear).compactMap(\.scenario))
        let isUnclear = !clear.isEmpty && clear.isDisjoint(with: shown.map(\.name))
        let words = shown.map { place in
            counts.count == 1
                ? "in \(place.name)" : "\(place.count)\(counts.count == 2 ? "" : " of them") in \(place.name)"
        }
        return ", \(words.joined(separator: " and "))\(isUnclear ? " (no clear change there)" : "")"
    }

    /// The animal that costs the score most, and a second one that costs at least half as much; nil if none lost.
    private static func losers(_ runs: ComparedRuns) -> String? {
        let losses = WhaleChange.changes(runs.pairs).filter { $0.mean.direction == .loss }
        guard let most = losses.first else { return nil }
        return losses.prefix(2).filter { $0.total <= most.total / 2 }.map { change in
            let mean = NumberText.change(from: change.mean.old, to: change.mean.new, 3)
            return change.queries == 1
                ? "\(change.id) (\(mean), 1 query)" : "\(change.id) (mean \(mean), \(change.queries) queries)"
        }.joined(separator: " and ") + " lost most"
    }

    /// The wrong animal that comes first in most of the queries that are wrong now; nil if none does in several, or not in
    /// more than before.
    private static func rival(_ runs: ComparedRuns, _ catalog: Catalog) -> String? {
        let wrong = runs.broken + runs.stillFailing
        let animals = wrong.compactMap { runs.firstAnimals($0, catalog).after }
        let counts = Dictionary(animals.map { ($0, 1) }, uniquingKeysWith: +)
        guard let most = counts.min(by: { ($1.value, $0.key) < ($0.value, $1.key) }), most.value >= Self.several
        else { return nil }
        let earlier = runs.fixed + runs.stillFailing
        let before = earlier.count { runs.firstAnimals($0, catalog).before == most.key }
        guard most.value > before else { return nil }
        return
            "\(most.key) attracts \(most.value) of \(wrong.count) wrong first matches (\(before) of \(earlier.count) "
            + "before)"
    }

    /// As many queries with the same wrong animal first are worth a clause.
    private static let several = 3

    // MARK: Without training

    /// The score without training and that of the later run, with what is known of the difference, and whether the earlier
    /// run scored lower than either; nothing if not known.
    private static func baseline(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> [String?] {
        guard let measure = measures.training else { return [] }
        let effect = runs.new.result.training
        let verdict =
            switch effect?.verdict {
            case nil: ""
            case .undecided: ": undecided"
            case .better: ": clearly better"
            case .worse: ": clearly worse"
            }
        let open = effect?.verdict == .undecided && runs.result.commands != nil
        let numbers = effect.map { " (\(Self.chance($0)))" } ?? ""
        let earlier = runs.old.result.training.flatMap {
            $0.with < $0.without ? "\(runs.oldNumber.capitalisingFirst) scored below no training." : nil
        }
        let first = runs.new.result.untrained?.summary.flatMap { before in
            runs.new.pooled.map { after in
                "The correct animal comes first for \(NumberText.percent(before.top1)) without and "
                    + "\(NumberText.percent(after.top1)) with."
            }
        }
        return [
            "\(runs.new.metric) is \(measure.oldText) without training and \(measure.newText) in \(runs.newNumber)"
                + "\(verdict)\(numbers)\(open ? "; the seeds below also test this" : "").", first, earlier,
        ]
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

    // MARK: What to do next

    /// How to return to the earlier run if the later one is worse, whether more epochs may help, and how to settle what is
    /// open.
    private static func next(_ runs: ComparedRuns, longer: String?, isRising: Bool) -> [String?] {
        let way = longer.map { command in
            runs.result.commands == nil
                ? " (\(quoted: command) trains twice as many)" : " (the last command trains twice as many)"
        }
        let more =
            isRising
            ? "Try more epochs: validation of \(runs.newNumber) was still rising near the end\(way ?? "")." : nil
        return [restoration(runs), more, runs.result.leftOpen]
    }

    /// What to type for twice as many epochs; nil if the record does not have their number.
    private static func longer(_ runs: ComparedRuns) -> String? {
        runs.runs.new.entry?.configuration[path: "train.schedule.epochs"]?.double.map { epochs in
            "whalebook run --set train.schedule.epochs=\(NumberText.shortest(2 * epochs))"
        }
    }

    /// How to return to the earlier run; nil unless the later one is worse by options that have earlier values.
    private static func restoration(_ runs: ComparedRuns) -> String? {
        guard runs.result.verdict == .worse, let entry = runs.runs.new.entry,
            entry.parent == runs.result.old.number, !entry.changes.isEmpty, entry.changes.count <= Self.fewOptions
        else { return nil }
        let values = entry.changes.compactMap { change in
            change.old.map { "\(change.name) to \($0.string ?? $0.canonicalText)" }
        }
        guard values.count == entry.changes.count else { return nil }
        return "To return to \(runs.oldNumber), set \(values.joined(separator: ", ")) in the configuration and type "
            + "'whalebook run', which uses results that are still in the store."
    }

    /// As many options fit in a sentence.
    private static let fewOptions = 3
}
