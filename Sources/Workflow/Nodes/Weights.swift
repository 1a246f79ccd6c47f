import Basics
import Configuration
import Foundation
import Hub
import Jobs
import Results

/// Finds the files of weights that a configuration or a command names, and has the worker download what is missing.
struct Weights: Sendable {
    /// Where some weights are.
    enum Place: Equatable {
        case nowhere
        case file(URL)
        /// Not in the cache of the hub.
        case absent(HubReference)
    }

    /// Makes a path of the configuration or the command a location.
    let resolve: @Sendable (String) -> URL
    /// What names the hub and its cache.
    let environment: [String: String]

    /// Where the weights are now; nothing is asked of the network.
    ///
    /// - Throws: ``HubError`` for what is no reference.
    func place(of text: String) throws -> Place {
        switch try WeightsSource(text) {
        case .none: .nowhere
        case .file(let path): .file(resolve(path))
        case .hub(let reference):
            try HubSettings(environment).cache.file(of: reference).map { .file($0.resolvingSymlinksInPath()) }
                ?? .absent(reference)
        }
    }

    /// The backbone that a member means, with the tag of its weights where a hub tells it; a hybrid's parts have none.
    ///
    /// - Throws: ``HubError`` for what is no reference.
    static func backbone(of member: MemberSettings) throws -> String {
        guard case .whole(let text) = member.weights else { return member.backbone }
        return try backbone(member.backbone, from: text)
    }

    /// A backbone by its name, with the tag of its weights where a hub tells it.
    ///
    /// - Throws: ``HubError`` for what is no reference.
    static func backbone(_ name: String, from weights: String) throws -> String {
        guard case .hub(let reference) = try WeightsSource(weights) else { return name }
        return reference.tagging(name)
    }

    /// Makes sure that a backbone is known, before anything is downloaded for it.
    ///
    /// - Throws: ``WorkflowError/unknownBackbone(_:near:)``.
    static func check(_ backbone: String, among known: [String]) throws {
        let plain = backbone.split(separator: ".").first.map(String.init) ?? backbone
        guard known.contains(plain) else {
            throw WorkflowError.unknownBackbone(backbone, near: Spelling.nearest(to: plain, among: known))
        }
    }

    /// The file with the weights, downloaded where it is not in the cache; nil where there are none.
    ///
    /// - Throws: ``HubError``, ``StageFailure``, ``WorkflowError/interrupted``.
    func file(
        of text: String, for node: Node, worker: Worker, log: URL, observer: some RunObserver
    ) async throws -> URL? {
        switch try place(of: text) {
        case .nowhere: return nil
        case .file(let url): return url
        case .absent(let reference):
            observer.said("downloading \(reference)")
            do {
                try FileManager.default.createDirectory(
                    at: log.deletingLastPathComponent(), withIntermediateDirectories: true)
                _ = try await worker.run(.fetch(FetchJob(weights: text)), log: log) { event in
                    if case .progress(let done, let total, let unit, let rate, let note) = event {
                        observer.progressed(
                            node, RunProgress(done: done, total: total, unit: unit, rate: rate, note: note))
                    }
                }
            } catch {
                if Task.isCancelled { throw WorkflowError.interrupted }
                if let error = error as? WorkflowError { throw error }
                throw StageFailure(node: node, reason: visibleLines(of: error), log: log.path)
            }
            try? FileManager.default.removeItem(at: log)
            guard case .file(let url) = try place(of: text) else {
                throw StageFailure(
                    node: node, reason: "the worker has downloaded \(reference), but into another cache", log: nil)
            }
            return url
        }
    }
}
