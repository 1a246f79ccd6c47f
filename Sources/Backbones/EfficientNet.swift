import Foundation
import Networks
import Torch

/// EfficientNet and its lite form, with timm's names of parameters.
///
/// Source: Tan and Le, ICML 2019; the lite form: tensorflow/tpu, efficientnet/lite.
public struct EfficientNet: Backbone {
    /// How a variant differs from B0.
    public struct Configuration: Sendable, Equatable {
        var channelMultiplier = 1.0
        var depthMultiplier = 1.0
        /// No squeeze-and-excitation, ReLU6, and a stem, head, first and last stage that do not scale.
        var isLite = false
        var padding = Padding.symmetric
        var normEpsilon = 1e-5

        /// Creates a configuration.
        public init(
            channelMultiplier: Double = 1, depthMultiplier: Double = 1, isLite: Bool = false,
            padding: Padding = .symmetric, normEpsilon: Double = 1e-5
        ) {
            self.channelMultiplier = channelMultiplier
            self.depthMultiplier = depthMultiplier
            self.isLite = isLite
            self.padding = padding
            self.normEpsilon = normEpsilon
        }

        /// Channels times the multiplier, to the next multiple of 8 that loses no more than a tenth.
        func channels(_ base: Int) -> Int {
            let wanted = Double(base) * channelMultiplier
            let rounded = max(8, Int(wanted + 4) / 8 * 8)
            return Double(rounded) < 0.9 * wanted ? rounded + 8 : rounded
        }
    }

    /// One stage of B0: how often the block repeats, its kernel, stride, expansion and output channels.
    private static let stages: [(repeats: Int, kernel: Int, stride: Int, expansion: Int, channels: Int)] = [
        (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192),
        (1, 3, 1, 6, 320),
    ]

    public let featureCount: Int
    public let earlierFeatureCount: Int
    private let stem: Conv2d
    private let stemNorm: BatchNorm
    /// Up to the last stage that halves the map, and from there on.
    private let blocks: (earlier: [InvertedResidual], last: [InvertedResidual])
    private let head: Conv2d
    private let headNorm: BatchNorm
    private let activation: Activation

    /// Creates the network.
    public init(_ configuration: Configuration, in scope: ParameterScope) throws {
        activation = configuration.isLite ? .relu6 : .silu
        let stemChannels = configuration.isLite ? 32 : configuration.channels(32)
        stem = try Conv2d(
            3, stemChannels, kernel: 3, stride: 2, padding: configuration.padding, in: scope / "conv_stem")
        stemNorm = try BatchNorm(stemChannels, epsilon: configuration.normEpsilon, in: scope / "bn1")
        var stages: [[InvertedResidual]] = []
        var channels = stemChannels
        for (index, stage) in Self.stages.enumerated() {
            var blocks: [InvertedResidual] = []
            let isEnd = index == 0 || index == Self.stages.count - 1
            let scales = !(configuration.isLite && isEnd)
            let repeats =
                scales ? Int((Double(stage.repeats) * configuration.depthMultiplier).rounded(.up)) : stage.repeats
            for position in 0..<repeats {
                let output = configuration.channels(stage.channels)
                blocks.append(
                    try InvertedResidual(
                        channels, output, kernel: stage.kernel, stride: position == 0 ? stage.stride : 1,
                        expansion: stage.expansion, configuration: configuration, activation: activation,
                        in: scope / "blocks" / index / position))
                channels = output
            }
            stages.append(blocks)
        }
        let split = Self.stages.lastIndex { $0.stride == 2 } ?? 0
        blocks = (stages[..<split].flatMap(\.self), stages[split...].flatMap(\.self))
        earlierFeatureCount = configuration.channels(Self.stages[split - 1].channels)
        featureCount = configuration.isLite ? 1280 : configuration.channels(1280)
        head = try Conv2d(channels, featureCount, kernel: 1, in: scope / "conv_head")
        headNorm = try BatchNorm(featureCount, epsilon: configuration.normEpsilon, in: scope / "bn2")
    }

    public func features(_ images: Tensor, mode: Mode) throws -> FeatureMaps {
        var map = try activation(stemNorm(stem(images, mode: mode), mode: mode))
        for block in blocks.earlier { map = try block(map, mode: mode) }
        let beforeLast = map
        for block in blocks.last { map = try block(map, mode: mode) }
        let last = try activation(headNorm(head(map, mode: mode), mode: mode))
        return FeatureMaps(last: last, beforeLast: beforeLast)
    }
}

/// The nonlinearity of a family.
enum Activation {
    case relu6, silu

    func callAsFunction(_ input: Tensor) throws -> Tensor {
        switch self {
        case .relu6: try input.relu6()
        case .silu: try input.silu()
        }
    }
}

/// Expands the channels, filters each, weighs them, and contracts them again; around it runs the identity where the
/// shape stays. Without expansion the first step falls away (timm calls that one depthwise-separable).
///
/// Source: Sandler et al., CVPR 2018 (MobileNetV2).
struct InvertedResidual: Layer {
    private let expand: (convolution: Conv2d, norm: BatchNorm)?
    private let filter: (convolution: Conv2d, norm: BatchNorm)
    private let gate: SqueezeExcite?
    private let contract: (convolution: Conv2d, norm: BatchNorm)
    private let activation: Activation
    private let hasShortcut: Bool

    init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int, expansion: Int,
        configuration: EfficientNet.Configuration, activation: Activation, in scope: ParameterScope
    ) throws {
        let middle = inputs * expansion
        let expands = expansion > 1
        func norm(_ channels: Int, _ name: String) throws -> BatchNorm {
            try BatchNorm(channels, epsilon: configuration.normEpsilon, in: scope / name)
        }
        expand = expands ? (try Conv2d(inputs, middle, kernel: 1, in: scope / "conv_pw"), try norm(middle, "bn1")) : nil
        filter = (
            try Conv2d(
                middle, middle, kernel: kernel, stride: stride, groups: middle, padding: configuration.padding,
                in: scope / "conv_dw"),
            try norm(middle, expands ? "bn2" : "bn1")
        )
        // timm rounds half to even here, as Python does.
        let reduced = Int((Double(inputs) * 0.25).rounded(.toNearestOrEven))
        gate =
            configuration.isLite
            ? nil : try SqueezeExcite(channels: middle, reducedTo: max(1, reduced), in: scope / "se")
        contract = (
            try Conv2d(middle, outputs, kernel: 1, in: scope / (expands ? "conv_pwl" : "conv_pw")),
            try norm(outputs, expands ? "bn3" : "bn2")
        )
        self.activation = activation
        hasShortcut = stride == 1 && inputs == outputs
    }

    func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        var features = input
        if let expand {
            features = try activation(expand.norm(expand.convolution(features, mode: mode), mode: mode))
        }
        features = try activation(filter.norm(filter.convolution(features, mode: mode), mode: mode))
        if let gate { features = try gate(features, mode: mode) }
        features = try contract.norm(contract.convolution(features, mode: mode), mode: mode)
        return hasShortcut ? try features + input : features
    }
}
