import Basics
import Evaluation
import Results

struct CompareVerdict: CellKind {
    static let name = "compare-verdict"
    static let summary = """
        What decides after a retrain, in up to six points: the reasons for the verdict, what to do and what it costs, known and \
        new animals, the queries that changed, the part of the system that the change comes from, and the same method without training.
        """
    static let stages: [StageName] = []

    func content(_ context: CellContext) throws -> CellContent {
        var content = CellContent()
        guard let runs = try context.comparedRuns(noting: &content) else { return content }
        let measures = ComparedMeasures(runs)
        let findings: [(head: String, text: String?)] = [
            ("Why", runs.result.why), ("What to do", try Self.advice(runs, context.artefacts)),
            ("Known and new animals", Self.populations(measures)), ("Queries", Self.queries(runs)),
            ("Parts", Self.parts(measures)), ("Without training", Self.baseline(runs, measures)),
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

    private static func advice(_ runs: ComparedRuns, _ artefacts: Artefacts) throws -> String {
        let courses = try ComparedTraining.first(of: runs.runs.new, artefacts).map { TrainingCourse($0.epochs) }
        let isRising = courses.contains { $0.end == .rising }
        let rise =
            isRising
            ? " The later training came near its best validation only shortly before its end, so more epochs may help."
            : ""
        switch runs.result.verdict {
        case .better: return "Use \(runs.newName).\(rise)"
        case .worse: return "Keep \(runs.oldName).\(rise)"
        case .undecided: return choice(runs) + rise
        }
    }

    /// How to decide between two runs, and the time it takes.
    private static func choice(_ runs: ComparedRuns) -> String {
        let entries = [runs.runs.old.entry, runs.runs.new.entry].compactMap(\.self)
        guard entries.isEmpty || entries.contains(where: \.mayHaveTrained) else {
            return
                "Only photographs of more animals can decide between these runs, because nothing was trained. Until then "
                + "keep \(runs.oldName)."
        }
        guard runs.result.wins + runs.result.losses > 0 else {
            return "Nothing: both runs rank every query equally well."
        }
        let known = max(runs.result.old.seeds.count, runs.result.new.seeds.count)
        let first = runs.new.result.contract.run.seed ?? 1
        let seeds = (0..<known + moreSeeds).map { String(first + $0) }.joined(separator: ", ")
        let times = entries.compactMap(\.secondsOfSeed)
        let minutes = max(1, (Double(moreSeeds) * times.reduce(0, +) / 60).rounded())
        let cost =
            times.count == 2
            ? " The new trainings take about \(NumberText.thousands(minutes)) min, by the times measured." : ""
        return
            "Train both with more seeds: set 'seeds: [\(seeds)]' in the configuration of each, run the older one first, "
            + "and render this report again.\(cost) Then p below \(Comparison.usual) is enough, if the scores of the seeds "
            + "do not overlap."
    }

    /// The number of seeds to add to each run.
    private static let moreSeeds = 2

    // MARK: What changed

    private static func populations(_ measures: ComparedMeasures) -> String? {
        guard let known = measures.known, let unseen = measures.unseen else { return nil }
        func ends(_ measure: ComparedMeasure) -> String {
            measure.intervalText.map { " (95% interval \($0))" } ?? ""
        }
        let clear = [known, unseen].compactMap { measure in measure.interval.map { !$0.contains(0) } }
        let finding =
            switch clear {
            case [true, false]: "The interval excludes 0 only for animals known from training. "
            case [false, true]: "The interval excludes 0 only for animals never trained on. "
            case [true, true]: "Both intervals exclude 0. "
            case [false, false]: "Neither interval excludes 0. "
            default: ""
            }
        return
            "\(finding)mAP@20 of known ones \(known.sentence)\(ends(known)); of those never trained on, which a field "
            + "season brings, \(unseen.sentence)\(ends(unseen))."
    }

    /// The queries whose first match turned, where those are that fail in both runs, and the animals that lost most.
    private static func queries(_ runs: ComparedRuns) -> String {
        let failing = runs.stillFailing
        let scenarios = runs.new.scenarios
            .map { name in (name: name, count: failing.count { $0.new.scenario == name }) }
            .filter { $0.count > 0 }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        let places =
            runs.new.scenarios.count > 1 && !scenarios.isEmpty
            ? " (\(scenarios.prefix(2).map { "\($0.count) in \($0.name)" }.joined(separator: ", ")))" : ""
        let counts =
            "\(runs.broken.count) broken (first correct before, wrong now), \(runs.fixed.count) fixed, "
            + "\(failing.count) wrong in both\(places)."
        let worst = WhaleChange.changes(runs.pairs).filter { $0.mean.direction == .loss }.prefix(3)
            .map { "\($0.id) \(NumberText.change(from: $0.mean.old, to: $0.mean.new, 3))" }
        return worst.isEmpty ? counts : "\(counts) Largest losses by animal: \(worst.joined(separator: ", "))."
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

    /// The later run next to the same method with the weights before training.
    private static func baseline(_ runs: ComparedRuns, _ measures: ComparedMeasures) -> String? {
        let changes = zip([measures.map, measures.hitRates.first].compactMap(\.self), measures.untrained)
            .compactMap { run, without in
                ComparedMeasure(run.title, isShare: run.isShare, without.new, run.new).map { change in
                    (value: "\(run.title) \(without.newText)", change: change.change)
                }
            }
        guard !changes.isEmpty else { return nil }
        let ends =
            runs.new.result.training?.interval.map { " (95% interval \(NumberText.changeInterval($0, 3)))" } ?? ""
        let differences = changes.enumerated().map { "\($1.change)\($0 == 0 ? ends : "")" }
        return
            "With the weights before training the same method has \(changes.map(\.value).joined(separator: " and ")); "
            + "\(runs.newName) differs by \(differences.joined(separator: " and "))."
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
