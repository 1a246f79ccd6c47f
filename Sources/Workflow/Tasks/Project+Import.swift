import Basics
import Catalog
import Configuration
import Digests
import Foundation
import Results
import Retrieval

extension Project {
    /// Imports a model's folder as the result of `train`, or an `.npy` file as that of `embed`.
    ///
    /// It replaces the result of a member of the ensemble, a seed and a fold; each is nil if there is only one.
    ///
    /// - Returns: The node that it replaces.
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
        // After a successful import the folder no longer exists.
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

/// The reason that a result cannot be imported.
public enum ImportError: Error, Equatable, CustomStringConvertible {
    case unknown(what: String, name: String, known: [String])
    case ambiguous(what: String, known: [String])
    case noModel(path: String, problem: String)

    public var description: String {
        switch self {
        case .unknown(let what, let name, let known):
            "The configuration has no \(what) \(quoted: name). It has: \(known.listed())."
        case .ambiguous(let what, let known):
            "The import could replace several results. Choose one: --\(what) \(known.listed(by: " or --\(what) "))."
        case .noModel(let path, let problem):
            "\(path) is not a model written by Whalebook: in its model.json \(problem). Import the folder that "
                + "training wrote, or embeddings as an .npy file."
        }
    }
}
