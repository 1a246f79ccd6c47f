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
