import Basics
import Foundation
import Results

/// The folder `.whalebook` beside whalebook.yaml: results by key, and what is remembered between runs.
///
/// A result is written under `<key>.partial` and renamed when whole, so that a crash leaves either the whole of it or
/// nothing under its key, and the earlier result stays until then.
public struct Store: Sendable {
    /// The store's folder.
    public let folder: URL
    /// What is remembered of one configuration; several in one folder share their results.
    let memory: URL

    /// Names a store; nothing is made before something is kept.
    ///
    /// - Parameter name: The configuration's.
    public init(project: URL, name: String) {
        folder = project.appending(path: ".whalebook")
        memory = folder.appending(path: "projects/\(name)")
    }

    /// The store as each configuration of the folder sees it.
    ///
    /// - Throws: ``StoreError``, ``FileError/unreadable(path:reason:)`` where there are some that cannot be listed.
    var all: [Store] {
        get throws {
            guard let projects = try held(memory.deletingLastPathComponent()) else { return [] }
            return try projects.names().filter { projects.kind(of: $0) != .file }
                .map { Store(project: folder.deletingLastPathComponent(), name: $0) }
        }
    }

    /// The digests of the store's own files and of those beside the photographs.
    var digestsFile: URL { folder.appending(path: "digests.csv") }
    /// The digests of the photographs, relative to their folder.
    var photographDigests: URL { memory.appending(path: "photographs.csv") }
    var photographMemory: URL { memory.appending(path: "photographs.memory") }
    var currentFile: URL { memory.appending(path: "current.json") }
    /// The keys of runs that have not ended well, see ``UnfinishedRuns``.
    var unfinishedFile: URL { memory.appending(path: "unfinished.json") }
    var importsFile: URL { memory.appending(path: "imports.json") }
    /// Everything that the last run told.
    public var runLog: URL { memory.appending(path: "run.log") }
    /// What the worker said of a download that failed.
    var fetchLog: URL { memory.appending(path: "fetch.log") }
    var runsFolder: URL { memory.appending(path: "runs") }
    var backendFile: URL { folder.appending(path: "backend.json") }
    /// What a step of each network took, by what was tried.
    var estimates: URL { folder.appending(path: "estimates") }
    var lockFile: URL { folder.appending(path: "lock") }
    var cache: URL { folder.appending(path: "cache") }
    var manifests: URL { folder.appending(path: "manifests") }

    static let recordName = "node.json"
    static let failureName = "failure.json"
    static let attemptName = "attempt.json"
    /// The log of a node, kept beside its results.
    public static let logName = "node.log"
    /// Names beside a node's outputs.
    static let ownNames = [recordName, failureName, attemptName, logName]
    static let partialSuffix = ".partial"
    /// What a result is called while another takes its place.
    static let oldSuffix = ".old"
    /// Stands for a key while something is imported.
    static let importName = "import"

    /// Where the results of a stage lie.
    func folder(of stage: StageName) -> URL { folder.appending(path: "cache/\(stage.rawValue)") }

    /// Where a finished node's files lie.
    public func folder(of stage: StageName, key: String) -> URL { folder(of: stage).appending(path: key) }

    /// Where a node's files lie while it works.
    public func partialFolder(of stage: StageName, key: String) -> URL {
        folder(of: stage).appending(path: key + Self.partialSuffix)
    }

    /// Forgets which files were read before, so that all are read anew.
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

    // MARK: What the last run used

    /// The key that each node had in the last run, by the node's name; none before the first run.
    ///
    /// - Throws: ``WorkflowError/newerStore(path:schema:known:)`` for a store of a later form; ``FileError`` for a file
    ///   that is there and cannot be read or understood, since what it names must not be taken for nothing; ``StoreError``.
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
                path: currentFile.path, line: nil, problem: "which results the last run used is no longer readable",
                remedy: "Put the file back from a copy, or move it away: then 'whalebook run' writes it anew from the "
                    + "results that are there.")
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
