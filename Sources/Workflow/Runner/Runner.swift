import Basics
import Catalog
import Configuration
import Foundation
import Results

extension Project {
    /// The nodes that a run would run, in order: those that are not fresh or are forced.
    public func plan(_ options: RunOptions = RunOptions()) async throws -> [NodeStatus] {
        let inspector = try await inspector(of: options.stages)
        return inspector.graph.nodes(for: options.stages).compactMap { inspector.statuses[$0] }
            .filter { !$0.state.isUsable || options.forces($0) }
    }

    /// Runs the nodes that are not fresh, upstream first, and records the run in the ledger.
    ///
    /// Several jobs share the cores evenly. A node's result then has the bytes that it has with as many threads alone.
    ///
    /// - Throws: ``WorkflowError/locked(owner:path:)``; the first ``StageFailure``; ``WorkflowError/interrupted``.
    public func run(_ options: RunOptions = RunOptions(), observer: some RunObserver) async throws -> RunSummary {
        if let tag = options.tag { try Ledger.check(tag) }
        let clock = ContinuousClock()
        let start = clock.now
        let lock = try RunLock(store)
        defer { withExtendedLifetime(lock) {} }
        try store.sweep()
        let share = options.jobs > 1 ? max(1, ThreadCount.cores / options.jobs) : nil
        return try await ThreadCount.$share.withValue(share) {
            try await fetched(for: options.stages, observer).run(options, since: start, clock, observer)
        }
    }

    /// Runs the nodes of a project whose models are downloaded.
    private func run(
        _ options: RunOptions, since start: ContinuousClock.Instant, _ clock: ContinuousClock,
        _ observer: some RunObserver
    ) async throws -> RunSummary {
        let recorder = RunRecorder(project: self, options: options)
        let watch = try await InputWatch(configuration, weights: weights)
        var session = RunSession(try await inspector(of: options.stages, reading: .everything), options)
        try checkProcesses(of: session)
        if session.count > 0 {
            let survey = try CatalogSurvey(configuration.resolvedData.catalogFolder())
            for line in CatalogNotice(survey, of: configuration.data.folder).lines { observer.said(line) }
        }
        let needs = try await NodeNeeds(of: session, jobs: options.jobs, self, observer)
        var loop = try NodeLoop(self, session, options, watch, needs: needs, observer: observer)
        try await loop.run()
        session = loop.session
        let failure = loop.failure
        // A failed run keeps the record of the last complete state.
        if failure == nil, settings.isEmpty, options.stages.isEmpty {
            try LockFile(statuses: session.statuses).write(to: lockFile)
        }
        let seconds = (clock.now - start).seconds
        do {
            try await recorder.record(
                session.statuses, ran: session.ran, outcome: Self.outcome(failure), failure: failure.map { "\($0)" },
                seconds: seconds, backend: session.inspector.backend)
        } catch {
            // The run's failure is more important than an error of its record.
            throw failure ?? error
        }
        if let failure { throw failure }
        try loop.succeed()
        return RunSummary(ran: session.ran, fresh: session.fresh, seconds: seconds)
    }

    /// Refuses trainings that would depend on another number of processes than the configured one.
    ///
    /// - Throws: ``WorkflowError/otherProcesses(configured:found:)``.
    private func checkProcesses(of session: RunSession) throws {
        let (train, count) = (configuration.train, worker.crew.count)
        guard train.statistics == .process, train.processes != count,
            session.unsettledNodes.contains(where: { $0.stage == .train })
        else { return }
        throw WorkflowError.otherProcesses(configured: train.processes, found: count)
    }

    /// Downloads what some stages' nodes need of published models, and returns the project with these settled.
    private func fetched(for stages: Set<StageName>, _ observer: some RunObserver) async throws -> Project {
        let imports = try Imports(store)
        let nodes = NodeGraph(configuration).importing(imports.contains).nodes(for: stages)
            .filter { member(initialising: $0) != nil && !imports.contains($0) }
        for member in configuration.train.members {
            guard let node = nodes.first(where: { $0.member == member.name }) else { continue }
            let known = try await RememberedDescription.description(of: worker, in: store).backbones.map(\.name)
            if !member.isPublished { try Weights.check(Weights.backbone(of: member), among: known) }
            try store.making(store.memory)
            _ = try await weights.ready(member, for: node, worker: worker, log: store.fetchLog, observer: observer) {
                known
            }
        }
        return try Project(configuration, worker: worker, settings: settings, environment: weights.environment)
    }

    /// The member whose initial weights a node reads; nil if it reads none.
    func member(initialising node: Node) -> MemberSettings? {
        guard node.stage.stage.inputs(configuration).data.contains(.weights) else { return nil }
        return configuration.train.members.first { $0.name == node.member }
    }

    /// `whalebook.lock` next to whalebook.yaml.
    private var lockFile: URL { configuration.root.appending(path: "\(configuration.name).lock") }

    private static func outcome(_ failure: (any Error)?) -> RunEntry.Outcome {
        switch failure {
        case nil: .finished
        case WorkflowError.interrupted?: .interrupted
        default: .failed
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
