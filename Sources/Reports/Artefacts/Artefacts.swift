import Basics
import Catalog
import Evaluation
import Foundation

/// Reads the files that stages wrote, each once for a rendering.
final class Artefacts {
    let inputs: ReportInputs
    private var json: [URL: Result<JSONValue, any Error>] = [:]
    private var queries: [URL: Result<[QueryRow], any Error>] = [:]
    private var answers: [URL: Result<[String: [Rankings.Answer]], any Error>] = [:]
    private var histories: [URL: Result<[HistoryRow], any Error>] = [:]
    private var splits: [URL: Result<Split, any Error>] = [:]
    private lazy var catalogResult = Result { try Catalog.read(inputs.dataDirectory) }

    init(_ inputs: ReportInputs) { self.inputs = inputs }

    /// `evaluation.json`.
    func evaluation(_ node: ReportNode) throws -> JSONValue { try json(node, "evaluation.json") }
    /// `model.json`.
    func model(_ node: ReportNode) throws -> JSONValue { try json(node, "model.json") }
    /// `queries.csv`.
    func queries(_ node: ReportNode) throws -> [QueryRow] {
        try Self.once(node.directory.appending(path: "queries.csv"), in: &queries, QueryRow.read)
    }
    /// `neighbors.csv`, by query_id.
    func answers(_ node: ReportNode) throws -> [String: [Rankings.Answer]] {
        try Self.once(node.directory.appending(path: "neighbors.csv"), in: &answers) { url in
            let queries = try Rankings.read(url).queries
            return Dictionary(queries.map { ($0.id, $0.answers) }) { first, _ in first }
        }
    }
    /// `history.csv`.
    func history(_ node: ReportNode) throws -> [HistoryRow] {
        try Self.once(node.directory.appending(path: "history.csv"), in: &histories, HistoryRow.read)
    }
    /// `split.csv`.
    func split(_ node: ReportNode) throws -> Split {
        try Self.once(node.directory.appending(path: "split.csv"), in: &splits, Split.read)
    }
    /// The photographs.
    func catalog() throws -> Catalog { try catalogResult.get() }

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
