import Basics
import Configuration
import Foundation
import Hub
import Reports
import Results

/// Determines the state of each node, upstream first.
struct Inspector {
    let configuration: Configuration
    let graph: NodeGraph
    let store: Store
    /// Nil if no inspected node uses it.
    let backend: Backend?
    private(set) var manifest: DataManifest
    var digests: FileDigests
    private let imports: Imports
    private let lastKeys: [String: String]
    /// The digests of the members' weights, by their name in a key, by the member's name.
    private var weights: [String: [String: String]] = [:]
    /// The members' backbones, with the tag of their weights.
    private var backbones: [String: String] = [:]
    /// The first model of a member that is not in its hub's cache, by the member's name.
    private var absentWeights: [String: HubReference] = [:]
    private(set) var statuses: [Node: NodeStatus] = [:]
    private let reading: Reading
    /// The results read so far.
    private var read: Set<String> = []

    /// Which files of results are read, each once, to check for damage.
    enum Reading {
        /// The files whose stamp differs from the last reading; a disk error leaves the stamp unchanged and stays
        /// undetected.
        case whatChanged
        /// All files that documents use; not embeddings and weights.
        case whatDocumentsShow
        case everything

        func includes(_ file: String) -> Bool {
            switch self {
            case .whatChanged: false
            case .whatDocumentsShow: !ReferenceFolder.leavesOut(file)
            case .everything: true
            }
        }
    }

    /// Reads the inputs that all nodes share: the data, the weights files, the keys of the last run.
    init(
        _ configuration: Configuration, store: Store, backend: Backend?, weights: Weights,
        reading: Reading = .whatChanged
    ) throws {
        self.reading = reading
        self.configuration = configuration
        self.store = store
        self.backend = backend
        imports = try Imports(store)
        graph = NodeGraph(configuration).importing(imports.contains)
        digests = try FileDigests(rememberedAt: store.digestsFile, in: store, root: configuration.root)
        manifest = try DataManifest(
            configuration.resolvedData, skipsBroken: configuration.skipsBroken, store: store, digests: &digests)
        lastKeys = try store.currentKeys()
        for member in configuration.train.members {
            backbones[member.name] = try Weights.backbone(of: member)
            if case .absent(let reference) = try weights.description(of: member) {
                absentWeights[member.name] = reference
            }
            for (part, text) in member.weights.references {
                let name = [DataPart.weights.rawValue, part].compactMap(\.self).joined(separator: ".")
                switch try weights.place(of: text) {
                case .nowhere: break
                case .file(let url): self.weights[member.name, default: [:]][name] = try digests.digest(of: url.path)
                case .absent(let reference): absentWeights[member.name] = absentWeights[member.name] ?? reference
                }
            }
        }
    }

    /// Keeps the digests, so that the next look need not read the files.
    mutating func remember() throws {
        try digests.save()
        try manifest.remember(in: store)
    }

    /// Inspects a node again, after its upstream nodes.
    ///
    /// - Throws: ``StoreError``, ``FileError`` if its state cannot be determined.
    @discardableResult
    mutating func inspect(_ node: Node) throws -> NodeStatus {
        let status = try look(at: node)
        statuses[node] = status
        return status
    }

    /// The folders of a node's upstream results, which are all fresh.
    func upstreamFolders(of node: Node) -> [(node: Node, folder: URL)] {
        graph.upstream(of: node).compactMap { upstream in
            statuses[upstream]?.key.map { (upstream, store.folder(of: upstream.stage, key: $0)) }
        }
    }

    /// Whether some of a node's inputs were imported.
    func hasImportedUpstream(_ node: Node) -> Bool { graph.upstream(of: node).contains(where: imports.contains) }

