import Basics
import Configuration
import Foundation
import Hub
import Jobs
import Results

/// Finds the files of published models and of weights that a configuration or a command names, and has the worker
/// download missing ones.
struct Weights: Sendable {
    /// The place of a file.
    enum Place: Equatable {
        case nowhere
        case file(URL)
        /// Not in the hub's cache.
        case absent(HubReference)
    }

    /// How often a model's files are fetched again if the model changes in between.
    private static let attempts = 3

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
            try HubSettings(environment).cache.weights(of: reference).map { .file($0.resolvingSymlinksInPath()) }
                ?? .absent(reference)
        }
    }

    /// The present place of the file that describes a member's published backbone, without use of the network; nowhere
    /// for an architecture's name.
    ///
    /// - Throws: ``HubError`` for an invalid reference.
    func description(of member: MemberSettings) throws -> Place {
        guard member.isPublished else { return .nowhere }
        guard member.backbone.hasPrefix(HubReference.scheme) else {
            return .file(resolve(member.backbone).appending(path: PublishedModel.file))
        }
        let reference = try HubReference(member.backbone)
        return try HubSettings(environment).cache.file(.configuration, of: reference).map(Place.file)
            ?? .absent(reference)
    }

    /// A member's backbone, with the tag of its weights if they come from a hub; a hybrid has no tag.
    ///
    /// - Throws: ``HubError`` for an invalid reference.
    static func backbone(of member: MemberSettings) throws -> String {
        guard case .whole(let text) = member.weights, case .hub(let reference) = try WeightsSource(text) else {
            return member.backbone
        }
        return reference.tagging(member.backbone)
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
}

extension Weights {
    /// A member whose published backbone is replaced by what its description states: architecture, weights and form of
    /// the input, except for the options that the member itself gives. Unchanged if the description is not downloaded.
    ///
    /// - Throws: ``FileError`` for a description that cannot be read or is of another form, ``HubError``.
    func settled(_ member: MemberSettings) throws -> MemberSettings {
        guard case .file(let file) = try description(of: member) else { return member.settled }
        let model = try PublishedModel.read(file)
        var settled = member
        settled.backbone = model.backbone
        if member.weights == .none { settled.weights = .whole(try publishedWeights(of: member.backbone)) }
        settled.side = member.side ?? model.imageSize
        // An option that changes the fit replaces the share, too.
        settled.cropShare = member.cropShare ?? (member.chosenFit == nil ? model.cropShare : nil)
        settled.chosenFit = member.chosenFit ?? model.fit
        settled.interpolation = member.interpolation ?? model.interpolation
        settled.mean = member.mean ?? model.mean
        settled.deviation = member.deviation ?? model.deviation
        settled.features = member.features ?? model.features
        return settled.settled
    }

    /// A configuration with every published backbone settled whose description is downloaded.
    ///
    /// - Throws: As ``settled(_:)-(MemberSettings)``.
    func settled(_ configuration: Configuration) throws -> Configuration {
        try configuration.replacingMembers { try $0.isPublished ? settled($0) : $0 }
    }

    /// The weights of a published model, as `weights:` takes them.
    private func publishedWeights(of backbone: String) throws -> String {
        if backbone.hasPrefix(HubReference.scheme) { return backbone }
        let folder = resolve(backbone)
        let files = HubFile.weights.map { folder.appending(path: $0.rawValue) }
        guard let file = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            throw FileError.unreadable(
                path: folder.path,
                reason: "it has neither \(HubFile.weights.map(\.rawValue).joined(separator: " nor "))")
        }
        return file.path
    }

    /// The licence of a member's initial weights, as a hub's identifier: that of the model's card if the model is known,
    /// or else the one in its description; nil if neither states one.
    func licence(of member: MemberSettings) throws -> String? {
        guard case .whole(let text) = member.weights else { return nil }
        switch try WeightsSource(text) {
        case .none: return nil
        case .file(let path):
            let description = resolve(path).deletingLastPathComponent().appending(path: PublishedModel.file)
            return (try? PublishedModel.read(description))?.licence
        case .hub(let reference):
            if let known = KnownModel.named(reference) { return known.licence }
            let description = try HubSettings(environment).cache.file(.configuration, of: reference)
            return description.flatMap { try? PublishedModel.read($0) }?.licence
        }
    }

    /// A warning that nothing states which mean and deviation a member's weights expect; nil if something does.
    func doubt(about member: MemberSettings) throws -> String? {
        guard member.mean == nil || member.deviation == nil else { return nil }
        let unknown = try member.weights.references.map(\.text).filter { text in
            switch try WeightsSource(text) {
            case .none: false
            case .file: true
            case .hub(let reference): !reference.isOfTimm
            }
        }
        guard !unknown.isEmpty else { return nil }
        return "nothing states the mean and deviation that \(unknown.listed()) expects of an image, so \(member.name) "
            + "uses timm's for \(quoted: member.backbone); if they differ, set mean and deviation of the member"
    }
}

extension Weights {
    /// A member with everything that its network needs in files: its published backbone settled, its weights downloaded
    /// and named by their path.
    ///
    /// `known` gives the names of the worker's backbones, so that nothing is downloaded for another.
    ///
    /// - Throws: ``HubError``, ``FileError``, ``StageFailure``, ``WorkflowError``.
    func ready(
        _ member: MemberSettings, for node: Node, worker: Worker, log: URL, observer: some RunObserver,
        known: () async throws -> [String]
    ) async throws -> MemberSettings {
        for _ in 0..<Self.attempts {
            try await fetch(.configuration, description(of: member), for: node, worker, log, observer)
            var ready = try settled(member)
            ready.backbone = try Self.backbone(of: ready)
            let places = try ready.weights.references.map { try place(of: $0.text) }
            if member.isPublished || places.contains(where: \.isAbsent) {
                try Self.check(ready.backbone, among: await known())
            }
            for place in places { try await fetch(.weights, place, for: node, worker, log, observer) }
            // The weights of a newer commit come without the description that was read.
            guard try !description(of: member).isAbsent else { continue }
            ready.weights = try ready.weights.map { text in
                if case .file(let url) = try place(of: text) { url.path } else { text }
            }
            return ready
        }
        throw HubError.changing(try HubReference(member.backbone))
    }

    /// Has the worker download a part of a model that is not in the cache.
    private func fetch(
        _ part: FetchJob.Part, _ place: Place, for node: Node, _ worker: Worker, _ log: URL,
        _ observer: some RunObserver
    ) async throws {
        guard case .absent(let reference) = place else { return }
        if part == .weights { observer.said("downloading \(reference)") }
        do {
            try FileManager.default.createDirectory(
                at: log.deletingLastPathComponent(), withIntermediateDirectories: true)
            _ = try await worker.run(.fetch(FetchJob(model: "\(reference)", part: part)), log: log) { event in
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
        let cache = try HubSettings(environment).cache
        let file = part == .weights ? cache.weights(of: reference) : cache.file(.configuration, of: reference)
        guard file != nil else {
            throw StageFailure(
                node: node, reason: "the worker downloaded \(reference) into a different cache", log: nil)
        }
    }
}

extension Weights.Place {
    /// Whether it still has to be downloaded.
    var isAbsent: Bool { if case .absent = self { true } else { false } }
}
