import Basics
import Foundation

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
    var all: [Store] {
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: memory.deletingLastPathComponent().path)) ?? []
        return names.sorted().map { Store(project: folder.deletingLastPathComponent(), name: $0) }
    }

    /// The digests of the store's own files and of those beside the photographs.
    var digestsFile: URL { folder.appending(path: "digests.csv") }
    /// The digests of the photographs, relative to their folder.
    var photographDigests: URL { memory.appending(path: "photographs.csv") }
    var photographMemory: URL { memory.appending(path: "photographs.memory") }
    var currentFile: URL { memory.appending(path: "current.json") }
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

    private static let recordName = "node.json"
    private static let failureName = "failure.json"
    /// The log of a node, kept beside its results.
    public static let logName = "node.log"

    /// Where a finished node's files lie.
    public func folder(of stage: StageName, key: String) -> URL {
        folder.appending(path: "cache/\(stage.rawValue)/\(key)")
    }

    /// Where a node's files lie while it works.
    public func partialFolder(of stage: StageName, key: String) -> URL {
        folder.appending(path: "cache/\(stage.rawValue)/\(key).partial")
    }

    /// The record of a finished node, or nil where there is none or it cannot be read.
    public func record(of stage: StageName, key: String) -> NodeRecord? {
        let url = folder(of: stage, key: key).appending(path: Self.recordName)
        guard let record = (try? JSONValue.read(url)).flatMap(NodeRecord.init), record.key == key else { return nil }
        return record
    }

    /// The records of all finished nodes of a stage, by key.
    func records(of stage: StageName) -> [NodeRecord] {
        let stageFolder = folder.appending(path: "cache/\(stage.rawValue)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: stageFolder.path)) ?? []
        return names.sorted().compactMap { record(of: stage, key: $0) }
    }

    /// The outputs of a record that are missing or whose contents are not those that were written.
    func damaged(_ record: NodeRecord, digests: inout FileDigests) -> [String] {
        let place = folder(of: record.ingredients.node.stage, key: record.key)
        return record.outputs.sorted { $0.key < $1.key }.compactMap { name, output in
            let path = place.path + "/" + name
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

    // MARK: Work in progress

    /// Removes what killed runs left half written beside their files; the caller holds the ``RunLock``.
    func sweep() {
        for place in [folder, memory, runsFolder, manifests, folder.deletingLastPathComponent()] {
            AtomicFile.sweep(place)
        }
    }

    /// What a partial folder tells.
    enum Partial: Equatable {
        case none, interrupted
        case failed(reason: String)
    }

    func partial(of stage: StageName, key: String) -> Partial {
        let place = partialFolder(of: stage, key: key)
        guard FileManager.default.fileExists(atPath: place.path) else { return .none }
        if let failure = try? JSONValue.read(place.appending(path: Self.failureName)) {
            return .failed(reason: failure["reason"]?.string ?? "no reason was kept")
        }
        return .interrupted
    }

    /// Makes the partial folder of a node, empty.
    func begin(_ stage: StageName, key: String) throws -> URL {
        let place = partialFolder(of: stage, key: key)
        do {
            if FileManager.default.fileExists(atPath: place.path) { try FileManager.default.removeItem(at: place) }
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        } catch {
            throw FileError.unwritable(path: place.path, reason: FileError.reason(of: error))
        }
        return place
    }

    /// Keeps why a node failed beside what it left.
    func fail(_ stage: StageName, key: String, reason: String) throws {
        try AtomicFile.write(
            JSONValue.object(["reason": .string(reason)]).text,
            to: partialFolder(of: stage, key: key).appending(path: Self.failureName))
    }

    /// Makes a partial folder the node's result: only the outputs, the log and the record stay in it.
    func commit(_ record: NodeRecord) throws {
        try adopt(partialFolder(of: record.ingredients.node.stage, key: record.key), as: record)
    }

    /// Makes any folder of the store a node's result.
    func adopt(_ partial: URL, as record: NodeRecord) throws {
        let stage = record.ingredients.node.stage
        let place = folder(of: stage, key: record.key)
        do {
            let keep = Set(record.outputs.keys.map { String($0.prefix { $0 != "/" }) } + [Self.logName])
            for name in try FileManager.default.contentsOfDirectory(atPath: partial.path) where !keep.contains(name) {
                try FileManager.default.removeItem(at: partial.appending(path: name))
            }
            try AtomicFile.write(try record.json.text, to: partial.appending(path: Self.recordName))
            let old = place.appendingPathExtension("old")
            if FileManager.default.fileExists(atPath: old.path) { try FileManager.default.removeItem(at: old) }
            let replaces = FileManager.default.fileExists(atPath: place.path)
            if replaces { try FileManager.default.moveItem(at: place, to: old) }
            try FileManager.default.moveItem(at: partial, to: place)
            if replaces { try FileManager.default.removeItem(at: old) }
        } catch let error as FileError {
            throw error
        } catch {
            throw FileError.unwritable(path: place.path, reason: FileError.reason(of: error))
        }
    }

    /// Writes the record of a finished node anew.
    func rewrite(_ record: NodeRecord) throws {
        let place = folder(of: record.ingredients.node.stage, key: record.key)
        try AtomicFile.write(try record.json.text, to: place.appending(path: Self.recordName))
    }

    // MARK: What the last run used

    /// The key that each node had in the last run, by the node's name.
    func currentKeys() -> [String: String] {
        (try? JSONValue.read(currentFile))?["nodes"]?.object?.compactMapValues(\.string) ?? [:]
    }

    func write(currentKeys keys: [String: String]) throws {
        try AtomicFile.write(
            JSONValue.object([
                "schema": .number(Double(Ingredients.schema)), "nodes": .object(keys.mapValues(JSONValue.string)),
            ]).text, to: currentFile)
    }

    /// Makes sure that this program knows the store's form.
    ///
    /// - Throws: ``WorkflowError/newerStore(path:schema:known:)``.
    func checkSchema() throws {
        guard let schema = (try? JSONValue.read(currentFile))?["schema"]?.integer else { return }
        if schema > Ingredients.schema {
            throw WorkflowError.newerStore(path: folder.path, schema: schema, known: Ingredients.schema)
        }
    }
}