    private mutating func look(at node: Node) throws -> NodeStatus {
        let before = try lastKeys[node.name].map { try store.look(at: node.stage, key: $0) }
        let last = before?.record
        func status(
            _ state: NodeState, _ reason: String = "", _ cacheKey: CacheKey? = nil, record: NodeRecord? = nil
        ) -> NodeStatus {
            NodeStatus(
                node: node, state: state, reason: reason, key: cacheKey?.digest, record: record ?? last,
                cacheKey: cacheKey)
        }
        let upstream = graph.upstream(of: node).compactMap { statuses[$0] }
        if let failed = upstream.first(where: { $0.state == .failed }) {
            return status(.blocked, "waits for \(failed.node.name), which failed")
        }
        if let blocked = upstream.first(where: { $0.state == .blocked }) {
            return status(.blocked, "waits for \(blocked.node.name), which is blocked")
        }
        if let waiting = upstream.first(where: { !$0.state.isUsable }) {
            return status(last == nil ? .missing : .stale, "\(waiting.node.name) is \(waiting.state.rawValue)")
        }
        if !imports.contains(node), node.stage.stage.inputs(configuration).data.contains(.weights),
            let absent = node.member.flatMap({ absentWeights[$0] })
        {
            return status(
                last == nil ? .missing : .stale, "weights \(absent) are not downloaded yet; 'run' fetches them")
        }
        let cacheKey = imports.cacheKey(of: node) ?? cacheKey(of: node, upstream: upstream)
        let found = try store.look(at: node.stage, key: cacheKey.digest)
        if let record = found.record {
            let isNew = read.insert("\(node.stage.rawValue)/\(record.key)").inserted
            let damaged = try store.damaged(record, digests: &digests) { isNew && reading.includes($0) }
            if damaged.isEmpty { return status(.fresh, "", cacheKey, record: record) }
            if cacheKey.isImported { return status(.failed, Self.lostImport) }
            return status(.stale, "damaged in the store: \(damaged.listed()); 'run' makes it again", cacheKey)
        }
        if cacheKey.isImported {
            return status(.failed, Self.lostImport)
        }
        if let damage = found.damage { return status(.stale, Self.words(damage), cacheKey) }
        switch try store.partial(of: node.stage, key: cacheKey.digest) {
        case .failed(let reason):
            let first = reason.split(separator: "\n").first ?? ""
            return status(.failed, first.shortened(to: Bounds.messageLength), cacheKey)
        case .interrupted:
            let what = node.stage.stage.resumes ? "continues it" : "starts it again"
            return status(.partial, "interrupted; 'run' \(what)", cacheKey)
        case .none: break
        }
        guard let last else {
            let reason = before?.damage.map(Self.words) ?? (before == nil ? "never ran" : "no longer in the store")
            return status(.missing, reason, cacheKey)
        }
        let reason = try Changes(store: store, manifest: manifest).reason(from: last.cacheKey, to: cacheKey)
        return status(.stale, reason, cacheKey)
    }

    private static let lostImport =
        "the imported result is damaged or no longer in the store; import it again, or run 'import --forget'"

    private static func words(_ damage: StoredResult.Damage) -> String {
        "damaged in the store: \(Store.recordName) (\(damage.reason)); 'run' makes it again"
    }

    private func cacheKey(of node: Node, upstream: [NodeStatus]) -> CacheKey {
        let stage = node.stage.stage
        let declared = stage.inputs(configuration)
        var inputs: [String: String] = [:]
        for status in upstream {
            for file in declared.files[status.node.stage] ?? [] {
                inputs["\(status.node.name)/\(file)"] = status.record?.outputs[file]?.digest
            }
        }
        var data: [String: String] = [:]
        for part in declared.data {
            switch part {
            case .metadata: data[part.rawValue] = manifest.metadata
            case .scenarios: data[part.rawValue] = manifest.scenarios
            case .photographs: data[part.rawValue] = manifest.photographs
            case .weights: data.merge(node.member.flatMap { weights[$0] } ?? [:]) { $1 }
            }
        }
        var parameters = Parameters.values(
            of: stage.options(configuration), in: configuration.tree, member: node.member)
        if let member = node.member {
            let option = "train.members.\(member).backbone"
            if parameters[option] != nil { parameters[option] = backbones[member].map(JSONValue.string) }
        }
        return CacheKey(
            node: node, version: stage.version, parameters: parameters,
            inputs: inputs, data: data, backend: stage.usesBackend ? backend?.keyParts ?? [:] : [:])
    }
}
