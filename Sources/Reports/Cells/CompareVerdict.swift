import Basics
import Evaluation
import Results

struct CompareVerdict: CellKind {
    static let name = "compare-verdict"
    static let summary = """
        What decides after a retrain, in up to eight points: the reasons for the verdict; what to do and what it costs; known \
        and new animals, and telling them apart; the queries and the animals that changed; the part of the system that the \
        change comes from; and the same method without training.
        """
    static let stages: [StageName] = []

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent()
        guard let runs = try context.comparedRuns(noting: &content) else { return content }
        let measures = try ComparedMeasures(runs, context.artefacts)
        let lasting = runs.lastingRivals(try context.artefacts.catalog()).count
        let findings: [(head: String, text: String?)] = [
            ("Why", runs.result.why), ("What to do", try Self.advice(runs, context.artefacts)),
            ("Animals trained on, and others", Self.populations(runs, measures)),
            ("New to the database, or known", Self.novelty(measures)),
            ("Queries", Self.queries(runs, lasting: lasting)),
            ("Animals", Self.animals(runs)), ("Parts", Self.parts(measures)),
            ("Without training", Self.baseline(runs, measures)),
        ]
        let lines = findings.compactMap { finding in
            finding.text.map { "- **\(finding.head).** \(MarkdownText.escaped($0))" }
        }
        content.parts = [.markdown(lines.joined(separator: "\n"))]
        let uncommitted = [(runs.oldName, runs.runs.old.entry), (runs.newName, runs.runs.new.entry)]
            .filter { $0.1?.hasUncommittedChanges == true }.map(\.0)
        if !uncommitted.isEmpty {
            content.notes.append(
                "Warning: the code of \(uncommitted.joined(separator: " and ")) had uncommitted changes, so a commit does "
                    + "not identify it.")
        }
        return content
    }

    // MARK: What to do

    private static func advice(_ runs: ComparedRuns, _ artefacts: Artefacts) throws -> String? {
        let courses = try ComparedTraining.first(of: runs.runs.new, artefacts).map { TrainingCourse($0.epochs) }
        let rise =
            courses.contains { $0.end == .rising }
            ? "Validation of the later training had not levelled off at its end, so more epochs may help."
            : nil
        let sentences = [runs.result.advice, cost(runs), rise].compactMap(\.self)
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }

    /// The time that the advised trainings take; nil if none are advised, or their times are not recorded.
    private static func cost(_ runs: ComparedRuns) -> String? {
        let result = runs.result
        guard result.verdict == .undecided, result.wins + result.losses > 0 else { return nil }
        let wanted = max(result.old.seeds.count, result.new.seeds.count) + ComparisonSummary.moreSeeds
        let times = [(runs.runs.old, result.old.seeds), (runs.runs.new, result.new.seeds)].compactMap { run, seeds in
            run.entry?.secondsOfSeed.map { $0 * Double(wanted - seeds.count) }
        }
        guard times.count == 2 else { return nil }
        let minutes = max(1, (times.reduce(0, +) / 60).rounded())
        let threads = [runs.runs.old, runs.runs.new].compactMap { run in
            run.nodes.first { $0.stage == .train }?.machine?["threads"]?.integer
                .map { NumberText.counted($0, "thread", "threads") }
        }
        let setting =
            threads.count < 2
            ? "" : threads[0] == threads[1] ? " (\(threads[0]))" : " (\(threads[0]) before, \(threads[1]) after)"
        return "The new trainings take about \(NumberText.thousands(minutes)) min, if they take as long as those "
            + "recorded\(setting)."
    }

    // MARK: What changed

    private static func populations(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> String? {
        guard let known = measures.known, let unseen = measures.unseen else { return nil }
        func turns(isKnown: Bool) -> String {
            runs.pairs(ofKnown: isKnown).map(Turns.init).map { turns in
                ", \(turns.broken) broken and \(turns.fixed) fixed of "
                    + NumberText.counted(turns.queries, "query", "queries")
            } ?? ""
        }
        let clear = [known, unseen].compactMap { $0.isUndecided.map { !$0 } }
        let finding =
            switch clear {
            case [true, false]: "The interval excludes 0 only for animals trained on. "
            case [false, true]: "The interval excludes 0 only for animals not trained on. "
            case [true, true]: "Both intervals exclude 0. "
            case [false, false]: "Neither interval excludes 0. "
            default: ""
            }
        return
            "\(finding)mAP@20 of those trained on \(known.sentence)\(turns(isKnown: true)); of the others, as a field season "
            + "brings them, \(unseen.sentence)\(turns(isKnown: false))."
    }

    /// How new animals are distinguished from known ones, and which of the changes may be none; nil if nothing changed.
    private static func novelty(_ measures: ComparedMeasures) -> String? {
        let changed = measures.novelty.filter { $0.old != $0.new }
        func clause(_ measure: ComparedMeasure) -> String { "\(measure.title) \(measure.sentence)" }
        let parts = [
            (head: "", measures: changed.filter { $0.isUndecided != true }),
            (head: "Undecided: ", measures: changed.filter { $0.isUndecided == true }),
        ]
        let sentences = parts.filter { !$0.measures.isEmpty }.map { part in
            (part.head + part.measures.map(clause).joined(separator: "; ")).capitalisingFirst + "."
        }
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }

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
            "\(counts) \(subject) the same wrong animal first in both, so this retrain is not the cause."
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
                "\(NumberText.counted(count, "animal", "animals")) \(count == 1 ? one : many) \(part) "
                + "\(from)"
        }
        let metric = "\(runs.new.metric)\(seed)"
        let gains = clause(.gain, "adds", "add", "to \(metric)")
        let losses = clause(.loss, "takes", "take", "from \(gains == nil ? metric : "it")")
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

    /// The rankings by each part before and after.
    private static func parts(_ measures: ComparedMeasures) -> String? {
        guard let map = measures.map, !measures.parts.isEmpty else { return nil }
        func words(_ measure: ComparedMeasure) -> String {
            measure.oldText == measure.newText
                ? "\(measure.newText) in both" : "\(measure.oldText) to \(measure.newText)"
        }
        let clauses = measures.parts.map {
            "\($0.title.replacing("\(map.title), ", with: "")) \(words($0))"
        }
        return "\(map.title): \(clauses.joined(separator: "; ")); with query extension \(words(map))."
    }

    /// Whether the later run is better than the same method with the weights before training, and whether the earlier
    /// run was.
    private static func baseline(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> String? {
        guard !measures.training.isEmpty else { return nil }
        let changes = measures.training.map { "\($0.title) \($0.sentence)" }.joined(separator: "; ")
        let effect = runs.new.result.training
        let numbers = effect.map { " (\(NumberText.probability($0.probability)))" } ?? ""
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
}

extension RunEntry {
    /// How long the trainings of one seed took, in s; nil without a training.
    fileprivate var secondsOfSeed: Double? {
        let trainings = nodes.filter { $0.stage == .train && $0.imported == nil }
        let seeds = Set(trainings.map(\.seed)).count
        return seeds > 0 ? trainings.reduce(0) { $0 + $1.seconds } / Double(seeds) : nil
    }
}
