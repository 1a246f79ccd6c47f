import Basics
import Configuration
import Foundation

/// What a run is asked to do.
public struct RunOptions: Sendable {
    /// The stages wanted, with all they wait for; none means every stage.
    public var stages: Set<StageName>
    /// Whether to do the wanted stages again though they are fresh.
    public var force: Bool

    /// Creates options.
    public init(stages: Set<StageName> = [], force: Bool = false) {
        self.stages = stages
        self.force = force
    }

    fileprivate func forces(_ node: Node) -> Bool { force && (stages.isEmpty || stages.contains(node.stage)) }
}

/// What a run did.
public struct RunSummary: Sendable, Equatable {
    /// The nodes that worked, in order.
    public let ran: [Node]
    /// The nodes whose result was there already.
    public let fresh: [Node]
    public let seconds: Double
}

extension Project {
    /// What a run would do: the nodes that are not fresh, or are forced, in order.
    public func plan(_ options: RunOptions = RunOptions()) async throws -> [NodeStatus] {
        let inspector = try await inspector(of: options.stages)
        return inspector.graph.nodes(for: options.stages).compactMap { inspector.statuses[$0] }
            .filter { $0.state != .fresh || options.forces($0.node) }
    }

    /// Runs what is not fresh, upstream first, and stops at the first failure.
    ///
    /// - Throws: ``WorkflowError/locked(owner:path:)``; ``StageFailure``; ``WorkflowError/interrupted``.
    public func run(_ options: RunOptions = RunOptions(), observer: some RunObserver) async throws -> RunSummary {
        let clock = ContinuousClock()
        let start = clock.now
        let lock = try RunLock(store)
        defer { withExtendedLifetime(lock) {} }
        var inspector = try await inspector(of: options.stages)
        let nodes = inspector.graph.nodes(for: options.stages)
        let unsettled = Set(nodes.filter { inspector.statuses[$0]?.state != .fresh || options.forces($0) })
        var count = unsettled.count
        var keys = store.currentKeys()
        var ran: [Node] = [], fresh: [Node] = []
        for node in nodes {
            let status = inspector.inspect(node)
            if status.state == .fresh, !options.forces(node) {
                // It counted as work while something upstream was not settled, which then came out as before.
                if unsettled.contains(node) { count -= 1 }
                fresh.append(node)
            } else {
                guard let ingredients = status.ingredients else {
                    throw WorkflowError.notRun(node: node.name, reason: status.reason)
                }
                let reason = status.state == .fresh ? "forced" : status.reason
                observer.started(node, position: ran.count + 1, count: count, reason: reason)
                let record = try await perform(node, ingredients, status, &inspector, observer)
                observer.finished(node, seconds: record.seconds)
                ran.append(node)
                inspector.inspect(node)
            }
            keys[node.name] = inspector.statuses[node]?.key
            try remember(keys, inspector: &inspector)
        }
        return RunSummary(ran: ran, fresh: fresh, seconds: (clock.now - start).seconds)
    }

    /// A variant leaves no trace in what the next `status` compares with.
    private func remember(_ keys: [String: String], inspector: inout Inspector) throws {
        try inspector.digests.save()
        try inspector.manifest.remember(in: store.manifests)
        if !isVariant, keys != store.currentKeys() { try store.write(currentKeys: keys) }
    }

    private func perform(
        _ node: Node, _ ingredients: Ingredients, _ status: NodeStatus, _ inspector: inout Inspector,
        _ observer: some RunObserver
    ) async throws -> NodeRecord {
        let stage = Stages.stage(node.stage)
        let key = ingredients.key
        let folder = try store.begin(node.stage, key: key)
        let context = StageContext(
            node: node, stage: stage, configuration: configuration, folder: folder, worker: worker,
            backend: inspector.backend, upstream: inspector.upstreamFolders(of: node),
            progress: { observer.progressed(node, $0) }, message: { observer.said("\(node.name): \($0)") })
        let clock = ContinuousClock()
        let start = clock.now
        let startedAt = Clock.now()
        do {
            let facts = try await stage.perform(context)
            try Task.checkCancellation()
            var outputs: [String: NodeRecord.Output] = [:]
            for file in stage.outputs {
                let path = folder.appending(path: file).path
                guard let stamp = FileStamp(path: path) else {
                    throw WorkflowError.missingOutput(stage: stage.name.rawValue, file: file)
                }
                outputs[file] = .init(digest: try FileDigests.digestOfContents(path), size: stamp.size)
            }
            let record = NodeRecord(
                key: key, ingredients: ingredients, outputs: outputs, seconds: (clock.now - start).seconds,
                startedAt: startedAt, machine: Machine.facts(backend: stage.usesBackend ? inspector.backend : nil),
                facts: facts)
            try store.commit(record)
            let place = store.folder(of: node.stage, key: key).path
            for (file, output) in outputs { inspector.digests.remember(output.digest, of: place + "/" + file) }
            return record
        } catch {
            if Task.isCancelled { throw WorkflowError.interrupted }
            let log = folder.appending(path: Store.logName).path
            let failure = StageFailure(
                node: node, reason: "\(error)", log: FileManager.default.fileExists(atPath: log) ? log : nil)
            // What is wrong with the stage matters more than that its reason cannot be kept.
            try? store.fail(node.stage, key: key, reason: failure.reason)
            throw failure
        }
    }
}

extension Duration {
    /// The length in seconds.
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
