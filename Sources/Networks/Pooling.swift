import Torch

/// Combines a backbone's maps into one vector.
public protocol Pooling {
    /// The length of the vector.
    var featureCount: Int { get }

    /// Whether it uses the class token and not the maps.
    var usesClassToken: Bool { get }

    /// Pools the maps of a batch: shape `[N, featureCount]`.
    ///
    /// `normalised` is the backbone's normalisation of its pooled last map; see ``Backbone/normalised(_:mode:)``.
    func callAsFunction(
        _ maps: FeatureMaps, mode: Mode, normalised: (Tensor) throws -> Tensor
    ) throws -> Tensor
}

extension Pooling {
    /// False, because most use the maps.
    public var usesClassToken: Bool { false }
}

/// The class token of a vision transformer.
public struct ClassTokenPooling: Pooling {
    public let featureCount: Int
    public var usesClassToken: Bool { true }

    /// Creates the pooling for a backbone.
    ///
    /// - Throws: ``PoolingError/noClassToken``.
    public init(_ backbone: any Backbone) throws {
        guard backbone.hasClassToken else { throw PoolingError.noClassToken }
        featureCount = backbone.featureCount
    }

    public func callAsFunction(
        _ maps: FeatureMaps, mode: Mode, normalised: (Tensor) throws -> Tensor
    ) throws -> Tensor {
        guard let classToken = maps.classToken else { throw PoolingError.noClassToken }
        return try normalised(classToken.token)
    }
}

/// A pooling that a backbone does not allow.
public enum PoolingError: Error, Equatable, CustomStringConvertible {
    case noClassToken

    public var description: String {
        "The pooling is token, but the backbone has no class token. Choose gem or average, or a vision transformer."
    }
}

/// Pools the last map by a layer from `[N, C, H, W]` to `[N, C]`.
public struct LastMapPooling: Pooling {
    public let featureCount: Int
    private let pooling: any Layer

    /// Creates the pooling of a map of `featureCount` channels.
    public init(featureCount: Int, by pooling: any Layer) {
        self.featureCount = featureCount
        self.pooling = pooling
    }

    public func callAsFunction(
        _ maps: FeatureMaps, mode: Mode, normalised: (Tensor) throws -> Tensor
    ) throws -> Tensor {
        try normalised(pooling(maps.last, mode: mode))
    }
}

/// The maps of the last two stages, each pooled by its own layer, concatenated.
///
/// Source: the 2nd place of "Where's Whale-do?", with generalised means.
public struct TwoMapPooling: Pooling {
    public let featureCount: Int
    private let earlier: any Layer
    private let last: any Layer

    /// Creates the pooling for the maps of a backbone.
    public init(_ backbone: any Backbone, earlier: any Layer, last: any Layer) {
        featureCount = backbone.earlierFeatureCount + backbone.featureCount
        self.earlier = earlier
        self.last = last
    }

    public func callAsFunction(
        _ maps: FeatureMaps, mode: Mode, normalised: (Tensor) throws -> Tensor
    ) throws -> Tensor {
        let parts = try [earlier(maps.beforeLast, mode: mode), normalised(last(maps.last, mode: mode))]
        return try .concatenated(parts, along: 1)
    }
}

/// The mean over the map: `[N, C, H, W]` becomes `[N, C]`.
public struct AveragePooling: Layer {
    /// Creates the layer.
    public init() {}

    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor { try input.mean(over: [2, 3]) }
}

/// Generalised-mean pooling: (mean of max(x, ε)^p)^(1/p), `[N, C, H, W]` becomes `[N, C]`.
///
/// p = 1 is the mean, p → ∞ the maximum. Powers are computed in float32 at least, because ε^p is 0 in half precision.
///
/// Source: Radenovic, Tolias, Chum, TPAMI 2018.
public struct GeMPooling: Layer {
    private enum Exponent {
        case learned(Parameter)
        case fixed(Double)
    }

    private static let epsilon = 1e-6
    private let exponent: Exponent

    /// Creates the layer with a learned exponent, the parameter `p`, which starts from `p`.
    public init(p: Double = 3, in scope: ParameterScope) throws {
        exponent = .learned(try scope.parameter("p", [1], .constant(p)))
    }

    /// Creates the layer with a fixed exponent.
    public init(fixed p: Double) { exponent = .fixed(p) }

    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        let clamped = try input.widened().clamped(from: Self.epsilon)
        let pooled =
            switch exponent {
            case .learned(let parameter):
                try clamped.power(parameter.value(mode)).mean(over: [2, 3]).power(parameter.value(mode).power(-1))
            case .fixed(let p): try clamped.power(p).mean(over: [2, 3]).power(1 / p)
            }
        return try pooled.cast(to: input.type)
    }
}
