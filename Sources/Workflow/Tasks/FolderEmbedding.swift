import Basics
import Catalog
import Configuration
import Foundation
import Jobs
import Results

/// Embeds the photographs of any folder with any model, outside the workflow; it needs no labels.
public struct FolderEmbedding: Sendable {
    private let data: DataSettings
    private let output: URL
    private let model: EmbedJob.Model
    private let mirror: Bool
    private let device: DeviceChoice
    private let precision: Precision
    private let skipsBroken: Bool
    private let environment: [String: String]

    /// Creates a task on a folder, given by its absolute path.
    ///
    /// A backbone or its weights can come from a hub, `hf-hub:OWNER/NAME`; they are downloaded first. `environment`
    /// names the hub and its cache. With `skipsBroken`, unreadable photographs are left out; otherwise the first one is
    /// an error.
    public init(
        data: DataSettings, model: EmbedJob.Model, mirror: Bool, device: DeviceChoice, precision: Precision = .float32,
        skipsBroken: Bool = false, output: URL,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.data = data
        self.output = output
        self.model = model
        self.mirror = mirror
        self.device = device
        self.precision = precision
        self.skipsBroken = skipsBroken
        self.environment = environment
    }

    /// Writes the embeddings, with rows in the order of the metadata, and next to them the image_ids.
    ///
    /// The worker's log is kept next to the output only if the worker failed.
    ///
    /// - Throws: ``CatalogError``, ``FileError``, ``StageFailure``, ``WorkflowError/interrupted``.
    public func run(_ worker: Worker, observer: some RunObserver) async throws {
        // Errors of the folder are found before libtorch is mapped.
        _ = try data.catalog()
        try OutputFile.requireFree(output, orBeginningWith: [NPYMatrix.signature], kind: ".npy file")
        try OutputFile.requireFree(
            LabelledEmbeddings.list(of: output), orTableOf: ["image_id"], kind: "list of image_ids")
        let folder = output.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw FileError.unwritable(path: folder.path, reason: FileError.reason(of: error))
        }
        let log = output.appendingPathExtension("log")
        let node = Node(.embed)
        let job = EmbedJob(
            data: data, model: try await ready(node, worker, log, observer), mirror: mirror, skipsBroken: skipsBroken,
            device: device, precision: precision, output: output.path)
        try await worker.run(.embed(job), as: node, log: log, observer: observer)
    }

    /// The model, with its weights in a file.
    private func ready(
        _ node: Node, _ worker: Worker, _ log: URL, _ observer: some RunObserver
    ) async throws -> EmbedJob.Model {
        guard case .backbone(let member) = model else { return model }
        let weights = Weights(resolve: { UserPath.url($0) }, environment: environment)
        let ready = try await weights.ready(member, for: node, worker: worker, log: log, observer: observer) {
            try await worker.describe().backbones.map(\.name)
        }
        guard ready.weights != .none else {
            throw FileError.unreadable(path: MemberWeights.unnamed, reason: "pooled features need weights")
        }
        if !member.isPublished, let doubt = try weights.doubt(about: member) { observer.said(doubt) }
        return .backbone(ready)
    }
}

extension Worker {
    /// Runs a job outside the workflow, reported as the work of a node. The log is kept only if the worker failed.
    ///
    /// - Throws: ``StageFailure``, ``WorkflowError``.
    func run(_ job: Job, as node: Node, log: URL, observer: some RunObserver) async throws {
        let start = ContinuousClock.now
        do {
            _ = try await run(job, log: log) { event in
                switch event {
                case .progress(let done, let total, let unit, let rate, let note):
                    observer.progressed(
                        node, RunProgress(done: done, total: total, unit: unit, rate: rate, note: note))
                case .message(let text): observer.said(text)
                case .finished, .failed: break
                }
            }
        } catch {
            if Task.isCancelled { throw WorkflowError.interrupted }
            if let error = error as? WorkflowError { throw error }
            throw StageFailure(node: node, reason: visibleLines(of: error), log: log.path)
        }
        try? FileManager.default.removeItem(at: log)
        observer.finished(node, seconds: (ContinuousClock.now - start).seconds)
    }
}
