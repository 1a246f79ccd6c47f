import Torch

/// Deep orthogonal fusion of local and global features.
///
/// The local branch is the map before the last through ``MultiAtrous`` and ``LocalAttention``; the global vector is the
/// last map's generalised mean through a linear layer. What the local features have in the global one's direction is
/// taken out of them; their mean over the map and the global vector are concatenated. Names are those of the authors'
/// code.
///
/// Source: Yang et al., ICCV 2021.
public struct DOLGPooling: Pooling {
    /// What the local features' product with the global vector g is divided by.
    public enum Projection: Sendable {
        /// |g|²: the remainder is orthogonal to g, as the paper has it.
        case paper
        /// |g|, as the 3rd-place code had it: the remainder is orthogonal only to a g of unit length.
        case writeUp
    }

    public let featureCount: Int
    private let atrous: MultiAtrous
    private let attention: LocalAttention
    private let globalPooling: any Layer
    private let globalProjection: Linear
    private let projection: Projection

    /// Creates the pooling for the maps of a backbone; local and global part have the channels of the map before.
    ///
    /// - Parameter pooling: Of the last map, from `[N, C, H, W]` to `[N, C]`.
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

    /// The mean over the map of the local features less their projection, then the global vector.
    ///
    /// - Parameters:
    ///   - local: Shape `[N, C, H, W]`.
    ///   - global: Shape `[N, C]`.
    /// - Returns: Shape `[N, 2C]`.
    static func fused(local: Tensor, global: Tensor, projection: Projection) throws -> Tensor {
        let remainder = try remainder(of: local, without: global, projection: projection)
        return try .concatenated([remainder.mean(over: [2, 3]), global], along: 1)
    }

    /// Local features less their projection on the global vector, shape `[N, C, H, W]`.
    static func remainder(of local: Tensor, without global: Tensor, projection: Projection) throws -> Tensor {
        let type = local.type
        let (local, global) = try (local.widened(), global.widened())
        let direction = try global.reshaped(global.shape + [1, 1])
        // The clamp keeps a vector of zeros, and the root's gradient there, finite.
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
