import Basics
import Configuration
import Foundation
import Results

/// A whalebook.yaml with its store and its worker, the subject of `status` and `run`.
public struct Project: Sendable {
    /// The configuration, with every published backbone settled whose description is downloaded.
    public let configuration: Configuration
    public let store: Store
    public let worker: Worker
    /// The values of `--set`; a project with any is a variant of the one in its file.
    public let settings: [String]
    /// The configuration's weights.
    let weights: Weights

    /// Opens a project; writes nothing. The environment names the hub of published models and its cache.
    ///
    /// - Throws: ``HubError``, ``FileError`` for a published model whose description cannot be read.
    public init(
        _ configuration: Configuration, worker: Worker, settings: [String] = [],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        weights = Weights(resolve: { configuration.resolve($0) }, environment: environment)
        self.configuration = try weights.settled(configuration)
        self.worker = worker
        self.settings = settings
        store = Store(project: configuration.root, name: configuration.name)
    }

    /// The state of every node.
    public func status() async throws -> StatusReport {
        var inspector = try await inspector()
        do {
            try inspector.remember()
        } catch let error as FileError where !error.isExhaustion {
            // In a read-only store the next look only has to compute the digests again.
        }
        let nodes = inspector.graph.nodes.compactMap { inspector.statuses[$0] }
        return StatusReport(
            nodes: nodes, running: RunLock.holder(of: store), headline: try headline(inspector),
            graph: GraphText(nodes, graph: inspector.graph))
    }

    /// Inspects the nodes of some stages and all their dependencies; queries the worker only if one of them uses it.
    ///
    /// `reading` chooses the results that are read to check for damage.
    ///
    /// - Throws: ``WorkflowError/noAdapter``, ``WorkflowError/noBackgroundCheck`` and ``WorkflowError/noMatching(_:)``
    ///   for a stage that the configuration turns off; ``StoreError``, ``FileError``.
    func inspector(
        of stages: Set<StageName> = [], reading: Inspector.Reading = .whatChanged
    ) async throws -> Inspector {
        guard !stages.contains(.bridge) || configuration.bridge.kind != .off else { throw WorkflowError.noAdapter }
        guard !stages.contains(.background) || configuration.background.isOn else {
            throw WorkflowError.noBackgroundCheck
        }
        if !configuration.match.isOn, let stage = stages.intersection([.keypoints, .match, .fuse]).min() {
            throw WorkflowError.noMatching(stage)
        }
        let nodes = NodeGraph(configuration).importing(try Imports(store).contains).nodes(for: stages)
        var backend: Backend?
        if nodes.contains(where: { $0.stage.stage.usesBackend }) {
            let description = try await RememberedDescription.description(of: worker, in: store)
            backend = try Backend(configuration, description: description)
        }
        var inspector = try Inspector(
            configuration, store: store, backend: backend, weights: weights, reading: reading)
        for node in nodes { try inspector.inspect(node) }
        return inspector
    }
}
