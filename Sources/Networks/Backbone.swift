import Torch

/// The maps of a backbone's last two stages.
public struct FeatureMaps {
    /// What the classifier of the published network would pool, shape `[N, featureCount, S/32, S/32]`.
    public let last: Tensor
    /// What the stage before the last gives, shape `[N, earlierFeatureCount, S/16, S/16]`: finer, and more local.
    public let beforeLast: Tensor

    /// Joins the maps.
    public init(last: Tensor, beforeLast: Tensor) {
        self.last = last
        self.beforeLast = beforeLast
    }

    /// Both as float32 where they are half precision.
    func widened() throws -> FeatureMaps { FeatureMaps(last: try last.widened(), beforeLast: try beforeLast.widened()) }
}

/// What turns a photograph into maps of features; the names of its parameters are timm's.
public protocol Backbone: Layer {
    /// The channels of the last map: `[N, 3, S, S]` becomes `[N, featureCount, S/32, S/32]`.
    var featureCount: Int { get }

    /// The channels of the map before, `[N, earlierFeatureCount, S/16, S/16]`; timm's `out_indices` -2.
    var earlierFeatureCount: Int { get }

    /// The maps of the last two stages.
    ///
    /// - Parameter images: Shape `[N, 3, S, S]`, normalised as the variant's weights expect.
    func features(_ images: Tensor, mode: Mode) throws -> FeatureMaps

    /// What lies between the pooled last map and the classifier of the published network, such as a layer norm.
    ///
    /// - Parameter pooled: Shape `[N, featureCount]`.
    /// - Returns: The same shape; by default the same numbers.
    func normalised(_ pooled: Tensor, mode: Mode) throws -> Tensor
}

extension Backbone {
    /// The last map.
    public func callAsFunction(_ images: Tensor, mode: Mode) throws -> Tensor { try features(images, mode: mode).last }

    /// The pooled map as it is: most networks have nothing before their classifier.
    public func normalised(_ pooled: Tensor, mode: Mode) throws -> Tensor { pooled }
}
