import Basics
import Catalog
import Evaluation
import Results

/// Two runs of the ledger with the files of both, as tables and grids read them.
struct ComparedRuns {
    let result: ComparisonSummary
    let old: EvaluationView
    let new: EvaluationView
    /// By query_id.
    let oldAnswers: [String: [Rankings.Answer]]
    let newAnswers: [String: [Rankings.Answer]]
    /// The correct photographs of each query with their ranks in the whole database, by query_id.
    let oldRanks: [String: [RightRanks.Row]]
    let newRanks: [String: [RightRanks.Row]]
    /// The animals that the later run trained on; nil if its split is no longer in the store.
    let trained: Set<String>?
    /// The entries of both in the ledger, with their results.
    let runs: ReportComparison
    private let comparison: Comparison
    private let paths: RelativePaths

    /// Reads the files.
    ///
    /// - Throws: ``FileError``.
    init(_ runs: ReportComparison, artefacts: Artefacts) throws {
        self.runs = runs
        paths = artefacts.inputs.paths
        result = runs.result
        old = try artefacts.evaluation(in: runs.old.folder(of: .evaluate))
        new = try artefacts.evaluation(in: runs.new.folder(of: .evaluate))
        oldAnswers = try artefacts.answers(ExpandFiles.neighbours, in: runs.old.folder(of: .expand))
        newAnswers = try artefacts.answers(ExpandFiles.neighbours, in: runs.new.folder(of: .expand))
        func ranks(_ run: ReportComparison.Run) throws -> [String: [RightRanks.Row]] {
            try run.nodes.first { $0.stage == .expand }.map(artefacts.rightRanks) ?? [:]
        }
        oldRanks = try ranks(runs.old)
        newRanks = try ranks(runs.new)
        trained = try runs.new.nodes.first { $0.stage == .split }
            .map { Set(try artefacts.read(SplitFiles.split, of: $0).trainedWhales) }
        comparison = Comparison(
            old: old.queries, new: new.queries, oldSeeds: result.old.seeds, newSeeds: result.new.seeds)
    }

    /// Every answerable query that both have.
    var pairs: [Comparison.Pair] { comparison.pairs }
    var fixed: [Comparison.Pair] { comparison.fixed }
    var broken: [Comparison.Pair] { comparison.broken }
    var stillFailing: [Comparison.Pair] { comparison.stillFailing }

    /// The rank of a query's first correct photograph in the whole database, before and after.
    func firstRanks(_ pair: Comparison.Pair) -> [Int?] {
        [(pair.old, oldRanks), (pair.new, newRanks)].map { row, ranks in
            ranks[row.id]?.map(\.rank).min() ?? row.firstHitRank
        }
    }

    /// How narrowly a query's first correct photograph came before or after its first wrong one, before and after: the
    /// difference of their scores, negative if the wrong one came first; nil if only one of the two was returned.
    func margins(_ pair: Comparison.Pair) -> [Double?] {
        [oldAnswers[pair.old.id], newAnswers[pair.new.id]].map { $0.flatMap(Rankings.Answer.margin) }
    }

    /// The pairs of animals known from training, or of the others; nil if that is not known.
    func pairs(ofKnown isKnown: Bool) -> [Comparison.Pair]? {
        trained.map { trained in pairs.filter { trained.contains($0.old.whaleID) == isKnown } }
    }

    // MARK: Other files of both

    /// The photographs returned in both runs, by query_id.
    typealias BothAnswers = (old: [String: [Rankings.Answer]], new: [String: [Rankings.Answer]])

    /// Another ranking of both runs; nil if one has none.
    ///
    /// - Throws: ``FileError``.
    func answers(_ file: ResultFile<Rankings>, of stage: StageName, _ artefacts: Artefacts) throws -> BothAnswers? {
        let found = try [runs.old, runs.new].map { run in
            try run.nodes.first { $0.stage == stage && file.exists(in: $0.directory) }
                .map { try artefacts.answers(file, in: $0.directory) }
        }
        return found[0].flatMap { old in found[1].map { (old, $0) } }
    }

    /// The later run's final ranking by the networks before training, by query_id; nil if there is none.
    ///
    /// - Throws: ``FileError``.
    func untrainedAnswers(_ artefacts: Artefacts) throws -> [String: [Rankings.Answer]]? {
        let file = ExpandFiles.untrainedNeighbours
        return try runs.new.nodes.first { $0.stage == .expand && file.exists(in: $0.directory) }
            .map { try artefacts.answers(file, in: $0.directory) }
    }

    /// How similar photographs are to the others of their animal and view, in the later run, by image_id; empty if that is
    /// not known.
    ///
    /// - Throws: ``FileError``.
    func typical(_ artefacts: Artefacts) throws -> [String: Double] {
        let rows = try runs.new.nodes.first { $0.stage == .search }
            .flatMap { try artefacts.readIfPresent(SearchFiles.typical, of: $0) }
        return Dictionary((rows ?? []).map { ($0.imageID, $0.similarity) }) { first, _ in first }
    }

