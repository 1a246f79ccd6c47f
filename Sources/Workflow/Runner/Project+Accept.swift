extension Project {
    /// Settles that a stage's changed sources change no result: its suspect nodes are fresh again, and the ledger says
    /// why.
    ///
    /// - Returns: The nodes that were suspect.
    /// - Throws: ``WorkflowError/locked(owner:path:)``, ``FileError``.
    public func accept(_ stage: StageName, reason: String, command: String) async throws -> [Node] {
        let lock = try RunLock(store)
        defer { withExtendedLifetime(lock) {} }
        let recorder = RunRecorder(project: self, options: RunOptions(reason: reason, command: command))
        var inspector = try await inspector()
        let suspect = inspector.graph.nodes.filter {
            $0.stage == stage && inspector.statuses[$0]?.state == .suspect
        }
        guard !suspect.isEmpty else { return [] }
        for node in suspect {
            guard let record = inspector.statuses[node]?.record else { continue }
            try store.rewrite(record.accepting(sources: Stages.stage(stage).sources))
            try inspector.inspect(node)
        }
        try await recorder.record(
            inspector.graph.nodes.compactMap { inspector.statuses[$0] }, ran: [], outcome: .finished, failure: nil,
            seconds: 0, backend: inspector.backend)
        return suspect
    }
}
