import Basics
import Foundation
import Results

/// What can go wrong in the workflow itself; a stage's own failure is a ``StageFailure``.
public enum WorkflowError: Error, Equatable, CustomStringConvertible {
    case locked(owner: String, path: String)
    case workerMissing(path: String)
    case workerUnusable(path: String, reason: String)
    case workerWithoutMemory(path: String, reason: String)
    case deviceMissing(device: String, available: [String])
    case precisionOffDevice(precision: String, device: String)
    case missingInput(file: String)
    case missingOutput(stage: String, file: String)
    case inputChanged(path: String)
    case newerStore(path: String, schema: Int, known: Int)
    case notRun(node: String, reason: String)
    case rowsDiffer(embeddings: String, rows: Int, data: String, photographs: Int)
    case idsDiffer(embeddings: String, row: Int, found: String, expected: String)
    case notFinite(embeddings: String, row: Int, photograph: String)
    case zeroVector(embeddings: String, row: Int, photograph: String)
    case tooManyAnswers(count: Int, limit: Int)
    case noScenarios(String)
    case noScenarioFiles(String)
    case nothingAnswerable(scenarios: [String])
    case wouldOverwrite(String)
    case notOurs(path: String, kind: String)
    case noDocuments(String)
    case noAdapter
    case unknownBackbone(String, near: String?)
    case interrupted

    public var description: String {
        switch self {
        case .locked(let owner, let path):
            "Another run is at work here: \(owner). Wait until it ends; the lock \(path) goes with it."
        case .workerMissing(let path):
            """
            There is no worker at \(path). Build it with 'swift build --product whalebook-worker', or set \
            WHALEBOOK_WORKER to where it lies.
            """
        case .workerUnusable(let path, let reason):
            "The worker \(path) does not answer: \(reason). Build whalebook and whalebook-worker from the same sources."
        case .workerWithoutMemory(let path, let reason):
            """
            The worker \(path) cannot start: \(reason). libtorch takes about 1 GB of address space: raise the limit of \
            memory (ulimit -v, -d), or free memory.
            """
        case .deviceMissing(let device, let available):
            "The device \(quoted: device) is not there; the worker has: \(available.listed()). Set device: auto."
        case .precisionOffDevice(let precision, let device):
            """
            precision \(precision) takes a graphics card, but the device is \(quoted: device) here. Write precision: bfloat16, \
            or float32.
            """
        case .missingInput(let file):
            "No result upstream has \(file). Run 'whalebook run' again, and report it if that repeats."
        case .missingOutput(let stage, let file):
            "The stage \(quoted: stage) ended without writing \(quoted: file). Run it again with -f, and report it if that repeats."
        case .inputChanged(let path):
            "\(path) was changed while it was being read, so the result is not kept: it may be of other contents than its "
                + "key says. Leave the file alone and run again."
        case .newerStore(let path, let schema, let known):
            """
            \(path) has schema \(schema), but this whalebook knows \(known) at most. Use the newer whalebook, or move \
            the folder away.
            """
        case .notRun(let node, let reason):
            "There is no current result of \(quoted: node): \(reason). Run 'whalebook run' first."
        case .rowsDiffer(let embeddings, let rows, let data, let photographs):
            """
            \(embeddings) has \(rows) rows but \(data) has \(photographs) photographs. Embed this folder: \
            whalebook embed --data \(data) …
            """
        case .notFinite(let embeddings, let row, let photograph):
            """
            \(embeddings): row \(row), of \(quoted: photograph), holds NaN or infinity. Make the embeddings again; if they come \
            from half precision, use float32 or bfloat16.
            """
        case .zeroVector(let embeddings, let row, let photograph):
            """
            \(embeddings): row \(row), of \(quoted: photograph), is a zero vector, which has no cosine with any other. Make the \
            embeddings again.
            """
        case .idsDiffer(let embeddings, let row, let found, let expected):
            """
            Row \(row) of \(embeddings) is \(quoted: found) but metadata.csv has \(quoted: expected) there. Embed the folder anew.
            """
        case .tooManyAnswers(let count, let limit):
            "\(count) answers to a query are not within 1…\(limit), which is what the competition takes. Set --k within it."
        case .noScenarios(let path):
            """
            \(path) has no query_scenarios.csv and too few labelled encounters to build scenarios from. Add \
            query_scenarios.csv with its queries and databases, or rules as 'scenarios' in whalebook.yaml.
            """
        case .noScenarioFiles(let path):
            """
            \(path) has no query_scenarios.csv, so nothing says what to ask for. Add it with its queries and databases, \
            as the competition's data have it.
            """
        case .nothingAnswerable(let scenarios):
            """
            No query of the scenarios \(scenarios.listed()) has a right answer in its database, so that \
            nothing could be scored. Ask for animals that the database has, or give the photographs their whale_id.
            """
        case .wouldOverwrite(let path):
            "\(path) is there already and would be written over. Name another folder, or move it away."
        case .notOurs(let path, let kind):
            "\(path) is there already and is no \(kind), so it is not written over. Name another file, or move it away."
        case .noDocuments(let path):
            "\(path) has no document. 'whalebook init --documents' writes three there; or write one as NAME.book.md."
        case .noAdapter:
            "The configuration asks for no bridge, so there is no such stage to run. Write bridge: {kind: mlp}."
        case .unknownBackbone(let name, let near):
            "There is no backbone \(quoted: name). "
                + (near.map { "Did you mean \(quoted: $0)? " } ?? "") + "'whalebook backbones' lists them."
        case .interrupted: "Interrupted. Finished stages stay; 'whalebook run' goes on with the one that was at work."
        }
    }
}

/// A stage that failed: which node, why, and where its log lies.
public struct StageFailure: ErrorWithLines, CustomStringConvertible {
    public let node: Node
    /// One or more lines, each as a terminal shows it; see ``visibleLines(of:)``.
    public let reason: String
    /// The node's log, where it wrote one.
    public let log: String?

    public var lines: [String] {
        "\(node.name) failed: \(reason)".components(separatedBy: "\n")
            + [log.map { "Its log: \($0)" }].compactMap(\.self)
    }

    public var description: String { lines.joined(separator: "\n") }
}
