import Basics
import Evaluation
import Foundation
import Jobs
import Reports
import Results

extension Project {
    /// The inputs of documents: the existing results, fresh or not, and their origins.
    ///
    /// `command` is the command line, for provenance. The versions of libraries, by name, are added to those that the
    /// stages report. `ran` has the nodes that ran just now; nil if nothing was run.
    public func reportInputs(
        command: String, layout: ProjectLayout, versions: [String: String], ran: [Node]? = nil
    ) async throws -> ReportInputs {
        let inspector = try await inspector(reading: .whatDocumentsShow)
        let statuses = inspector.graph.nodes.compactMap { inspector.statuses[$0] }
        let damage = try damage(inspector)
        let nodes = statuses.compactMap { status in
            status.record.map { record in
                ReportNode(
                    status.node, record, in: store, staleness: status.state == .fresh ? nil : status.reason,
                    wasCached: ran.map { !$0.contains(status.node) })
            }
        }
        let repository = try await Repository.around(configuration.root, configuration: configuration.name)
        var versions = versions
        versions["libtorch"] = nodes.compactMap { $0.machine?["libtorch"]?.string }.first
        return ReportInputs(
            nodes: nodes, graph: statuses.map { $0.graphNode(inspector.graph) }, ledger: try reportLedger(),
            decisions: try ReportDecisions(decisionsFile), configuration: configuration.tree,
            place: try place(layout, inspector), commit: repository.commit,
            hasUncommittedChanges: repository.hasUncommittedChanges, command: command, versions: versions,
            machine: Machine.facts(backend: nil), damage: damage.map(\.description))
    }

    /// The file of people's decisions about pairs that documents show, and to which `review` appends by default.
    public var decisionsFile: URL { configuration.root.appending(path: DecisionLog.fileName) }

    /// Folders and files that change when a result is added, removed or named, so that documents may change.
    public var resultPlaces: [URL] {
        let results = StageName.allCases.map { store.folder(of: $0, key: "").standardizedFileURL }
        return results + [store.runsFolder, store.importsFile, decisionsFile]
    }

    /// The photographs and sources on this machine.
    func place(_ layout: ProjectLayout, _ inspector: Inspector) throws -> ReportPlace {
        try ReportPlace(
            dataDirectory: configuration.dataDirectory, dataLayout: configuration.data.layout,
            dataPatterns: configuration.data.patterns, dataNobody: configuration.data.nobody,
            dataLinks: configuration.resolvedData.links, dataSalvage: configuration.data.salvage,
            photographDigests: inspector.manifest.digests(in: store), root: layout.root,
            sourcesDirectory: layout.sources)
    }

    /// The damaged results of the project, which documents leave out.
    func damage(_ inspector: Inspector) throws -> [StoredResult.Damage] {
        let last = try store.currentKeys()
        return try inspector.graph.nodes.flatMap { node in
            try Set([last[node.name], inspector.statuses[node]?.key].compactMap(\.self)).sorted().compactMap { key in
                try store.look(at: node.stage, key: key).damage
            }
        }
    }

    private func reportLedger() throws -> ReportLedger? {
        let ledger = try Ledger(store)
        guard !ledger.entries.isEmpty else { return nil }
        let splitComparisons = try ledger.splitComparisons(store)
        return ReportLedger(
            runs: ledger.entries, splitComparisons: splitComparisons,
            variant: { [store] variant, present in
                do {
                    return try RunComparison(variant, present, store: store).reportComparison(store)
                } catch ComparisonError.gone {
                    return nil
                }
            }
        ) { [store] old, new in
            let words = [old, new]
            if words.contains("previous"), ledger.previous == nil { return nil }
            if words.contains("current"), ledger.current == nil { return nil }
            do {
                return try RunComparison(ledger.run(named: old), ledger.run(named: new), store: store)
                    .reportComparison(store)
            } catch let error as ComparisonError {
                guard case .notComparable = error else { throw error }
                throw IncomparableRuns(error.description)
            }
        }
    }
}

extension NodeStatus {
    fileprivate func graphNode(_ graph: NodeGraph) -> ReportGraphNode {
        ReportGraphNode(
            name: node.name, stage: node.stage, state: state.rawValue,
            upstream: graph.upstream(of: node).map(\.name), seconds: record?.seconds)
    }
}

extension ReportNode {
    /// Creates a description of a result in the store.
    init(
        _ node: Node, _ record: NodeRecord, in store: Store, staleness: String? = nil, wasCached: Bool? = nil
    ) {
        self.init(
            node, key: record.key, outputDigest: record.outputDigest, files: record.outputs.mapValues(\.digest),
            directory: store.folder(of: node.stage, key: record.key), staleness: staleness, wasCached: wasCached,
            seconds: record.seconds, machine: record.machine, startedAt: record.startedAt,
            memoryBytes: node.stage == .train ? TrainJob.Facts.mostBytes(in: record.facts) : nil)
    }
}

extension RunEntry {
    /// The run's results that are still in the store.
    ///
    /// - Throws: ``ComparisonError/damaged(run:path:)``, ``StoreError``, ``FileError``.
    func results(in store: Store) throws -> [ReportNode] {
        try nodes.compactMap { state in
            let found = try store.look(at: state.stage, key: state.key)
            if let damage = found.damage { throw ComparisonError.damaged(run: name, path: damage.path) }
            return found.record.map { ReportNode(state.node, $0, in: store) }
        }
    }
}

extension RunComparison {
    /// - Throws: ``ComparisonError/gone(run:path:)`` if a ranking is no longer in the store.
    fileprivate func reportComparison(_ store: Store) throws -> ReportComparison {
        func run(_ run: RunEntry) throws -> ReportComparison.Run {
            let results = try run.results(in: store)
            guard results.contains(where: { $0.stage == .expand }) else {
                throw ComparisonError.gone(run: run.name, path: store.folder.path)
            }
            return ReportComparison.Run(entry: run, nodes: results)
        }
        return ReportComparison(result: summary, old: try run(old), new: try run(new))
    }
}

extension Project {
    /// The headline of the current evaluation; nil if there is none.
    public func headline() async throws -> Headline? { try headline(await inspector(of: [.evaluate])) }

    func headline(_ inspector: Inspector) throws -> Headline? {
        guard let status = inspector.statuses[Node(.evaluate)], status.state.isUsable, let key = status.key else {
            return nil
        }
        return try EvaluateFiles.evaluation.headline(in: store.folder(of: .evaluate, key: key))
    }
}
