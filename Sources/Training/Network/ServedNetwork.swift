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
    let fit: Fit

    fileprivate init(_ model: MemberModel) {
        network = model.network
        loader = model.loader(cacheLimit: 0)
        width = model.settings.neck.embedding
        fit = model.member.fit
    }

    fileprivate init(backbone: any Backbone, variant: BackboneCatalog.Variant, imageSize: Int, fit: Fit) {
        network = EmbeddingNetwork(backbone: backbone)
        loader = PhotographLoader(
            size: imageSize, fit: fit, normalisation: variant.normalisation, threads: Runtime.threadCount)
        width = backbone.featureCount
        self.fit = fit
    }
}

extension EmbedJob.Model {
    /// Builds the network and fills it.
    ///
    /// - Throws: ``FileError``, `ParameterError` for weights that do not fit, `TorchError`.
    func network(computing precision: Precision, on device: Device) throws -> ServedNetwork {
        switch self {
        case .trained(let directory):
            return ServedNetwork(try MemberModel.read(URL(filePath: directory), computing: precision, on: device))
        case .untrained(let member, let train, let seed):
            // The head is not used, so it is built for one class.
            return ServedNetwork(
                try MemberModel(
                    member: member, settings: train, seed: seed, classes: [AnimalClass(name: "", photographs: 1)],
                    computing: precision, on: device))
        case .backbone(let name, let weights, let imageSize, let fit):
            let variant = try BackboneCatalog.variant(name)
            let store = ParameterStore(seed: 0, on: device)
            let backbone = try variant.network(
                in: store.root.unfilled.computing(in: ScalarType(precision)), imageSize: imageSize)
            try variant.load(Safetensors.read(URL(filePath: weights)), into: store)
            return ServedNetwork(backbone: backbone, variant: variant, imageSize: imageSize, fit: fit)
        }
    }
}
