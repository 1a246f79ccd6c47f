import Basics
import Catalog
import Evaluation
import Foundation

/// Reads the files that stages wrote, each once for a rendering.
final class Artefacts {
    let inputs: ReportInputs
    /// The runs that are compared.
    let pair: RunPair
    private var json: [URL: Result<JSONValue, any Error>] = [:]
    private var queries: [URL: Result<[QueryRow], any Error>] = [:]
    private var answers: [URL: Result<[String: [Rankings.Answer]], any Error>] = [:]
    private var histories: [URL: Result<[HistoryRow], any Error>] = [:]
    private var sweeps: [URL: Result<ExpansionSweep, any Error>] = [:]
    private var splits: [URL: Result<Split, any Error>] = [:]
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
    func isLeftOut(_ stage: String) -> Bool {
        !inputs.graph.isEmpty && !inputs.graph.contains { $0.stage == stage }
    }

    /// `evaluation.json`.
    func evaluation(_ node: ReportNode) throws -> JSONValue { try json(node, "evaluation.json") }
    /// `evaluation.json` and `queries.csv` of a folder.
    func evaluation(in folder: URL) throws -> EvaluationView {
        EvaluationView(
            json: try Self.once(folder.appending(path: "evaluation.json"), in: &json, JSONValue.read),
            queries: try Self.once(folder.appending(path: "queries.csv"), in: &queries, QueryRow.read))
    }
    /// `model.json`.
    func model(_ node: ReportNode) throws -> JSONValue { try json(node, "model.json") }
    /// `queries.csv`.
    func queries(_ node: ReportNode) throws -> [QueryRow] {
        try Self.once(node.directory.appending(path: "queries.csv"), in: &queries, QueryRow.read)
    }
    /// `calibration.json`.
    func calibration(_ node: ReportNode) throws -> JSONValue { try json(node, "calibration.json") }
    /// `causes.csv`.
    func causes(_ node: ReportNode) throws -> [CauseRow] {
        try CauseRow.read(node.directory.appending(path: "causes.csv"))
    }
    /// `suspects.csv`.
    func suspects(_ node: ReportNode) throws -> [IdentitySuspect] {
        try IdentitySuspect.read(node.directory.appending(path: "suspects.csv")).map(\.suspect)
    }
    /// Why no name is suspect, by `suspects.json`; nil where names could be, and where the result is older than the file.
    func reasonAgainstSuspects(_ node: ReportNode) throws -> String? {
        let url = node.directory.appending(path: "suspects.json")
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return try json(node, url.lastPathComponent)["reason"]?.string
    }
    /// `novelty.csv`.
    func noveltySamples(_ node: ReportNode) throws -> [NoveltySample] {
        try NoveltySample.read(node.directory.appending(path: "novelty.csv"))
    }
    /// `neighbors.csv`, by query_id.
    func answers(_ node: ReportNode) throws -> [String: [Rankings.Answer]] { try answers(in: node.directory) }
    /// `neighbors.csv` of a folder, by query_id.
    func answers(in folder: URL) throws -> [String: [Rankings.Answer]] {
        try Self.once(folder.appending(path: "neighbors.csv"), in: &answers) { url in
            let queries = try Rankings.read(url).queries
            return Dictionary(queries.map { ($0.id, $0.answers) }) { first, _ in first }
        }
    }
    /// `ranks.csv`, by query_id; empty where the result is older than the file.
    func rightRanks(_ node: ReportNode) throws -> [String: [RightRanks.Row]] {
        let url = node.directory.appending(path: "ranks.csv")
        guard FileManager.default.fileExists(atPath: url.path) else { return [:] }
        return try RightRanks.read(url).byQuery
    }
    /// `history.csv`; empty where a model from elsewhere came without.
    func history(_ node: ReportNode) throws -> [HistoryRow] { try history(in: node.directory) }
    /// `history.csv` of a folder.
    func history(in folder: URL) throws -> [HistoryRow] {
        let url = folder.appending(path: "history.csv")
        guard FileManager.default.fileExists(atPath: url.path) else { return [] }
        return try Self.once(url, in: &histories, HistoryRow.read)
    }
    /// `sweep.csv`.
    func sweep(_ node: ReportNode) throws -> ExpansionSweep {
        try Self.once(node.directory.appending(path: "sweep.csv"), in: &sweeps, ExpansionSweep.read)
    }
    /// `pairs.csv`.
    func explainedPairs(_ node: ReportNode) throws -> [ExplainedPair] {
        try ExplainedPair.read(node.directory.appending(path: "pairs.csv"))
    }
    /// `heat-maps.csv`.
    func heatMaps(_ node: ReportNode) throws -> [HeatMapRow] {
        try HeatMapRow.read(node.directory.appending(path: "heat-maps.csv"))
    }
    /// `embedding-map.csv`.
    func embeddingMap(_ node: ReportNode) throws -> EmbeddingMap {
        try EmbeddingMap.read(node.directory.appending(path: "embedding-map.csv"))
    }
    /// `split.csv`.
    func split(_ node: ReportNode) throws -> Split {
        try Self.once(node.directory.appending(path: "split.csv"), in: &splits, Split.read)
    }
    /// `scenarios.json`.
    func scenarios(_ node: ReportNode) throws -> [Scenario] {
        try ScenarioSet.read(node.directory.appending(path: "scenarios.json")).scenarios
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

    /// The JSON file that has its stage's name, such as `sweep.json`; nil where the stage writes none.
    func stageFile(_ node: ReportNode) throws -> JSONValue? {
        let file = "\(node.stage).json"
        guard FileManager.default.fileExists(atPath: node.directory.appending(path: file).path) else { return nil }
        return try json(node, file)
    }

    private func json(_ node: ReportNode, _ file: String) throws -> JSONValue {
        try Self.once(node.directory.appending(path: file), in: &json, JSONValue.read)
    }

    private static func once<Value>(
        _ url: URL, in memory: inout [URL: Result<Value, any Error>], _ read: (URL) throws -> Value
    ) throws -> Value {
        if let known = memory[url] { return try known.get() }
        let result = Result { try read(url) }
        memory[url] = result
        return try result.get()
    }
}
