import Backbones
import Basics
import Configuration
import Foundation
import Imaging
import Networks
import Results
import Torch

/// A member of the ensemble: its network, the head it trains with, and everything for their files.
struct MemberModel {
    let variant: BackboneCatalog.Variant
    let member: MemberSettings
    let settings: TrainSettings
    /// The precision of the backbone's computation.
    let precision: Precision
    /// The animals, in the order of the head's classes; with `flip: new` their mirror images follow.
    let classes: [AnimalClass]
    let store: ParameterStore
    let network: EmbeddingNetwork
    let head: any Head

    /// Builds the network as it is before training: drawn by the seed, the backbone from its weights if it has any.
    /// With `isToBeLoaded` a file will fill the network next, so it need not be drawn.
    init(
        member: MemberSettings, settings: TrainSettings, seed: Int, classes: [AnimalClass], isToBeLoaded: Bool = false,
        computing precision: Precision = .float32, on device: Device
    ) throws {
        variant = try BackboneCatalog.variant(member.backbone)
        self.member = member
        self.settings = settings
        self.precision = precision
        self.classes = classes
        store = ParameterStore(seed: seed, on: device)
        let root = isToBeLoaded ? store.root.unfilled : store.root
        let place = (root / "backbone").computing(in: ScalarType(precision))
        let backbone = try variant.network(
            in: Self.isFilled(member.weights) ? place.unfilled : place, imageSize: member.imageSize,
            stochasticDepth: member.stochasticDepth)
        let scope = root / "neck"
        let neck = try Neck(
            pooling: settings.pooling.layer(on: backbone, in: scope / "pool"), embedding: settings.neck.embedding,
            dropout: settings.neck.dropout, in: scope)
        network = EmbeddingNetwork(backbone: backbone, neck: neck)
        head = try settings.head.layer(
            width: settings.neck.embedding, counts: Self.headCounts(classes, settings), in: root / "head")
        try loadWeights()
    }

    /// Fills the backbone from the member's files.
    private func loadWeights() throws {
        func file(_ text: String) throws -> (any TensorFile)? {
            text == MemberWeights.unnamed ? nil : try WeightsFile.read(URL(filePath: text))
        }
        let prefix = "backbone."
        switch member.weights {
        case .whole(let text):
            if let weights = try file(text) { try variant.load(weights, into: store, under: prefix) }
        case .parts(let cnn, let transformer):
            try variant.load(cnn: file(cnn), transformer: file(transformer), into: store, under: prefix)
        }
    }

    /// Whether one file fills the whole backbone; if there are files of parts, the layers between them are drawn.
    private static func isFilled(_ weights: MemberWeights) -> Bool {
        if case .whole = weights { weights != .none } else { false }
    }

    /// The training photographs of each class of the head.
    var headCounts: [Int] { Self.headCounts(classes, settings) }

    private static func headCounts(_ classes: [AnimalClass], _ settings: TrainSettings) -> [Int] {
        let counts = classes.map(\.photographs)
        return settings.augment.flip == .new ? counts + counts : counts
    }

    /// What comes before the first layer that trains, if the backbone is frozen.
    var frozenPart: EmbeddingNetwork.FrozenPart {
        guard store.parameters.contains(where: { $0.name.hasPrefix("neck.pool.") }) else { return .pooled }
        return switch settings.pooling.kind {
        case .twoStageGeM, .dolg: .twoMaps
        case .gem, .average, .token: .lastMap
        }
    }

