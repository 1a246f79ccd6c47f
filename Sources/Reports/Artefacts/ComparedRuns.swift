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
    private let comparison: Comparison

    /// Reads the files.
    ///
    /// - Throws: ``FileError``.
    init(_ runs: ReportComparison, artefacts: Artefacts) throws {
        result = runs.result
        old = try artefacts.evaluation(in: runs.old.folder(of: .evaluate))
        new = try artefacts.evaluation(in: runs.new.folder(of: .evaluate))
        oldAnswers = try artefacts.answers(ExpandFiles.neighbours, in: runs.old.folder(of: .expand))
        newAnswers = try artefacts.answers(ExpandFiles.neighbours, in: runs.new.folder(of: .expand))
        comparison = Comparison(
            old: old.queries, new: new.queries, oldSeeds: result.old.seeds, newSeeds: result.new.seeds)
    }

    /// Every query that both have and that has an answer.
    var pairs: [Comparison.Pair] { comparison.pairs }
    var fixed: [Comparison.Pair] { comparison.fixed }
    var broken: [Comparison.Pair] { comparison.broken }
    var stillFailing: [Comparison.Pair] { comparison.stillFailing }

    /// What people call the run before, such as `run 3`.
    var oldName: String { Self.name(result.old) }
    /// What people call the run after.
    var newName: String { Self.name(result.new) }

    private static func name(_ run: ComparisonSummary.Run) -> String {
        Int(run.name) == nil ? "run \(run.number), \(run.name)" : "run \(run.number)"
    }

    /// How the numbers were counted, in one paragraph of plain text.
    var contract: String {
        [
            new.contractText,
            """
            A query is fixed where its first photograph is right after and was not before, broken where it was and no \
            longer is, and still failing where it is wrong in both; queries without an answer are left out. Measures \
            and rankings are those of the first seed of each run.
            """,
            """
            The interval resamples animals; the probability is how often chance alone would bring a mean change as \
            large, found by exchanging before and after for whole animals.
            """,
            """
            A change within the spread of the seeds is undecided, and so is one between single seeds unless the \
            probability is very small.
            """,
        ].joined(separator: " ")
    }
}

/// Which runs a document compares, by its parameters `old` and `new`.
struct RunPair: Equatable {
    let old: String
    let new: String

    /// What a cell says where there is no earlier run.
    static let absence = """
        There is nothing to compare yet: no earlier run has another evaluation. Run 'whalebook run' after a retrain, \
        then render again.
        """

    /// What an inline value says then, unless it has words for that.
    static let absentValue = ValueError(
        "there is nothing to compare yet: no earlier run has another evaluation",
        "Run 'whalebook run' after a retrain, then render again; or say what then stands there: | or(not known yet).")

    /// Takes the names from a document's parameters; the run before the last and the last where it has none.
    init(parameters: [String: JSONValue] = [:]) {
        func name(_ parameter: String, _ standard: String) -> String {
            parameters[parameter].flatMap { $0.string ?? $0.double.map(NumberText.shortest) } ?? standard
        }
        old = name("old", "previous")
        new = name("new", "current")
    }

    /// The two runs side by side; nil where the ledger has no such two yet.
    ///
    /// - Throws: What the ledger throws for a run that was named and is not there, and for runs that differ in what
    ///   they were asked.
    func comparison(_ ledger: ReportLedger?) throws -> ReportComparison? {
        try ledger?.comparison(old, new)
    }
}
