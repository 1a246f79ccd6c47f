import Basics
import Catalog
import Configuration
import Digests
import Foundation
import Results
import Retrieval

/// Results made elsewhere that stand in the place of a stage's own: `imports.json`, by the node's name.
///
/// An imported node has its contents for a key; no option makes it stale, and what it would have waited for need not
/// run.
struct Imports: Sendable, Equatable {
    /// One imported result.
    struct Entry: Sendable, Equatable, Codable {
        /// Where it came from, for people.
        let source: String
        /// The digest of its files.
        let digest: String
        let key: String
    }

    private(set) var entries: [String: Entry]

    static let dataName = "imported"

    /// Reads what a configuration has imported; a missing file says nothing.
    ///
    /// - Throws: ``FileError`` for a file that is there and cannot be read or understood; ``StoreError``.
    init(_ store: Store) throws {
        guard let data = try store.contents(of: store.importsFile) else {
            entries = [:]
            return
        }
        guard let read = try? JSONValue(parsing: data).decoded(as: [String: Entry].self) else {
            throw FileError.malformed(
                path: store.importsFile.path, line: nil, problem: "what was imported is no longer readable",
                remedy: "Take the file away and import again.")
        }
        entries = read
    }

    /// The keys of everything imported.
    var allKeys: [String] { entries.values.map(\.key) }

    /// The cacheKey of an imported node, nil where it is not.
    func cacheKey(of node: Node) -> CacheKey? {
        entries[node.name].map { Self.cacheKey(of: node, digest: $0.digest) }
    }

    static func cacheKey(of node: Node, digest: String) -> CacheKey {
        CacheKey(node: node, version: 1, parameters: [:], inputs: [:], data: [dataName: digest], backend: [:])
    }

    mutating func set(_ entry: Entry?, for node: Node, in store: Store) throws {
        entries[node.name] = entry
        try store.write(try JSONValue(encoding: entries).text, to: store.importsFile)
    }

    /// Whether the node's result was made elsewhere.
    func contains(_ node: Node) -> Bool { entries[node.name] != nil }
}

extension CacheKey {
    /// Whether these are of a result made elsewhere.
    var isImported: Bool { data[Imports.dataName] != nil }
}

extension Project {
    /// Takes a model's folder in the place of `train`, or an `.npy` file in the place of `embed`.
    ///
    /// - Parameters:
    ///   - member: The member of the ensemble whose place it takes; nil where there is one.
    ///   - seed: The seed whose place it takes; nil where there is one.
    ///   - fold: The fold whose place it takes; nil where there is one.
    /// - Returns: The node that it stands for now.
    /// - Throws: ``ImportError``, ``WorkflowError``, ``FileError``, ``CatalogError``.
    public func importResult(_ url: URL, member: String?, seed: Int?, fold: Int?) async throws -> Node {
        let lock = try RunLock(store)
        defer { withExtendedLifetime(lock) {} }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw FileError.unreadable(path: url.path, reason: "no such file or directory")
        }
        let node = Node(
            isFolder.boolValue ? .train : .embed,
            member: try choose(member, among: configuration.train.members.map(\.name), what: "member"),
            seed: try choose(seed, among: configuration.seeds, what: "seed"),
            fold: try choose(fold, among: configuration.folds, what: "fold"))
        let place = try store.begin(.init(stage: node.stage, node: node.name, worker: nil), key: Store.importName)
        // Gone already where the import went well.
        defer { try? store.held(store.folder(of: node.stage))?.removeAll(place.lastPathComponent) }
        let files = try isFolder.boolValue ? copyModel(url, to: place) : writeEmbeddings(url, to: place)
        var outputs: [String: NodeRecord.Output] = [:]
        for file in files {
            let path = place.appending(path: file).path
            outputs[file] = .init(
                digest: try Digest.ofContents(of: path), size: FileStamp(path: path)?.size ?? 0)
        }
        let digest = Digest.of(outputs.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.digest)" }.joined())
        let cacheKey = Imports.cacheKey(of: node, digest: digest)
        let record = NodeRecord(
            key: cacheKey.digest, cacheKey: cacheKey, outputs: outputs, seconds: 0,
            startedAt: Clock.now(), machine: .null, facts: ["imported": .string(url.lastPathComponent)])
        try store.adopt(place, as: record)
        var imports = try Imports(store)
        try imports.set(.init(source: url.lastPathComponent, digest: digest, key: record.key), for: node, in: store)
        return node
    }

    /// Lets the stages do their own work again.
    ///
    /// - Returns: The nodes that were imported.
    public func forgetImports() throws -> [String] {
        let lock = try RunLock(store)
        defer { withExtendedLifetime(lock) {} }
        var imports = try Imports(store)
        let names = imports.entries.keys.sorted()
        for node in NodeGraph(configuration).nodes where imports.contains(node) {
            try imports.set(nil, for: node, in: store)
        }
        return names
    }

    private func choose<Value: Equatable>(_ given: Value?, among known: [Value], what: String) throws -> Value {
        if let given {
            guard known.contains(given) else {
                throw ImportError.unknown(what: what, name: "\(given)", known: known.map { "\($0)" })
            }
            return given
        }
        guard known.count == 1 else { throw ImportError.ambiguous(what: what, known: known.map { "\($0)" }) }
        return known[0]
    }

    private func copyModel(_ folder: URL, to place: URL) throws -> [String] {
        do {
            _ = try TrainFiles.description.read(in: folder)
        } catch FileError.malformed(_, _, let problem, _) {
            throw ImportError.noModel(path: folder.path, problem: problem)
        }
        let files =
            [TrainFiles.weights.name, TrainFiles.description.name]
            + (TrainFiles.history.exists(in: folder) ? [TrainFiles.history.name] : [])
        for file in files {
            let data = try FileError.contents(of: folder.appending(path: file), mapped: true)
            try AtomicFile.write(data, to: place.appending(path: file))
        }
        return files
    }

    /// The rows in the order of `metadata.csv`, of unit length.
    private func writeEmbeddings(_ url: URL, to place: URL) throws -> [String] {
        let catalog = try configuration.resolvedData.catalog()
        let embeddings = try LabelledEmbeddings.read(url, of: catalog)
        try EmbedFiles.embeddings.write(embeddings.matrix.npy, in: place)
        try EmbedFiles.photographs.write(embeddings.ids.map(PhotographID.init), in: place)
        return [EmbedFiles.embeddings.name, EmbedFiles.photographs.name]
    }
}

/// Why a result cannot be imported.
public enum ImportError: Error, Equatable, CustomStringConvertible {
    case unknown(what: String, name: String, known: [String])
    case ambiguous(what: String, known: [String])
    case noModel(path: String, problem: String)

    public var description: String {
        switch self {
        case .unknown(let what, let name, let known):
            "The configuration has no \(what) \(quoted: name). It has: \(known.listed())."
        case .ambiguous(let what, let known):
            "Say whose place it takes: --\(what) \(known.listed(by: " or --\(what) "))."
        case .noModel(let path, let problem):
            "\(path) is no model of ours: in its model.json \(problem). Import the folder that "
                + "training wrote, or embeddings as an .npy file."
        }
    }
}
