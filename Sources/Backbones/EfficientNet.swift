import Networks
import Torch

/// EfficientNet, its lite form and its second version, with timm's names of parameters.
///
/// Source: Tan and Le, ICML 2019 and ICML 2021; the lite form: tensorflow/tpu, efficientnet/lite.
public struct EfficientNet: Backbone {
    /// The blocks of one resolution.
    struct Stage: Sendable, Equatable {
        let block: BlockKind
        var repeats: Int
        let kernel: Int
        /// Of the first block; the others keep the size.
        let stride: Int
        /// The inner channels of a block over its input's.
        let expansion: Int
        var channels: Int
        /// Whether squeeze-and-excitation weighs the channels.
        var hasGate: Bool
    }

    /// All that tells one variant from another.
    public struct Configuration: Sendable, Equatable {
        var stem: Int
        var stages: [Stage]
        /// The channels that a last 1×1 convolution makes; without one the last stage's map is the network's.
        var head: Int?
        var activation = Activation.silu
        var padding = Padding.symmetric
        var normEpsilon = 1e-5
    }

    public let featureCount: Int
    public let earlierFeatureCount: Int
    private let stem: NormedConvolution
    /// Up to the last stage that halves the map, and from there on.
    private let blocks: (earlier: [MobileBlock], last: [MobileBlock])
    private let head: NormedConvolution?

    /// Creates the network.
    ///
    /// - Parameter stochasticDepth: The rate at which the last block is left out, in `0..<1`; from the first block,
    ///   which never is, the rate rises linearly.
    public init(_ configuration: Configuration, stochasticDepth: Double = 0, in scope: ParameterScope) throws {
        let style = ConvolutionStyle(padding: configuration.padding, normEpsilon: configuration.normEpsilon)
        stem = try NormedConvolution(
            3, configuration.stem, kernel: 3, stride: 2, activation: configuration.activation, style: style,
            in: scope, names: ("conv_stem", "bn1"))
        let split = configuration.stages.lastIndex { $0.stride == 2 } ?? 0
        let total = configuration.stages.reduce(0) { $0 + $1.repeats }
        var blocks: (earlier: [MobileBlock], last: [MobileBlock]) = ([], [])
        var channels = configuration.stem
        var earlierChannels = channels
        for (index, stage) in configuration.stages.enumerated() {
            if index == split { earlierChannels = channels }
            for position in 0..<stage.repeats {
                let rate = stochasticDepth * Double(blocks.earlier.count + blocks.last.count) / Double(total)
                let block = try MobileBlock(
                    channels, stage, isFirst: position == 0, activation: configuration.activation, style: style,
                    stochasticDepth: rate, in: scope / "blocks" / index / position)
                if index < split { blocks.earlier.append(block) } else { blocks.last.append(block) }
                channels = stage.channels
            }
        }
        self.blocks = blocks
        earlierFeatureCount = earlierChannels
        featureCount = configuration.head ?? channels
        head = try configuration.head.map { width in
            try NormedConvolution(
                channels, width, kernel: 1, activation: configuration.activation, style: style, in: scope,
                names: ("conv_head", "bn2"))
        }
    }

    /// The maps of the last two stages, shapes `[N, featureCount, …]` and `[N, earlierFeatureCount, …]`.
    public func features(_ images: Tensor, mode: Mode) throws -> FeatureMaps {
        var map = try stem(images, mode: mode)
        for block in blocks.earlier { map = try block(map, mode: mode) }
        let beforeLast = map
        for block in blocks.last { map = try block(map, mode: mode) }
        return FeatureMaps(last: try head?(map, mode: mode) ?? map, beforeLast: beforeLast)
    }
}
