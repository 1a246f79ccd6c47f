import Basics
import Catalog
import Configuration
import Foundation
import Imaging
import Jobs

/// Matches new photographs against a catalogue's folder with a backbone's pooled features, outside the workflow.
///
/// Nothing is trained or evaluated, so the result is ranked animals without a probability of a new one.
public struct FolderIdentification: Sendable {
    private let data: DataSettings
    private let member: MemberSettings
    private let question: IdentificationQuestion
    private let worker: Worker
    private let device: DeviceChoice
    private let skipsBroken: Bool
    private let environment: [String: String]

    /// Why there is no probability.
    private static let reason = "there is no evaluation; run `whalebook report` in a project to calibrate"
    /// The image size for a network that the worker does not list.
    private static let usualImageSize = 224

    /// Creates a task on a catalogue's folder, given by its absolute path.
    ///
    /// `member` names a published network whose features are compared; without an image size it has the network's own.
    /// With `skipsBroken`, unreadable photographs of the catalogue are left out; otherwise the first one is an error.
    /// `environment` names the hub of weights and its cache.
    public init(
        _ data: DataSettings, by member: MemberSettings, _ question: IdentificationQuestion, worker: Worker,
        device: DeviceChoice, skipsBroken: Bool, environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.data = data
        self.member = member
        self.question = question
        self.worker = worker
        self.device = device
        self.skipsBroken = skipsBroken
        self.environment = environment
    }

    /// Embeds the catalogue and the photographs, and ranks the animals for each.
    ///
    /// - Throws: `CatalogError`, `FileError`, ``StageFailure``, ``WorkflowError``.
    public func run(observer: some RunObserver) async throws -> Identified {
        let catalog = try data.catalog()
        let measured = try PhotographWork.results(of: catalog.photographs, progress: { _ in }) { photograph in
            try PhotographMeasures(of: catalog.file(of: photograph)).perceptualHash
        }
        // A photograph that cannot be measured cannot be embedded either, which is reported.
        let hashes = zip(catalog.photographs, measured).compactMap { photograph, hash in
            (try? hash.get()).map { (photograph.id, $0) }
        }
        let matching = PhotographMatching(
            catalog: catalog, hashes: Dictionary(hashes) { first, _ in first }, patterns: data.patterns,
            question: question, worker: worker, device: device,
            precision: .float32,
            mirror: false, environment: environment)
        let model = EmbedJob.Model.backbone(try await sized())
        let temporary = try TemporaryFolder("identify")
        defer { temporary.remove() }
        let place = temporary.url
        let file = place.appending(path: "catalogue.npy")
        try await FolderEmbedding(
            data: data, model: model, mirror: false, device: device, skipsBroken: skipsBroken, output: file,
            environment: environment
        ).run(worker, observer: observer)
        return try await matching.identified(
            among: .read(file), by: [(model, 1)], nil, reason: Self.reason, observer: observer)
    }

    /// The member with the side that timm's weights of its backbone expect; a published model states its own.
    private func sized() async throws -> MemberSettings {
        var sized = member
        guard member.side == nil, !member.isPublished else { return sized }
        let name = try Weights.backbone(of: member)
        let networks = try await worker.describe().backbones
        let network = networks.first { $0.name == name } ?? networks.first { $0.name == member.backbone }
        sized.side = network?.imageSize ?? Self.usualImageSize
        return sized
    }
}
