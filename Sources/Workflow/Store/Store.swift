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

    static let recordName = "node.json"
    static let failureName = "failure.json"
    static let attemptName = "attempt.json"
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
