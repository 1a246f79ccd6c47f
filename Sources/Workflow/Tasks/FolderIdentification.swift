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
    /// A published network, whose features are compared.
    public struct Backbone: Sendable {
        let name: String
        let weights: String
        let imageSize: Int?
        let fit: Fit

        /// Creates a reference to a network.
        ///
        /// - Parameters:
        ///   - name: The name in timm.
        ///   - weights: A safetensors file, or `hf-hub:timm/NAME`.
        ///   - imageSize: Side of the square input in pixels; nil for the network's default.
        ///   - fit: How photographs fill the square.
        public init(name: String, weights: String, imageSize: Int?, fit: Fit) {
            self.name = name
            self.weights = weights
            self.imageSize = imageSize
            self.fit = fit
        }
    }

    private let data: DataSettings
    private let backbone: Backbone
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
    /// With `skipsBroken`, unreadable photographs of the catalogue are left out; otherwise the first one is an error.
    /// `environment` names the hub of weights and its cache.
    public init(
        _ data: DataSettings, by backbone: Backbone, _ question: IdentificationQuestion, worker: Worker,
        device: DeviceChoice, skipsBroken: Bool, environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.data = data
        self.backbone = backbone
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
        let model = EmbedJob.Model.backbone(
            name: backbone.name, weights: backbone.weights, imageSize: try await imageSize(), fit: backbone.fit)
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

    private func imageSize() async throws -> Int {
        if let size = backbone.imageSize { return size }
        let name = try Weights.backbone(backbone.name, from: backbone.weights)
        let networks = try await worker.describe().backbones
        let network = networks.first { $0.name == name } ?? networks.first { $0.name == backbone.name }
        return network?.imageSize ?? Self.usualImageSize
    }
}
