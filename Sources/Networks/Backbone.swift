import Torch

/// The maps of a backbone's last two stages, or of the last two blocks of a vision transformer.
public struct FeatureMaps {
    /// The result of the class token of a vision transformer.
    public struct ClassToken {
        /// The token after the last norm, shape `[N, featureCount]`.
        public let token: Tensor
        /// The map of patches that the last attention reads, after its norm, shape `[N, featureCount, S/P, S/P]`: the
        /// last map that the token depends on.
        public let source: Tensor

        /// Joins both.
        public init(token: Tensor, source: Tensor) {
            self.token = token
            self.source = source
        }
    }

    /// The map that the published network's classifier pools, shape `[N, featureCount, S/32, S/32]`; for patches of P
    /// pixels `[N, featureCount, S/P, S/P]`.
    public let last: Tensor
    /// The map of the stage before the last, shape `[N, earlierFeatureCount, S/16, S/16]`: finer and more local; for
    /// patches the map of the block before the last, `[N, earlierFeatureCount, S/P, S/P]`.
    public let beforeLast: Tensor
    /// Nil for networks without a class token.
    public let classToken: ClassToken?

    /// Joins the maps.
    public init(last: Tensor, beforeLast: Tensor, classToken: ClassToken? = nil) {
        self.last = last
        self.beforeLast = beforeLast
        self.classToken = classToken
    }

    /// All as float32 if they are half precision.
    func widened() throws -> FeatureMaps {
        FeatureMaps(
            last: try last.widened(), beforeLast: try beforeLast.widened(),
            classToken: try classToken.map {
                ClassToken(token: try $0.token.widened(), source: try $0.source.widened())
            })
    }
}

/// Turns a photograph into feature maps; the names of its parameters are timm's.
public protocol Backbone: Layer {
    /// The channels of the last map: `[N, 3, S, S]` becomes `[N, featureCount, S/32, S/32]`, or `[N, featureCount, S/P,
    /// S/P]` with patches of P pixels.
    var featureCount: Int { get }

    /// The channels of the map before the last, timm's `out_indices` -2.
    var earlierFeatureCount: Int { get }

    /// Whether its maps have a class token.
    var hasClassToken: Bool { get }

    /// How the published network pools its maps for its classifier.
    var pooling: any Pooling { get throws }

    /// The last two maps of images `[N, 3, S, S]`, normalised as the variant's weights expect.
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

    /// None, as most networks.
    public var hasClassToken: Bool { false }

    /// The mean of the last map, as most networks do.
    public var pooling: any Pooling { LastMapPooling(featureCount: featureCount, by: AveragePooling()) }

    /// Returns the pooled map unchanged, since most networks have nothing before their classifier.
    public func normalised(_ pooled: Tensor, mode: Mode) throws -> Tensor { pooled }
}
