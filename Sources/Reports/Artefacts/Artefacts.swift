import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Results

/// Reads the files that stages wrote, each once for a rendering.
final class Artefacts {
    let inputs: ReportInputs
    /// The runs that are compared.
    let pair: RunPair
    /// What was read, or the error of trying, by place.
    private var known: [URL: Result<any Sendable, any Error>] = [:]
    /// The runs side by side, once something has asked for them.
    private(set) var usedComparison: ReportComparison?
    private lazy var catalogResult = Result {
        try Catalog.read(
            inputs.place.dataDirectory, layout: inputs.place.dataLayout, patterns: inputs.place.dataPatterns)
    }
    private lazy var comparisonResult = Result { try pair.comparison(inputs.ledger) }
    private lazy var comparedRunsResult = Result { try comparison().map { try ComparedRuns($0, artefacts: self) } }

    init(_ inputs: ReportInputs, pair: RunPair = RunPair()) {
        self.inputs = inputs
        self.pair = pair
    }

    /// Whether the workflow as configured has no such stage: it is off, or what it would make was imported.
    func isLeftOut(_ stage: StageName) -> Bool {
        !inputs.graph.isEmpty && !inputs.graph.contains { $0.stage == stage }
    }

    /// A file of a result.
    ///
    /// - Throws: ``FileError``.
    func read<Contents: Sendable>(_ file: ResultFile<Contents>, of node: ReportNode) throws -> Contents {
        try read(file, in: node.directory)
    }

    /// A file of a result; nil where the result is older than the file, or its stage had nothing to write there.
    func readIfPresent<Contents: Sendable>(_ file: ResultFile<Contents>, of node: ReportNode) throws -> Contents? {
        file.exists(in: node.directory) ? try read(file, of: node) : nil
    }

    /// A file in a folder.
    func read<Contents: Sendable>(_ file: ResultFile<Contents>, in folder: URL) throws -> Contents {
        try once(file.url(in: folder)) { try file.read(in: folder) }
    }

    /// The measures with the queries that they are of.
    func evaluation(in folder: URL) throws -> EvaluationView {
        EvaluationView(
            result: try read(EvaluateFiles.evaluation, in: folder), queries: try read(EvaluateFiles.queries, in: folder)
        )
    }

    /// The ranking of a result by query_id: `neighbors.csv` of search or expand.
    func answers(_ file: ResultFile<Rankings>, in folder: URL) throws -> [String: [Rankings.Answer]] {
        try once(file.url(in: folder).appending(path: "by-query")) {
            Dictionary(try file.read(in: folder).queries.map { ($0.id, $0.answers) }) { first, _ in first }
        }
    }

    /// Where the right answers to each query stand in a ranking of search or expand, by query_id; empty where the result
    /// is older than the file.
    func rightRanks(_ node: ReportNode) throws -> [String: [RightRanks.Row]] {
        try readIfPresent(node.stage == .expand ? ExpandFiles.ranks : SearchFiles.ranks, of: node)?.byQuery ?? [:]
    }

    /// The epochs of a training; empty where a model from elsewhere came without.
    func epochs(_ node: ReportNode) throws -> [History.Epoch] {
        try readIfPresent(TrainFiles.history, of: node)?.epochs ?? []
    }

    /// The photographs.
    func catalog() throws -> Catalog { try catalogResult.get() }

    /// The two runs side by side; nil where there is no earlier run.
    func comparison() throws -> ReportComparison? {
        usedComparison = try comparisonResult.get()
        return usedComparison
    }

    /// The same with the files of both; nil where there is no earlier run.
    func comparedRuns() throws -> ComparedRuns? { try comparedRunsResult.get() }

    private func once<Value: Sendable>(_ key: URL, _ read: () throws -> Value) throws -> Value {
        if let value = try known[key]?.get() as? Value { return value }
        let result = Result { try read() }
        known[key] = result.map { $0 }
        return try result.get()
    }
}