    /// How certain the changes in telling new animals from known ones are; nil if a run has no calibration, or its
    /// similarities are no longer in the store.
    ///
    /// - Throws: ``FileError``.
    func novelty(_ artefacts: Artefacts) throws -> NoveltyChange? {
        let sides = try [runs.old, runs.new].compactMap { run -> NoveltyChange.Side? in
            guard let searched = run.nodes.first(where: { $0.stage == .search }),
                let evaluated = run.nodes.first(where: { $0.stage == .evaluate }),
                let samples = try artefacts.readIfPresent(SearchFiles.novelty, of: searched),
                let calibration = try artefacts.readIfPresent(EvaluateFiles.calibration, of: evaluated)?.calibration
            else { return nil }
            return (samples, calibration)
        }
        return sides.count == 2 ? NoveltyChange(old: sides[0], new: sides[1]) : nil
    }

    /// The wrong animal that both runs return first, by query_id of the queries that fail in both.
    func lastingRivals(_ catalog: Catalog) -> [String: String] {
        let rivals = stillFailing.compactMap { pair -> (String, String)? in
            let first = firstAnimals(pair, catalog)
            guard let animal = first.before, animal == first.after else { return nil }
            return (pair.old.id, animal)
        }
        return Dictionary(rivals) { first, _ in first }
    }

    /// The animals in the photographs returned first, before and after; nil if nothing was returned, or it has no name.
    func firstAnimals(_ pair: Comparison.Pair, _ catalog: Catalog) -> (before: String?, after: String?) {
        func first(_ answers: [Rankings.Answer]?) -> String? { answers?.first.flatMap { catalog[$0.imageID]?.whaleID } }
        return (first(oldAnswers[pair.old.id]), first(newAnswers[pair.new.id]))
    }

    // MARK: Names

    /// The limit of p below which there is a verdict.
    var limit: Double { comparison.threshold }

    /// The means over seeds, or over the pairs, whose difference is that of the runs.
    var means: (old: Double, new: Double) { comparison.means }

    /// The name of the run before, such as `run 3`.
    var oldName: String { Self.name(result.old) }
    /// The name of the run after.
    var newName: String { Self.name(result.new) }

    /// Both in sentences, by their numbers alone.
    var oldNumber: String { "run \(result.old.number)" }
    var newNumber: String { "run \(result.new.number)" }

    private static func name(_ run: ComparisonSummary.Run) -> String {
        Int(run.name) == nil ? "run \(run.number), \(run.name)" : "run \(run.number)"
    }

    /// What the later run changed, in words.
    var changes: [String] {
        guard let entry = runs.new.entry, entry.parent == result.old.number else {
            return result.changes.map { $0.replacing(" -> ", with: " → ") }
        }
        return OptionWords.changes(entry.changes, paths)
    }

    /// How the numbers were counted, in two paragraphs of plain text.
    var contract: String {
        new.contractText + CellContent.paragraph + """
            A query is broken if its first match was correct and is wrong now, fixed if it was wrong and is correct \
            now, and failing if it is wrong in both; it is worse or better if its average precision fell or rose. \
            Measures and rankings are those of the first seed of each run. Intervals resample animals; p is how often \
            a change at least as large occurs if before and after are exchanged for whole animals at random. p of \
            \(new.metric) over all queries is that of the verdict; all others are corrected together for their number by \
            Holm's method. Intervals are not corrected, and single animals are not tested. With several seeds in each \
            run, a verdict needs p below \(NumberText.shortest(Comparison.usual)) and scores of the seeds that do not \
            overlap.
            """
    }
}

extension Rankings.Answer {
    /// The score of the first correct photograph minus that of the first wrong one; nil if one of them is missing.
    static func margin(_ answers: [Rankings.Answer]) -> Double? {
        guard let right = answers.first(where: { $0.isRelevant == true }),
            let wrong = answers.first(where: { $0.isRelevant != true })
        else { return nil }
        return Double(right.score) - Double(wrong.score)
    }
}

/// The runs that a document compares, from its parameters `old` and `new`.
struct RunPair: Equatable {
    let old: String
    let new: String

    /// The text of a cell if there is no earlier run.
    static let absence = """
        There is nothing to compare yet: no earlier run has another evaluation. Run 'whalebook run' after a retrain, \
        then render again.
        """

    /// The error of an inline value then, or if the runs are not comparable, unless it has a fallback.
    static func absentValue(_ incomparable: IncomparableRuns?) -> ValueError {
        if let incomparable {
            return ValueError(
                "two runs cannot be compared", "\(incomparable.reason) Or add a fallback: | or(not known).")
        }
        return ValueError(
            "there is nothing to compare yet: no earlier run has another evaluation",
            "Run 'whalebook run' after a retrain, then render again; or add a fallback: | or(not known yet).")
    }

    /// Takes the names from a document's parameters; by default the previous run and the current one.
    init(parameters: [String: JSONValue] = [:]) {
        func name(_ parameter: String, _ fallback: String) -> String {
            parameters[parameter].flatMap { $0.string ?? $0.double.map(NumberText.shortest) } ?? fallback
        }
        old = name("old", "previous")
        new = name("new", "current")
    }

    /// The two runs side by side; nil if the ledger does not have both yet.
    ///
    /// - Throws: The ledger's errors, for a named run that does not exist; ``IncomparableRuns``.
    func comparison(_ ledger: ReportLedger?) throws -> ReportComparison? {
        try ledger?.comparison(old, new)
    }
}
