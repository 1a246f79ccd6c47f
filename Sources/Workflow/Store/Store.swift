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
    /// - Throws: ``FileError/unreadable(path:reason:)`` where there are some that cannot be listed.
    var all: [Store] {
        get throws {
            let projects = memory.deletingLastPathComponent()
            guard FileManager.default.fileExists(atPath: projects.path) else { return [] }
            let held = try HeldFolder(projects)
            return try held.names().filter { held.kind(of: $0) != .file }
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
    var rehearsals: URL { folder.appending(path: "rehearsals") }
    var lockFile: URL { folder.appending(path: "lock") }
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

    /// Where a finished node's files lie.
    public func folder(of stage: StageName, key: String) -> URL {
        folder.appending(path: "cache/\(stage.rawValue)/\(key)")
    }

    /// Where a node's files lie while it works.
    public func partialFolder(of stage: StageName, key: String) -> URL {
        folder.appending(path: "cache/\(stage.rawValue)/\(key)\(Self.partialSuffix)")
    }

    /// The record of a finished node, or nil where there is none or it cannot be read.
    ///
    /// - Parameter key: May come from a file; what is no key has no record.
    public func record(of stage: StageName, key: String) -> NodeRecord? {
        guard let place = result(of: stage, key: key), let data = try? place.contents(of: Self.recordName),
            let record = (try? JSONValue(parsing: data)).flatMap(NodeRecord.init), record.key == key,
            record.ingredients.node.stage == stage
        else { return nil }
        return record
    }

    /// A finished node's folder, held open; nil where there is none, and for a link.
    func result(of stage: StageName, key: String) -> HeldFolder? {
        guard StoredName.isKey(key) else { return nil }
        return try? HeldFolder(folder.appending(path: "cache/\(stage.rawValue)")).folder(key)
    }

    /// The records of all finished nodes of a stage, by key.
    func records(of stage: StageName) -> [NodeRecord] {
        let stageFolder = folder.appending(path: "cache/\(stage.rawValue)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: stageFolder.path)) ?? []
        return names.sorted().compactMap { record(of: stage, key: $0) }
    }

    /// The outputs of a record that are missing, links, or whose contents are not those that were written.
    ///
    /// - Parameter rereads: Whether a file is read though its stamp is the one that its digest is remembered by: a disk
    ///   that loses bits leaves the stamp as it was.
    func damaged(_ record: NodeRecord, digests: inout FileDigests, rereads: (String) -> Bool) -> [String] {
        let stage = record.ingredients.node.stage
        let place = folder(of: stage, key: record.key)
        let held = result(of: stage, key: record.key)
        return record.outputs.sorted { $0.key < $1.key }.compactMap { name, output in
            guard held?.kind(of: name) == .file else { return name }
            let path = place.path + "/" + name
            if rereads(name) { digests.forget(path) }
            return (try? digests.digest(of: path)) == output.digest ? nil : name
        }
    }

    /// Forgets which files were read before, so that all are read anew.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public func forgetDigests() throws {
        for file in [digestsFile, photographDigests, photographMemory]
        where FileManager.default.fileExists(atPath: file.path) {
            do {
                try FileManager.default.removeItem(at: file)
            } catch {
                throw FileError.unwritable(path: file.path, reason: FileError.reason(of: error))
            }
        }
    }

    // MARK: What the last run used

    /// The key that each node had in the last run, by the node's name; none before the first run.
    ///
    /// - Throws: ``WorkflowError/newerStore(path:schema:known:)`` for a store of a later form; ``FileError`` for a file
    ///   that is there and not understood, since what it names must not be taken for nothing.
    func currentKeys() throws -> [String: String] {
        var status = stat()
        guard lstat(currentFile.path, &status) == 0 || errno != ENOENT else { return [:] }
        let json = try? JSONValue(parsing: FileError.contents(of: currentFile))
        if let schema = json?["schema"]?.integer, schema > Ingredients.schema {
            throw WorkflowError.newerStore(path: folder.path, schema: schema, known: Ingredients.schema)
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
        try AtomicFile.write(
            JSONValue.object([
                "schema": .number(Double(Ingredients.schema)), "nodes": .object(keys.mapValues(JSONValue.string)),
            ]).text, to: currentFile)
    }
}
