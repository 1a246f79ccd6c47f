import Backbones
import Basics
import Configuration
import Foundation
import Imaging
import Networks
import Torch

/// A member of the ensemble: its network, the head it trains with, and all that goes into their files.
struct MemberModel {
    let variant: BackboneCatalog.Variant
    let member: MemberSettings
    let settings: TrainSettings
    /// The animals, in the order of the head's classes; with `flip: new` their mirror images follow.
    let classes: [String]
    let store: ParameterStore
    let network: EmbeddingNetwork
    let head: ArcFace

    /// Lays the network as training finds it: drawn by the seed, the backbone from its weights where there are any.
    init(
        member: MemberSettings, settings: TrainSettings, seed: Int, classes: [String], on device: Device
    ) throws {
        variant = try BackboneCatalog.variant(member.backbone)
        self.member = member
        self.settings = settings
        self.classes = classes
        store = ParameterStore(seed: seed, on: device)
        let backbone = try variant.network(in: store.root / "backbone")
        let scope = store.root / "neck"
        let pooling: any Layer =
            switch settings.pooling.kind {
            case .gem: try GeMPooling(p: settings.pooling.p, in: scope / "pool")
            case .average: AveragePooling()
            }
        let neck = try Neck(
            features: backbone.featureCount, embedding: settings.neck.embedding, pooling: pooling,
            dropout: settings.neck.dropout, in: scope)
        network = EmbeddingNetwork(backbone: backbone, neck: neck)
        let headClasses = settings.augment.flip == .new ? classes.count * 2 : classes.count
        head = try ArcFace(
            width: settings.neck.embedding, margins: Array(repeating: settings.head.margin, count: headClasses),
            scale: settings.head.scale, in: store.root / "head")
        if member.weights != "none" {
            let file = try Safetensors.read(URL(filePath: member.weights))
            try store.load(file, under: "backbone.", leaving: .classifier(variant.classifier))
        }
    }

    /// Reads a trained model from its folder.
    static func read(_ directory: URL, on device: Device) throws -> MemberModel {
        let url = directory.appending(path: "model.json")
        let description = try JSONValue.read(url)
        func part<Value: Decodable>(_ name: String, _ type: Value.Type) throws -> Value {
            guard let value = try? description[path: "configuration.\(name)"]?.decoded(as: type) else {
                throw FileError.malformed(
                    path: url.path, line: nil, problem: "'configuration.\(name)' is missing or not understood",
                    remedy: "Train the model anew.")
            }
            return value
        }
        var member = try part("member", MemberSettings.self)
        member.weights = "none"
        let model = try MemberModel(
            member: member, settings: part("train", TrainSettings.self), seed: 0,
            classes: (description["classes"]?.array ?? []).compactMap(\.string), on: device)
        try model.store.load(Safetensors.read(directory.appending(path: "model.safetensors")))
        return model
    }

    /// Writes `model.safetensors`.
    func writeWeights(to directory: URL) throws {
        try store.save(
            to: directory.appending(path: "model.safetensors"), metadata: ["architecture": variant.name])
    }

    /// Writes `model.json`; `facts` are told beside the architecture.
    func writeDescription(_ facts: [String: JSONValue], to directory: URL) throws {
        var description: [String: JSONValue] = [
            "backbone": .string(variant.name),
            "parameters": .number(Double(parameterCount)),
            "image_size": .number(Double(member.imageSize)),
            "mean": .array(variant.mean.map { .number($0) }),
            "deviation": .array(variant.deviation.map { .number($0) }),
            "classes": .array(classes.map { .string($0) }),
            "embedding": .number(Double(settings.neck.embedding)),
            "configuration": [
                "member": try JSONValue(encoding: member), "train": try JSONValue(encoding: settings),
            ],
        ]
        description.merge(facts) { _, fact in fact }
        try AtomicFile.write(JSONValue.object(description).text, to: directory.appending(path: "model.json"))
    }

    /// The trainable numbers of backbone and neck; the head serves training alone.
    var parameterCount: Int {
        store.parameters.filter { !$0.name.hasPrefix("head.") }.reduce(0) { $0 + $1.tensor.count }
    }

    /// A loader of what the network expects.
    func loader(cacheLimit: Int) -> PhotographLoader {
        PhotographLoader(
            size: member.imageSize, normalisation: variant.normalisation, threads: Runtime.threadCount,
            cacheLimit: cacheLimit)
    }
}

extension BackboneCatalog.Variant {
    /// What the published weights expect of an image.
    var normalisation: Normalisation { Normalisation(mean: mean.map(Float.init), deviation: deviation.map(Float.init)) }
}

extension PixelBatch {
    /// The batch as `[N, 3, S, S]`, channels last in memory: convolutions are faster so.
    func tensor(on device: Device) throws -> Tensor {
        try Tensor(values, shape: [indices.count, 3, size, size], on: device).channelsLast()
    }
}
