import Networks
import Torch

/// MiewID: an EfficientNet whose last map becomes a vector by a generalised mean with a learned exponent and batch
/// norm, with the published names of parameters.
///
/// Source: Otarashvili et al., arXiv 2412.05602; `modeling_miewid.py` of huggingface.co/conservationxlabs/miewid-msv3.
public struct MiewID: Backbone {
    public var featureCount: Int { network.featureCount }
    public var earlierFeatureCount: Int { network.earlierFeatureCount }
    public let pooling: any Pooling
    private let network: EfficientNet
    private let norm: BatchNorm

    /// Creates the network; its parts `backbone`, `pooling` and `bn` are below the scope.
    ///
    /// `stochasticDepth` is the rate at which training drops the last block, in `0..<1`.
    public init(
        over configuration: EfficientNet.Configuration, stochasticDepth: Double = 0, in scope: ParameterScope
    ) throws {
        network = try EfficientNet(configuration, stochasticDepth: stochasticDepth, in: scope / "backbone")
        pooling = LastMapPooling(featureCount: network.featureCount, by: try GeMPooling(in: scope / "pooling"))
        norm = try BatchNorm(network.featureCount, in: scope / "bn")
    }

    /// The maps of the last two stages.
    public func features(_ images: Tensor, mode: Mode) throws -> FeatureMaps {
        try network.features(images, mode: mode)
    }

    /// Batch norm of the pooled map, shape `[N, featureCount]`.
    public func normalised(_ pooled: Tensor, mode: Mode) throws -> Tensor { try norm(pooled, mode: mode) }
}

extension MiewID {
    /// The published variant: its classes are not part of the network, and its weights have no stated licence.
    static let variants: [BackboneCatalog.Variant] = [
        .init(
            "miewid_efficientnetv2_rw_m", imageSize: 440, statistics: .imageNet, licence: .init(nil),
            classifier: "final"
        ) { scope, _, stochasticDepth in
            try MiewID(over: .v2MediumFromFigures, stochasticDepth: stochasticDepth, in: scope)
        }
    ]
}
