import Basics
import Catalog
import Configuration
import Digests
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
    /// - Throws: ``WorkflowError/locked(owner:path:)``; the first ``StageFailure``; ``WorkflowError/interrupted``.
    public func run(_ options: RunOptions = RunOptions(), observer: some RunObserver) async throws -> RunSummary {
        if let tag = options.tag { try Ledger.check(tag) }
        let clock = ContinuousClock()
        let start = clock.now
        let lock = try RunLock(store)
        defer { withExtendedLifetime(lock) {} }
        try store.sweep()
        return try await fetched(for: options.stages, observer).run(options, since: start, clock, observer)
    }

    /// Runs the nodes of a project whose models are downloaded.
    private func run(
        _ options: RunOptions, since start: ContinuousClock.Instant, _ clock: ContinuousClock,
        _ observer: some RunObserver
    ) async throws -> RunSummary {
        let recorder = RunRecorder(project: self, options: options)
        var doubted: Set<String> = []
        let watch = try await InputWatch(configuration, weights: weights)
        var session = RunSession(try await inspector(of: options.stages, reading: .everything), options)
        if session.count > 0 {
            let survey = try CatalogSurvey(configuration.resolvedData.catalogFolder())
            for line in CatalogNotice(survey, of: configuration.data.folder).lines { observer.said(line) }
        }
        var unfinished = try UnfinishedRuns(store)
        var failure: (any Error)?
        for node in session.nodes {
            let status = try session.look(at: node)
            if session.isDone(status) { continue }
            guard let cacheKey = status.cacheKey else {
                // It depends on a failed node, and only a run with `keepsGoing` gets here.
                if failure != nil { continue }
                throw WorkflowError.notRun(node: node.name, reason: status.reason)
            }
            observer.started(
                node, position: session.ran.count + 1, count: session.count,
                reason: status.state.isUsable ? "forced" : status.reason, secondsLeft: session.secondsLeft(from: node))
            do {
                if let member = member(initialising: node), doubted.insert(member.name).inserted,
                    let doubt = try weights.doubt(about: member)
                {
                    observer.said(doubt)
                }
                try unfinished.note(session.keys(onto: [:]).values + [cacheKey.digest], settings: settings)
                let record = try await perform(
                    node, cacheKey, afresh: options.forces(status), watch, &session.inspector, observer)
                observer.finished(node, seconds: record.seconds)
                try session.finish(node)
            } catch {
                failure = failure ?? error
                // The stage's failure is more important than an error of this look.
                _ = try? session.look(at: node)
                guard options.keepsGoing, error is StageFailure else { break }
                for line in visibleLines(of: error).components(separatedBy: "\n") { observer.said(line) }
            }
            try remember(session.keys(onto: store.currentKeys()), inspector: &session.inspector)
        }
        try remember(session.keys(onto: store.currentKeys()), inspector: &session.inspector)
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
        try unfinished.end(settings: settings)
        return RunSummary(ran: session.ran, fresh: session.fresh, seconds: seconds)
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
    private func member(initialising node: Node) -> MemberSettings? {
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

    /// Keeps the keys that the next `status` compares with; a variant keeps none.
    private func remember(_ keys: [String: String], inspector: inout Inspector) throws {
        try inspector.remember()
        if settings.isEmpty, try keys != store.currentKeys() { try store.write(currentKeys: keys) }
    }

    private func perform(
        _ node: Node, _ cacheKey: CacheKey, afresh: Bool, _ watch: InputWatch, _ inspector: inout Inspector,
        _ observer: some RunObserver
    ) async throws -> NodeRecord {
        let stage = node.stage.stage
        let key = cacheKey.digest
        let declared = stage.inputs(configuration)
        let folder = try store.begin(
            .init(
                stage: node.stage, node: node.name,
                worker: stage.resumes ? try inspector.digests.digest(of: worker.url.path) : nil,
                inputs: stage.resumes ? watch.digest(of: declared.data, member: node.member) : nil), key: key,
            afresh: afresh)
        let results = inspector.upstreamFolders(of: node)
        let workspace = Workspace(
            node: node, folder: folder, worker: worker, backend: inspector.backend, precision: configuration.precision,
            checkpoints: configuration.checkpoints, buildsOnImport: inspector.hasImportedUpstream(node),
            progress: { observer.progressed(node, $0) }, message: { observer.said("\(node.name): \($0)") })
        let upstream = UpstreamWatch(results, reading: declared.files)
        let clock = ContinuousClock()
        let start = clock.now
        let startedAt = Clock.now()
        do {
            try watch.check(declared.data, member: node.member)
            let facts = try await stage.perform(configuration, weights: weights, upstream: results, workspace)
            try Task.checkCancellation()
            try watch.check(declared.data, member: node.member)
            try upstream.check()
            var outputs: [String: NodeRecord.Output] = [:]
            for file in stage.outputs + stage.optionalOutputs {
                let path = folder.appending(path: file).path
                let isOptional = stage.optionalOutputs.contains(file)
                if isOptional, !FileManager.default.fileExists(atPath: path) { continue }
                guard let stamp = FileStamp(path: path) else {
                    throw WorkflowError.missingOutput(stage: stage.name.rawValue, file: file)
                }
                outputs[file] = .init(digest: try Digest.ofContents(of: path), size: stamp.size)
            }
            let record = NodeRecord(
                key: key, cacheKey: cacheKey, outputs: outputs, seconds: (clock.now - start).seconds,
                startedAt: startedAt, machine: Machine.facts(
                    backend: stage.usesBackend ? inspector.backend : nil,
                    processes: stage.isShared ? worker.crew.count : 1),
                facts: facts)
            try store.commit(record)
            let place = store.folder(of: node.stage, key: key).path
            for (file, output) in outputs { inspector.digests.remember(output.digest, of: place + "/" + file) }
            return record
        } catch {
            if Task.isCancelled { throw WorkflowError.interrupted }
            let log = folder.appending(path: Store.logName).path
            let failure = StageFailure(
                node: node, reason: visibleLines(of: error),
                log: FileManager.default.fileExists(atPath: log) ? log : nil)
            // The stage's failure is more important than an error of its record.
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
