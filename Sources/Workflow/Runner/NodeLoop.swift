import Basics
import Configuration
import Foundation
import Results

/// Runs the nodes of a session that need work: each as soon as its inputs are ready, a job is free and memory allows
/// it. With one job that is the order of the graph.
struct NodeLoop<Observer: RunObserver> {
    private let project: Project
    private let options: RunOptions
    private let watch: InputWatch
    private let needs: NodeNeeds
    private let observer: Observer
    private(set) var session: RunSession
    private var slots: JobSlots
    private var unfinished: UnfinishedRuns
    /// The members about whose weights a doubt was reported.
    private var doubted: Set<String> = []
    /// The first failure.
    private(set) var failure: (any Error)?

    init(
        _ project: Project, _ session: RunSession, _ options: RunOptions, _ watch: InputWatch, needs: NodeNeeds,
        observer: Observer
    ) throws {
        self.project = project
        self.session = session
        self.options = options
        self.watch = watch
        self.needs = needs
        self.observer = observer
        slots = needs.slots
        unfinished = try UnfinishedRuns(project.store)
    }

    /// Runs until every node is done, or, after a failure, until those that work already are.
    ///
    /// - Throws: Errors of the store and of the inputs; a node's failure is ``failure``.
    mutating func run() async throws {
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            repeat { try start(in: &group) } while try await end(of: group.next())
        }
        try remember()
    }

    /// Forgets what an unsuccessful run would need.
    mutating func succeed() throws { try unfinished.end(settings: project.settings) }

    /// The end of one node's work.
    private struct Outcome: Sendable {
        let node: Node
        let result: Result<NodeRecord, any Error>
    }

    /// Whether further nodes may start: after a failure only those that do not depend on it, and only if asked for.
    private var mayStart: Bool { failure.map { options.keepsGoing && $0 is StageFailure } ?? true }

    /// Starts every node that may.
    private mutating func start(in group: inout ThrowingTaskGroup<Outcome, any Error>) throws {
        for node in session.waiting {
            guard mayStart, slots.isOneFree else { return }
            guard session.isReady(node) else { continue }
            let status = try session.look(at: node)
            if session.isDone(status) { continue }
            guard let cacheKey = status.cacheKey else {
                // It depends on a failed node, and only a run with `keepsGoing` gets here.
                guard failure == nil else {
                    session.skip(node)
                    continue
                }
                throw WorkflowError.notRun(node: node.name, reason: status.reason)
            }
            let need = needs.need(of: node, session.inspector)
            guard slots.admit(need) else { continue }
            observer.started(
                node, position: session.ran.count + session.running.count + 1, count: session.count,
                reason: status.state.isUsable ? "forced" : status.reason,
                secondsLeft: session.secondsLeft)
            session.start(node)
            let card = slots.take(node, need)
            do {
                let work = try prepared(node, cacheKey, afresh: options.forces(status), card: card)
                group.addTask {
                    do {
                        return Outcome(node: node, result: .success(try await work.perform()))
                    } catch {
                        return Outcome(node: node, result: .failure(error))
                    }
                }
            } catch {
                fail(node, error)
                try remember()
            }
        }
    }

    /// Takes in the end of a node's work.
    ///
    /// - Returns: Whether there was one.
    private mutating func end(of outcome: Outcome?) throws -> Bool {
        guard let outcome else { return false }
        do {
            let record = try outcome.result.get()
            let node = outcome.node
            let place = project.store.folder(of: node.stage, key: record.key).path
            for (file, output) in record.outputs {
                session.inspector.digests.remember(output.digest, of: place + "/" + file)
            }
            observer.finished(node, seconds: record.seconds)
            slots.release(node)
            try session.finish(node)
        } catch {
            fail(outcome.node, error)
        }
        try remember()
        return true
    }

    private mutating func fail(_ node: Node, _ error: any Error) {
        slots.release(node)
        session.fail(node)
        // The stage's failure is more important than an error of this look.
        _ = try? session.look(at: node)
        let isFirst = failure == nil
        failure = failure ?? error
        guard error is StageFailure else { return }
        if options.keepsGoing || !isFirst {
            // The first failure is the run's error, unless the run goes on.
            for line in visibleLines(of: error).components(separatedBy: "\n") { observer.said(line) }
        } else if !session.running.isEmpty {
            let others = session.nodes.filter(session.running.contains).map(\.name).joined(separator: ", ")
            observer.said("\(node.name) failed, so no other node starts; waiting for \(others)")
        }
    }

    /// Prepares a node's work: its folder, and what it reads.
    private mutating func prepared(
        _ node: Node, _ cacheKey: CacheKey, afresh: Bool, card: Int?
    ) throws -> NodeWork {
        if let member = project.member(initialising: node), doubted.insert(member.name).inserted,
            let doubt = try project.weights.doubt(about: member)
        {
            observer.said(doubt)
        }
        try unfinished.note(session.keys(onto: [:]).values + [cacheKey.digest], settings: project.settings)
        let stage = node.stage.stage
        let configuration = project.configuration
        let declared = stage.inputs(configuration)
        let folder = try project.store.begin(
            .init(
                stage: node.stage, node: node.name,
                worker: stage.resumes ? try session.inspector.digests.digest(of: project.worker.url.path) : nil,
                inputs: stage.resumes ? watch.digest(of: declared.data, member: node.member) : nil),
            key: cacheKey.digest, afresh: afresh)
        let workspace = Workspace(
            node: node, folder: folder, worker: project.worker, backend: session.inspector.backend, card: card,
            precision: configuration.precision, checkpoints: configuration.checkpoints,
            buildsOnImport: session.inspector.hasImportedUpstream(node),
            progress: { [observer] in observer.progressed(node, $0) },
            message: { [observer] in observer.said("\(node.name): \($0)") })
        return NodeWork(
            configuration: configuration, weights: project.weights, store: project.store, cacheKey: cacheKey,
            results: session.inspector.upstreamFolders(of: node), workspace: workspace, watch: watch)
    }

    /// Keeps the keys that the next `status` compares with; a variant keeps none.
    private mutating func remember() throws {
        try session.inspector.remember()
        guard project.settings.isEmpty else { return }
        let earlier = try project.store.currentKeys()
        let keys = session.keys(onto: earlier)
        if keys != earlier { try project.store.write(currentKeys: keys) }
    }
}
