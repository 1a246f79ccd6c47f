import Torch

/// The maps of a backbone's last two stages.
public struct FeatureMaps {
    /// The map that the published network's classifier pools, shape `[N, featureCount, S/32, S/32]`.
    public let last: Tensor
    /// The map of the stage before the last, shape `[N, earlierFeatureCount, S/16, S/16]`: finer and more local.
    public let beforeLast: Tensor

    /// Joins the maps.
    public init(last: Tensor, beforeLast: Tensor) {
        self.last = last
        self.beforeLast = beforeLast
    }

    /// Both as float32 if they are half precision.
    func widened() throws -> FeatureMaps { FeatureMaps(last: try last.widened(), beforeLast: try beforeLast.widened()) }
}

/// Turns a photograph into feature maps; the names of its parameters are timm's.
public protocol Backbone: Layer {
    /// The channels of the last map: `[N, 3, S, S]` becomes `[N, featureCount, S/32, S/32]`.
    var featureCount: Int { get }

    /// The channels of the map before the last, `[N, earlierFeatureCount, S/16, S/16]`; timm's `out_indices` -2.
    var earlierFeatureCount: Int { get }

    /// The maps of the last two stages for images `[N, 3, S, S]`, normalised as the variant's weights expect.
    func features(_ images: Tensor, mode: Mode) throws -> FeatureMaps

    /// The operation between the pooled last map `[N, featureCount]` and the classifier of the published network, such
    /// as a layer norm.
    ///
    /// - Returns: The same shape; by default the same numbers.
    func normalised(_ pooled: Tensor, mode: Mode) throws -> Tensor
}

extension Backbone {
    /// The last map.
    public func callAsFunction(_ images: Tensor, mode: Mode) throws -> Tensor { try features(images, mode: mode).last }

    /// Returns the pooled map unchanged, since most networks have nothing before their classifier.
    public func normalised(_ pooled: Tensor, mode: Mode) throws -> Tensor { pooled }
}