    /// Reads a trained model from its folder.
    static func read(
        _ directory: URL, computing precision: Precision = .float32, on device: Device
    ) throws -> MemberModel {
        let description = try TrainFiles.description.read(in: directory)
        func part<Value>(_ name: String, _ settings: JSONValue, _ read: (JSONValue) throws -> Value) throws -> Value {
            guard let value = try? read(settings) else {
                throw FileError.malformed(
                    path: TrainFiles.description.url(in: directory).path, line: nil,
                    problem: "'configuration.\(name)' cannot be read", remedy: "Train the model again.")
            }
            return value
        }
        let configuration = description.configuration
        var member = try part("member", configuration.member, MemberSettings.init(described:))
        member.weights = .none
        let model = try MemberModel(
            member: member, settings: part("train", configuration.train, TrainSettings.init(described:)), seed: 0,
            classes: AnimalClass.classes(of: description), isToBeLoaded: true, computing: precision, on: device)
        try model.store.load(Safetensors.read(weightsFile(in: directory)))
        return model
    }

    /// The file of the weights in a model's folder.
    static func weightsFile(in directory: URL) -> URL { TrainFiles.weights.url(in: directory) }

    /// Writes the weights to a file.
    func writeWeights(to file: URL) throws { try store.save(to: file, metadata: ["architecture": variant.name]) }

    /// The description of the trained model for `model.json`; `stopped` means that the training stopped before its last
    /// epoch, `licence` is that of the initial weights.
    func description(
        _ history: History, photographs: Int, stopped: Bool, licence: String? = nil
    ) throws -> ModelDescription {
        let statistics = member.statistics(of: variant)
        return ModelDescription(
            backbone: variant.name, parameters: parameterCount, imageSize: member.imageSize, fit: member.fit,
            mean: statistics.mean, deviation: statistics.deviation, classes: classes.map(\.name),
            classPhotographs: classes.map(\.photographs), embedding: settings.neck.embedding,
            configuration: .init(member: member.described, train: settings.described),
            bestEpoch: history.best?.number ?? 0, bestValidationMAP: history.best?.validationMAP,
            trainingPhotographs: photographs, seed: history.seed, fold: history.fold,
            epochs: stopped ? history.epochs.count : nil, licence: licence)
    }

    /// The licence of the initial weights, which their tag tells; nil without weights or without a tag.
    var licence: String? { member.weights != .none && member.backbone.contains(".") ? variant.licence : nil }

    /// The number of trainable numbers of backbone and neck; the head is only for training.
    var parameterCount: Int {
        store.parameters.filter { !$0.name.hasPrefix("head.") }.reduce(0) { $0 + $1.tensor.count }
    }

    /// A loader of photographs in the form that the network expects.
    ///
    /// - Throws: `ThreadCount.SettingError`.
    func loader(cacheLimit: Int) throws -> PhotographLoader {
        try member.loader(for: variant, feeding: store.device, cacheLimit: cacheLimit)
    }
}

extension MemberSettings {
    /// The mean and deviation of the channels: the member's own, or those that the published weights expect.
    func statistics(of variant: BackboneCatalog.Variant) -> (mean: [Double], deviation: [Double]) {
        (mean ?? variant.mean, deviation ?? variant.deviation)
    }

    /// A loader of photographs in the form that the network expects, for a network on a device.
    ///
    /// - Throws: `ThreadCount.SettingError`.
    func loader(
        for variant: BackboneCatalog.Variant, feeding device: Device, cacheLimit: Int
    ) throws -> PhotographLoader {
        let (mean, deviation) = statistics(of: variant)
        return try PhotographLoader(
            size: imageSize,
            framing: Framing(fit, share: cropShare ?? 1, interpolation: interpolation ?? .bilinear),
            normalisation: Normalisation(mean: mean.map(Float.init), deviation: deviation.map(Float.init)),
            threads: ThreadCount.forDecoding(onCard: device.isCard), cacheLimit: cacheLimit)
    }
}

extension ScalarType {
    /// The type of a configuration's precision.
    init(_ precision: Precision) {
        switch precision {
        case .float32: self = .float32
        case .bfloat16: self = .bfloat16
        case .float16: self = .float16
        }
    }
}

extension PixelBatch {
    /// The batch as `[N, 3, S, S]`, channels last in memory, which makes convolutions faster.
    func tensor(on device: Device) throws -> Tensor {
        try Tensor(values, shape: [indices.count, 3, size, size], on: device).channelsLast()
    }
}
