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
        let nodes = try await status().nodes.compactMap { status in
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
            nodes: nodes, configuration: configuration.tree, dataDirectory: configuration.dataDirectory,
            root: surroundings.root, sourcesDirectory: surroundings.sources, commit: repository.commit,
            hasUncommittedChanges: repository.hasUncommittedChanges, command: command, versions: versions,
            machine: Machine.facts(backend: nil))
    }
}
