import Basics
import Foundation
import Results

/// Errors of the workflow; the failure of a stage is a ``StageFailure``.
public enum WorkflowError: Error, Equatable, CustomStringConvertible {
    case locked(owner: String, path: String)
    case workerMissing(path: String)
    case workerUnusable(path: String, reason: String)
    case workerWithoutMemory(path: String, reason: String)
    case deviceMissing(device: String, available: [String], cards: Int)
    case precisionOffDevice(precision: String, device: String)
    case otherProcesses(configured: Int, found: Int)
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
    case noBackgroundCheck
    case noMatching(StageName)
    case contradiction([String])
    case unknownBackbone(String, near: String?)
    case interrupted

    public var description: String {
        switch self {
        case .locked(let owner, let path):
            "Another run is in progress here: \(owner). Wait until it ends, which releases the lock \(path)."
        case .workerMissing(let path):
            """
            There is no worker at \(path). Build it with 'swift build --product whalebook-worker', or set \
            WHALEBOOK_WORKER to its path.
            """
        case .workerUnusable(let path, let reason):
            "The worker \(path) does not respond: \(reason). Build whalebook and whalebook-worker from the same source."
        case .workerWithoutMemory(let path, let reason):
            """
            The worker \(path) cannot start: \(reason). libtorch needs about 1 GB of address space: raise the memory \
            limit (ulimit -v, -d), or free memory.
            """
        case .deviceMissing(let device, _, cards: 0):
            """
            The device \(quoted: device) is not available: the worker's libtorch finds no graphics card. Set device: \
            auto or cpu, or build with LIBTORCH set to a CUDA build of libtorch (docs/deployment.md).
            """
        case .deviceMissing(let device, let available, let cards):
            """
            The device \(quoted: device) is not available: there \(cards == 1 ? "is 1 card" : "are \(cards) cards"), \
            counted from 0, and the worker has: \(available.listed()). Choose one of these, or write device: auto.
            """
        case .precisionOffDevice(let precision, let device):
            """
            The precision \(precision) needs a graphics card, but the device here is \(quoted: device). Write \
            precision: bfloat16, or float32.
            """
        case .otherProcesses(let configured, let found):
            """
            With train.statistics: process the number of processes determines the weights. train.processes is \
            \(configured), but this run has \(NumberText.counted(found, "process", "processes")). Run with --devices \
            \(configured), or change train.processes; train.statistics: batch gives the same result for any number.
            """
        case .missingInput(let file):
            "No upstream result has \(file). Run 'whalebook run' again, and report this error if it occurs again."
        case .missingOutput(let stage, let file):
            "The stage \(quoted: stage) ended without writing \(quoted: file). Run it again with -f, and report this "
                + "error if it occurs again."
        case .inputChanged(let path):
            "\(path) was changed while it was being read, so the result was discarded: it may not match its key. Run "
                + "again, and do not change the file meanwhile."
        case .newerStore(let path, let schema, let known):
            """
            \(path) has schema \(schema), but this version reads schemas up to \(known). Use a newer version, or move \
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
            \(embeddings): row \(row), of \(quoted: photograph), has NaN or infinity. Make the embeddings again; if \
            they were made in half precision, use float32 or bfloat16.
            """
        case .zeroVector(let embeddings, let row, let photograph):
            """
            \(embeddings): row \(row), of \(quoted: photograph), is a zero vector, whose cosine is undefined. Make the \
            embeddings again.
            """
        case .idsDiffer(let embeddings, let row, let found, let expected):
            """
            \(embeddings): row \(row) is \(quoted: found), but metadata.csv has \(quoted: expected) there. Embed the \
            folder again.
            """
        case .tooManyAnswers(let count, let limit):
            "--k \(count) is not within 1…\(limit), the competition's limit. Set --k to 1 to \(limit)."
        case .noScenarios(let path):
            """
            \(path) has no query_scenarios.csv and too few labelled encounters to build scenarios from. Add \
            query_scenarios.csv with its queries and databases, or rules as 'scenarios' in whalebook.yaml.
            """
        case .noScenarioFiles(let path):
            """
            \(path) has no query_scenarios.csv, so there are no queries. Add it with its queries and databases, in the \
            competition's format.
            """
        case .nothingAnswerable(let scenarios):
            """
            No query of the scenarios \(scenarios.listed()) has a right match in its database, so nothing can be \
            scored. Use queries of animals that are in the database, or give the photographs their whale_id.
            """
        case .wouldOverwrite(let path):
            "\(path) exists and would be overwritten. Name another folder, or move it away."
        case .notOurs(let path, let kind):
            "\(path) exists and is not a \(kind), so it is not overwritten. Name another file, or move it away."
        case .noDocuments(let path):
            "\(path) has no document. Write three with 'whalebook init --documents', or your own as NAME.book.md."
        case .noAdapter:
            "The stage 'bridge' is turned off in the configuration. To run it, write bridge: {kind: mlp}."
        case .noBackgroundCheck:
            "The stage 'background' is turned off in the configuration. To run it, write background: {check: on}."
        case .noMatching(let stage):
            "The stage \(quoted: stage.rawValue) is turned off in the configuration. To run it, write match: {kind: sift}."
        case .contradiction(let decisions):
            """
            Decisions contradict each other: \(decisions.listed(10, by: "; ")). Look at these pairs again in \
            'whalebook review', then apply the decisions.
            """
        case .unknownBackbone(let name, let near):
            "There is no backbone \(quoted: name). "
                + (near.map { "Did you mean \(quoted: $0)? " } ?? "") + "'whalebook backbones' lists them."
        case .interrupted: "Interrupted. Finished stages are kept; 'whalebook run' continues the interrupted one."
        }
    }
}

/// A failed stage: the node, the reason, and the log.
public struct StageFailure: ErrorWithLines, CustomStringConvertible {
    public let node: Node
    /// One or more lines, safe for a terminal; see ``visibleLines(of:)``.
    public let reason: String
    /// The node's log, if it wrote one.
    public let log: String?

    public var lines: [String] {
        "\(node.name) failed: \(reason)".components(separatedBy: "\n")
            + [log.map { "Log: \($0)" }].compactMap(\.self)
    }

    public var description: String { lines.joined(separator: "\n") }
}
