import Torch

/// Deep orthogonal fusion of local and global features.
///
/// The local branch is the map before the last through ``MultiAtrous`` and ``LocalAttention``; the global vector is the
/// last map's generalised mean through a linear layer. The local features lose their component in the direction of the
/// global vector; their mean over the map and the global vector are concatenated. Names are those of the authors' code.
///
/// Source: Yang et al., ICCV 2021.
public struct DOLGPooling: Pooling {
    /// The divisor of the local features' product with the global vector g.
    public enum Projection: Sendable {
        /// |g|², as in the paper: the remainder is orthogonal to g.
        case paper
        /// |g|, as in the 3rd-place code: the remainder is orthogonal only to a g of unit length.
        case writeUp
    }

    public let featureCount: Int
    private let atrous: MultiAtrous
    private let attention: LocalAttention
    private let globalPooling: any Layer
    private let globalProjection: Linear
    private let projection: Projection

    /// Creates the pooling for the maps of a backbone; the local and the global part have the channels of the map
    /// before the last. `pooling` turns the last map, `[N, C, H, W]`, into `[N, C]`.
    public init(
        _ backbone: any Backbone, pooling: any Layer, dilations: [Int], projection: Projection,
        in scope: ParameterScope
    ) throws {
        let channels = backbone.earlierFeatureCount
        featureCount = 2 * channels
        atrous = try MultiAtrous(channels: channels, dilations: dilations, in: scope / "localmodel" / "aspp")
        attention = try LocalAttention(channels: channels, in: scope / "localmodel")
        globalPooling = pooling
        globalProjection = try Linear(backbone.featureCount, channels, in: scope / "fc_t")
        self.projection = projection
    }

    public func callAsFunction(
        _ maps: FeatureMaps, mode: Mode, normalised: (Tensor) throws -> Tensor
    ) throws -> Tensor {
        let local = try attention(atrous(maps.beforeLast, mode: mode), mode: mode)
        let global = try globalProjection(normalised(globalPooling(maps.last, mode: mode)), mode: mode)
        return try Self.fused(local: local, global: global, projection: projection)
    }

    /// The mean over the map of the local features `[N, C, H, W]` minus their projection, then the global vector
    /// `[N, C]`: shape `[N, 2C]`.
    static func fused(local: Tensor, global: Tensor, projection: Projection) throws -> Tensor {
        let remainder = try remainder(of: local, without: global, projection: projection)
        return try .concatenated([remainder.mean(over: [2, 3]), global], along: 1)
    }

    /// The local features minus their projection on the global vector, shape `[N, C, H, W]`.
    static func remainder(of local: Tensor, without global: Tensor, projection: Projection) throws -> Tensor {
        let type = local.type
        let (local, global) = try (local.widened(), global.widened())
        let direction = try global.reshaped(global.shape + [1, 1])
        // The clamp keeps the result for a zero vector, and the root's gradient there, finite.
        let squared = try (direction * direction).sum(over: [1], keeping: true).clamped(from: 1e-24)
        let divisor =
            switch projection {
            case .paper: squared
            case .writeUp: try squared.squareRoot()
            }
        let share = try (local * direction).sum(over: [1], keeping: true) / divisor
        return try (local - share * direction).cast(to: type)
    }
}

/// Features of unit length, each place weighted by its own score.
///
/// A batch-normalised 1 × 1 convolution gives the features, which are normalised over the channels; a second
/// convolution of the rectified features, through softplus, gives the score.
///
/// Names are those of the DOLG authors' code.
///
/// Source: Yang et al., ICCV 2021, section 3.2, after Noh et al., ICCV 2017 (DELF).
public struct LocalAttention: Layer {
    private let transform: Conv2d
    private let norm: BatchNorm
    private let score: Conv2d

    /// Creates the layer from and to `[N, channels, H, W]`.
    public init(channels: Int, in scope: ParameterScope) throws {
        transform = try Conv2d(channels, channels, kernel: 1, hasBias: true, in: scope / "conv1")
        norm = try BatchNorm(channels, in: scope / "bn")
        score = try Conv2d(channels, 1, kernel: 1, hasBias: true, in: scope / "conv2")
    }

    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        let features = try norm(transform(input, mode: mode), mode: mode)
        let weight = try score(features.relu(), mode: mode).softplus()
        // In half precision the squares of small features are 0, so the length would be 0 too.
        return try features.widened().unitLength(over: 1).cast(to: features.type) * weight
    }
}

/// Several dilated convolutions of a map in parallel, with the mean of the whole map.
///
/// A 1 × 1 convolution, one 3 × 3 convolution a dilation and the mean, all concatenated, contracted and rectified.
/// Names are those of the DOLG authors' code.
///
/// Source: Yang et al., ICCV 2021, section 3.2; Chen et al., arXiv 1706.05587 (atrous spatial pyramid pooling).
public struct MultiAtrous: Layer {
    private let branches: [Conv2d]
    private let pooled: Conv2d
    private let contract: Conv2d

    /// Creates the layer from and to `[N, channels, H, W]`; each branch has half the channels, as in the authors' code.
    public init(channels: Int, dilations: [Int], in scope: ParameterScope) throws {
        let width = max(1, channels / 2)
        // Dilation has no effect on the first, which has one tap.
        branches = try ([nil] + dilations).enumerated().map { index, dilation in
            try Conv2d(
                channels, width, kernel: dilation == nil ? 1 : 3, dilation: dilation ?? 1, hasBias: true,
                in: scope / "aspp" / index)
        }
        pooled = try Conv2d(channels, width, kernel: 1, hasBias: true, in: scope / "im_pool" / 1)
        contract = try Conv2d(
            width * (branches.count + 1), channels, kernel: 1, hasBias: true, in: scope / "conv_after" / 0)
    }

    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        let mean = try pooled(input.mean(over: [2, 3], keeping: true), mode: mode).relu()
        let whole = try mean.expanded(to: [mean.shape[0], mean.shape[1]] + input.shape[2...])
        let parts = try [whole] + branches.map { try $0(input, mode: mode) }
        return try contract(.concatenated(parts, along: 1), mode: mode).relu()
    }
}
