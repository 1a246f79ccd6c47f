import Backbones
import Basics
import Configuration
import Foundation
import Imaging
import Jobs
import Networks
import Torch

/// A network for embedding photographs.
struct ServedNetwork {
    let network: EmbeddingNetwork
    /// Loads photographs in the form that the network expects.
    let loader: PhotographLoader
    /// The length of an embedding.
    let width: Int

    fileprivate init(_ model: MemberModel) throws {
        network = model.network
        loader = try model.loader(cacheLimit: 0)
        width = model.settings.neck.embedding
    }

    fileprivate init(
        backbone: any Backbone, variant: BackboneCatalog.Variant, member: MemberSettings, on device: Device
    ) throws {
        let pooling: (any Pooling)? =
            switch member.features {
            case nil: nil
            case .token: try ClassTokenPooling(backbone)
            case .average: LastMapPooling(featureCount: backbone.featureCount, by: AveragePooling())
            }
        network = try EmbeddingNetwork(backbone: backbone, pooling: pooling)
        loader = try member.loader(for: variant, feeding: device, cacheLimit: 0)
        width = backbone.featureCount
    }
}

extension EmbedJob.Model {
    /// Builds the network and fills it.
    ///
    /// - Throws: ``FileError``, `ParameterError` for weights that do not fit, `TorchError`.
    func network(computing precision: Precision, on device: Device) throws -> ServedNetwork {
        switch self {
        case .trained(let directory):
            return try ServedNetwork(MemberModel.read(URL(filePath: directory), computing: precision, on: device))
        case .untrained(let member, let train, let seed):
            // The head is not used, so it is built for one class.
            return try ServedNetwork(
                MemberModel(
                    member: member, settings: train, seed: seed, classes: [AnimalClass(name: "", photographs: 1)],
                    computing: precision, on: device))
        case .backbone(let member):
            let variant = try BackboneCatalog.variant(member.backbone)
            let store = ParameterStore(seed: 0, on: device)
            let backbone = try variant.network(
                in: store.root.unfilled.computing(in: ScalarType(precision)), imageSize: member.imageSize)
            guard case .whole(let weights) = member.weights else { throw BackboneError.noParts(name: variant.name) }
            try variant.load(WeightsFile.read(URL(filePath: weights)), into: store)
            return try ServedNetwork(backbone: backbone, variant: variant, member: member, on: device)
        }
    }
}
