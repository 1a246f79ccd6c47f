import Basics
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
    /// The entries of both in the ledger, with their results.
    let runs: ReportComparison
    private let comparison: Comparison

    /// Reads the files.
    ///
    /// - Throws: ``FileError``.
    init(_ runs: ReportComparison, artefacts: Artefacts) throws {
        self.runs = runs
        result = runs.result
        old = try artefacts.evaluation(in: runs.old.folder(of: .evaluate))
        new = try artefacts.evaluation(in: runs.new.folder(of: .evaluate))
        oldAnswers = try artefacts.answers(ExpandFiles.neighbours, in: runs.old.folder(of: .expand))
        newAnswers = try artefacts.answers(ExpandFiles.neighbours, in: runs.new.folder(of: .expand))
        comparison = Comparison(
            old: old.queries, new: new.queries, oldSeeds: result.old.seeds, newSeeds: result.new.seeds)
    }

    /// Every answerable query that both have.
    var pairs: [Comparison.Pair] { comparison.pairs }
    var fixed: [Comparison.Pair] { comparison.fixed }
    var broken: [Comparison.Pair] { comparison.broken }
    var stillFailing: [Comparison.Pair] { comparison.stillFailing }

    /// The means over seeds, or over the pairs, whose difference is that of the runs.
    var means: (old: Double, new: Double) { comparison.means }

    /// The name of the run before, such as `run 3`.
    var oldName: String { Self.name(result.old) }
    /// The name of the run after.
    var newName: String { Self.name(result.new) }

    private static func name(_ run: ComparisonSummary.Run) -> String {
        Int(run.name) == nil ? "run \(run.number), \(run.name)" : "run \(run.number)"
    }

    /// How the numbers were counted, in two paragraphs of plain text.
    var contract: String {
        let rules = [
            """
            A query is fixed if its first match is right now and was wrong before, broken if it was right and is \
            wrong now, and still failing if it is wrong in both; unanswerable queries are left out. Measures and \
            rankings are those of the first seed of each run.
            """,
            """
            The interval resamples animals; the probability is how often chance alone would bring a mean change at \
            least as large, found by exchanging before and after for whole animals.
            """,
            """
            A change within the spread of the seeds is undecided, and so is a change between single seeds unless the \
            probability is very small.
            """,
        ]
        return new.contractText + CellContent.paragraph + rules.joined(separator: " ")
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

    /// The error of an inline value then, unless it has a fallback.
    static let absentValue = ValueError(
        "there is nothing to compare yet: no earlier run has another evaluation",
        "Run 'whalebook run' after a retrain, then render again; or add a fallback: | or(not known yet).")

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
    /// - Throws: The ledger's errors, for a named run that does not exist and for runs whose queries differ.
    func comparison(_ ledger: ReportLedger?) throws -> ReportComparison? {
        try ledger?.comparison(old, new)
    }
}
