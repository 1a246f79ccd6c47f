import Basics
import Configuration
import Digests
import Foundation
import Results

/// The work of one node, without the state of the run: several nodes can work at the same time.
struct NodeWork: Sendable {
    let configuration: Configuration
    let weights: Weights
    let store: Store
    let cacheKey: CacheKey
    /// The results that it reads.
    let results: [(node: Node, folder: URL)]
    let workspace: Workspace
    let watch: InputWatch

    /// Does the work and puts the result into the store.
    ///
    /// - Throws: ``StageFailure``, which the store then keeps, too; ``WorkflowError/interrupted``.
    func perform() async throws -> NodeRecord {
        let node = workspace.node
        let stage = node.stage.stage
        let folder = workspace.folder
        let declared = stage.inputs(configuration)
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
            let record = NodeRecord(
                key: cacheKey.digest, cacheKey: cacheKey, outputs: try outputs(of: stage, in: folder),
                seconds: (clock.now - start).seconds, startedAt: startedAt,
                machine: Machine.facts(
                    backend: stage.usesBackend ? workspace.backend : nil,
                    processes: stage.isShared ? workspace.worker.crew.count : 1),
                facts: facts)
            try store.commit(record)
            return record
        } catch {
            if Task.isCancelled { throw WorkflowError.interrupted }
            let log = folder.appending(path: Store.logName).path
            let failure = StageFailure(
                node: node, reason: visibleLines(of: error),
                log: FileManager.default.fileExists(atPath: log) ? log : nil)
            // The stage's failure is more important than an error of its record.
            try? store.fail(node.stage, key: cacheKey.digest, reason: failure.reason)
            throw failure
        }
    }

    private func outputs(of stage: any Stage, in folder: URL) throws -> [String: NodeRecord.Output] {
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
        return outputs
    }
}
