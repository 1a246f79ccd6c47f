import Basics
import Foundation
import Results

/// The folder `.whalebook` next to whalebook.yaml: results by key, and the memory between runs.
///
/// A result is written under `<key>.partial` and renamed when complete. So a crash leaves either a complete result or
/// none under its key, and the earlier result stays until then.
public struct Store: Sendable {
    /// The store's folder.
    public let folder: URL
    /// The memory of one configuration; several configurations in one folder share their results.
    let memory: URL

    /// Creates the store of the configuration with this name; its folder is made when something is first kept.
    public init(project: URL, name: String) {
        folder = project.appending(path: ".whalebook")
        memory = folder.appending(path: "projects/\(name)")
    }

    /// The store of each configuration in the folder.
    ///
    /// - Throws: ``StoreError``, ``FileError/unreadable(path:reason:)`` if the configurations cannot be listed.
    var all: [Store] {
        get throws {
            guard let projects = try held(memory.deletingLastPathComponent()) else { return [] }
            return try projects.names().filter { projects.kind(of: $0) != .file }
                .map { Store(project: folder.deletingLastPathComponent(), name: $0) }
        }
    }

    /// The digests of the store's files and of the files next to the photographs.
    var digestsFile: URL { folder.appending(path: "digests.csv") }
    /// The digests of the photographs, relative to their folder.
    var photographDigests: URL { memory.appending(path: "photographs.csv") }
    var photographMemory: URL { memory.appending(path: "photographs.memory") }
    var currentFile: URL { memory.appending(path: "current.json") }
    /// The keys of runs that were not successful, see ``UnfinishedRuns``.
    var unfinishedFile: URL { memory.appending(path: "unfinished.json") }
    var importsFile: URL { memory.appending(path: "imports.json") }
    /// All messages of the last run.
    public var runLog: URL { memory.appending(path: "run.log") }
    /// The worker's messages about a failed download.
    var fetchLog: URL { memory.appending(path: "fetch.log") }
    var runsFolder: URL { memory.appending(path: "runs") }
    var backendFile: URL { folder.appending(path: "backend.json") }
    /// The measured cost of a training step, by network and settings.
    var estimates: URL { folder.appending(path: "estimates") }
    var lockFile: URL { folder.appending(path: "lock") }
    var cache: URL { folder.appending(path: "cache") }
    var manifests: URL { folder.appending(path: "manifests") }

    static let recordName = "node.json"
    static let failureName = "failure.json"
    static let attemptName = "attempt.json"
    /// The log of a node, kept next to its results.
    public static let logName = "node.log"
    /// The store's files in a node's folder, next to its outputs.
    static let ownNames = [recordName, failureName, attemptName, logName]
    static let partialSuffix = ".partial"
    /// The suffix of a result that is being replaced.
    static let oldSuffix = ".old"
    /// The name instead of a key during an import.
    static let importName = "import"

    /// The folder of a stage's results.
    func folder(of stage: StageName) -> URL { folder.appending(path: "cache/\(stage.rawValue)") }

    /// The folder of a finished node's files.
    public func folder(of stage: StageName, key: String) -> URL { folder(of: stage).appending(path: key) }

    /// The folder of a node's files while it runs.
    public func partialFolder(of stage: StageName, key: String) -> URL {
        folder(of: stage).appending(path: key + Self.partialSuffix)
    }

    /// Forgets all digests of files, so that all are read again.
    ///
    /// - Throws: ``StoreError``, ``FileError``.
    public func forgetDigests() throws {
        for file in [digestsFile, photographDigests, photographMemory] {
            let name = file.lastPathComponent
            guard let folder = try held(file.deletingLastPathComponent()), folder.kind(of: name) != nil else {
                continue
            }
            try folder.remove(name)
        }
    }

    // MARK: The keys of the last run

    /// The key of each node in the last run, by the node's name; empty before the first run.
    ///
    /// - Throws: ``WorkflowError/newerStore(path:schema:known:)`` for a newer schema; ``FileError`` for a file that
    ///   cannot be read or parsed, because its results must not be mistaken for missing; ``StoreError``.
    func currentKeys() throws -> [String: String] {
        guard let data = try contents(of: currentFile) else { return [:] }
        let json = try? JSONValue(parsing: data)
        if let schema = json?["schema"]?.integer, schema > CacheKey.schema {
            throw WorkflowError.newerStore(path: folder.path, schema: schema, known: CacheKey.schema)
        }
        let nodes = json?["nodes"]?.object
        let keys = nodes?.compactMapValues(\.string).filter { StoredName.isKey($0.value) }
        guard json?["schema"]?.integer != nil, let keys, keys.count == nodes?.count else {
            throw FileError.malformed(
                path: currentFile.path, line: nil, problem: "the list of the last run's results is damaged",
                remedy: "Restore the file from a copy, or move it away: 'whalebook run' then writes it again from the "
                    + "existing results.")
        }
        return keys
    }

    func write(currentKeys keys: [String: String]) throws {
        try write(
            JSONValue.object([
                "schema": .number(Double(CacheKey.schema)), "nodes": .object(keys.mapValues(JSONValue.string)),
            ]).text, to: currentFile)
    }
}
