import Basics
import Configuration
import Foundation

/// A whalebook.yaml with its store and its worker: what `status` and `run` work on.
public struct Project: Sendable {
    public let configuration: Configuration
    public let store: Store
    public let worker: Worker
    /// Whether the configuration is that of the file, or a variant made by `--set`.
    public let isVariant: Bool

    /// Opens a project; nothing is written yet.
    public init(_ configuration: Configuration, worker: Worker, isVariant: Bool = false) {
        self.configuration = configuration
        self.worker = worker
        self.isVariant = isVariant
        store = Store(project: configuration.root)
    }

    /// How every node stands.
    public func status() async throws -> StatusReport {
        var inspector = try await inspector()
        // A read-only store only costs the next look the same digests.
        try? inspector.digests.save()
        return StatusReport(
            nodes: inspector.graph.nodes.compactMap { inspector.statuses[$0] }, running: RunLock.holder(of: store))
    }

    /// Looks at the nodes of some stages and at all they wait for; the worker is asked only where one of them uses it.
    func inspector(of stages: Set<StageName> = []) async throws -> Inspector {
        let nodes = NodeGraph(configuration).nodes(for: stages)
        var backend: Backend?
        if nodes.contains(where: { Stages.stage($0.stage).usesBackend }) {
            let description = try await RememberedDescription.description(of: worker, in: store)
            backend = try Backend(configuration, description: description)
        }
        var inspector = try Inspector(configuration, store: store, backend: backend)
        for node in nodes { inspector.inspect(node) }
        return inspector
    }
}
