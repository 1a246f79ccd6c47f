import Basics
import Foundation
import Reports

extension Project {
    /// All that documents draw on: the results that are there, fresh or not, and where they come from.
    ///
    /// - Parameters:
    ///   - command: The command as it was given, for provenance.
    ///   - versions: Versions of libraries by name, beside those that the stages tell of.
    ///   - ran: The nodes that worked just now; nil where nothing was run.
    public func reportInputs(
        command: String, surroundings: Surroundings, versions: [String: String], ran: [Node]? = nil
    ) async throws -> ReportInputs {
        let inspector = try await inspector()
        let statuses = inspector.graph.nodes.compactMap { inspector.statuses[$0] }
        let nodes = statuses.compactMap { status in
            status.record.map { record in
                ReportNode(
                    stage: status.node.stage.rawValue, member: status.node.member, seed: status.node.seed,
                    fold: status.node.fold, key: record.key, outputDigest: record.outputDigest,
                    directory: store.folder(of: status.node.stage, key: record.key),
                    staleness: status.state == .fresh ? nil : status.reason,
                    wasCached: ran.map { !$0.contains(status.node) }, seconds: record.seconds,
                    machine: record.machine, startedAt: record.startedAt)
            }
        }
        let repository = await Repository.around(surroundings.root)
        var versions = versions
        versions["libtorch"] = nodes.compactMap { $0.machine?["libtorch"]?.string }.first
        return ReportInputs(
            nodes: nodes, graph: statuses.map { $0.graphNode(inspector.graph) }, ledger: try reportLedger(),
            configuration: configuration.tree, dataDirectory: configuration.dataDirectory,
            photographDigests: inspector.manifest.digests(in: store),
            dataLayout: configuration.data.layout,
            root: surroundings.root, sourcesDirectory: surroundings.sources, commit: repository.commit,
            hasUncommittedChanges: repository.hasUncommittedChanges, command: command, versions: versions,
            machine: Machine.facts(backend: nil))
    }

    private func reportLedger() throws -> ReportLedger? {
        let ledger = Ledger(store)
        guard !ledger.entries.isEmpty else { return nil }
        return ReportLedger(runs: try RunsTable(ledger).json, partings: ledger.partings(store)) { [store] old, new in
            let words = [old, new]
            if words.contains("previous"), ledger.previous == nil { return nil }
            if words.contains("current"), ledger.current == nil { return nil }
            return try RunComparison(ledger.run(named: old), ledger.run(named: new), store: store).reportComparison(
                store)
        }
    }
}

extension NodeStatus {
    fileprivate func graphNode(_ graph: NodeGraph) -> ReportGraphNode {
        ReportGraphNode(
            name: node.name, stage: node.stage.rawValue, state: state.rawValue,
            upstream: graph.upstream(of: node).map(\.name), seconds: record?.seconds)
    }
}

extension RunComparison {
    /// - Throws: ``ComparisonError/gone(run:path:)`` where a ranking left the store.
    fileprivate func reportComparison(_ store: Store) throws -> ReportComparison {
        func ranking(_ run: RunEntry) throws -> URL {
            guard let state = run.state(of: .expand), store.record(of: .expand, key: state.key) != nil else {
                throw ComparisonError.gone(run: run.name, path: store.folder.path)
            }
            return store.folder(of: .expand, key: state.key)
        }
        return ReportComparison(
            json: json, oldEvaluation: oldFolder, newEvaluation: newFolder, oldRanking: try ranking(old),
            newRanking: try ranking(new))
    }
}
