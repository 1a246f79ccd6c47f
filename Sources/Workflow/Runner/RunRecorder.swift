import Basics
import Foundation
import Results

/// Writes a run into the ledger at its end, successful or not.
struct RunRecorder {
    let project: Project
    let options: RunOptions
    let startedAt = Clock.now()

    /// Records a run that did some work, failed, has a name or a reason, or has different current results from the
    /// last.
    func record(
        _ statuses: [NodeStatus], ran: [Node], outcome: RunEntry.Outcome, failure: String?, seconds: Double,
        backend: Backend?
    ) async throws {
        var ledger = try Ledger(project.store)
        let nodes = statuses.compactMap { Self.state($0, ran: ran) }
        let isNews =
            outcome != .finished || !ran.isEmpty || options.tag != nil || options.reason != nil
            || Self.differs(nodes, from: ledger.last)
        guard isNews else { return }
        let parent = ledger.current
        let (root, name) = (project.configuration.root, project.configuration.name)
        // A cancelled task could not wait for git.
        let repository = try await Task.detached {
            try await Repository.around(root, configuration: name)
        }.value
        let entry = RunEntry(
            number: ledger.next, parent: parent?.number, startedAt: startedAt, seconds: seconds,
            command: options.command, settings: project.settings, reason: options.reason, tags: [],
            commit: repository.commit, hasUncommittedChanges: repository.hasUncommittedChanges, outcome: outcome,
            failure: failure,
            changes: parent.map { RunEntry.Change.changes(from: $0.configuration, to: project.configuration.tree) }
                ?? [], nodes: nodes,
            metrics: try metrics(nodes), machine: Machine.facts(backend: backend),
            configuration: project.configuration.tree)
        try ledger.append(entry)
        if let tag = options.tag { try ledger.tag(String(entry.number), as: tag) }
    }

    private static func state(_ status: NodeStatus, ran: [Node]) -> RunEntry.NodeState? {
        guard status.state.isUsable, let record = status.record else { return nil }
        let node = status.node
        return RunEntry.NodeState(
            node, key: record.key, outputDigest: record.outputDigest, seconds: record.seconds, ran: ran.contains(node),
            imported: record.facts["imported"]?.string)
    }

    /// Whether nodes differ from an entry's; a run of only some stages is compared only in these.
    private static func differs(_ nodes: [RunEntry.NodeState], from entry: RunEntry?) -> Bool {
        let known = Dictionary((entry?.nodes ?? []).map { ($0.node, $0.outputDigest) }) { first, _ in first }
        return nodes.contains { known[$0.node] != $0.outputDigest }
    }

    private func metrics(_ nodes: [RunEntry.NodeState]) throws -> RunEntry.Metrics {
        guard let node = nodes.first(where: { $0.stage == .evaluate }) else { return RunEntry.Metrics() }
        return RunEntry.Metrics(
            try EvaluateFiles.evaluation.read(in: project.store.folder(of: .evaluate, key: node.key)))
    }
}
