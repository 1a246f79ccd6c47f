import Basics
import Configuration
import Foundation
import Hub
import Jobs
import Results

/// Finds the weights files that a configuration or a command names, and has the worker download missing ones.
struct Weights: Sendable {
    /// The place of weights.
    enum Place: Equatable {
        case nowhere
        case file(URL)
        /// Not in the hub's cache.
        case absent(HubReference)
    }

    /// Resolves a path of the configuration or the command.
    let resolve: @Sendable (String) -> URL
    /// The environment, which names the hub and its cache.
    let environment: [String: String]

    /// The present place of weights, without use of the network.
    ///
    /// - Throws: ``HubError`` for an invalid reference.
    func place(of text: String) throws -> Place {
        switch try WeightsSource(text) {
        case .none: .nowhere
        case .file(let path): .file(resolve(path))
        case .hub(let reference):
            try HubSettings(environment).cache.file(of: reference).map { .file($0.resolvingSymlinksInPath()) }
                ?? .absent(reference)
        }
    }

    /// A member's backbone, with the tag of its weights if they come from a hub; a hybrid has no tag.
    ///
    /// - Throws: ``HubError`` for an invalid reference.
    static func backbone(of member: MemberSettings) throws -> String {
        guard case .whole(let text) = member.weights else { return member.backbone }
        return try backbone(member.backbone, from: text)
    }

    /// A backbone's name, with the tag of its weights if they come from a hub.
    ///
    /// - Throws: ``HubError`` for an invalid reference.
    static func backbone(_ name: String, from weights: String) throws -> String {
        guard case .hub(let reference) = try WeightsSource(weights) else { return name }
        return reference.tagging(name)
    }

    /// Checks that a backbone is known, before anything is downloaded for it.
    ///
    /// - Throws: ``WorkflowError/unknownBackbone(_:near:)``.
    static func check(_ backbone: String, among known: [String]) throws {
        let plain = backbone.split(separator: ".").first.map(String.init) ?? backbone
        guard known.contains(plain) else {
            throw WorkflowError.unknownBackbone(backbone, near: Spelling.nearest(to: plain, among: known))
        }
    }

    /// The file with the weights, downloaded if it is not in the cache; nil for random weights.
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
                    node: node, reason: "the worker downloaded \(reference) into a different cache", log: nil)
            }
            return url
        }
    }
}
