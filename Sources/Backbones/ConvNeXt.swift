import Networks
import Torch

/// ConvNeXt, with timm's names of parameters.
///
/// Its last map is pooled before normalisation: ``normalised(_:mode:)`` is timm's `head.norm`.
///
/// Source: Liu et al., CVPR 2022.
public struct ConvNeXt: Backbone {
    /// The settings that distinguish the variants.
    public struct Configuration: Sendable, Equatable {
        /// Blocks of each of the four stages.
        var depths: [Int]
        /// Channels of each stage.
        var widths: [Int]
        /// Whether the blocks store their matrices as 1×1 convolutions, as timm's small variants do.
        var hasConvolutionalMLP = false
    }

    static let normEpsilon = 1e-6
    /// The standard deviation of the initial weights.
    static let deviation = 0.02

    public let featureCount: Int
    public let earlierFeatureCount: Int
    private let stem: Conv2d
    private let stemNorm: LayerNorm
    private let stages: [ConvNeXtStage]
    private let headNorm: LayerNorm

    /// Creates the network.
    ///
    /// `stochasticDepth` is the rate at which training drops the last block, in `0..<1`. The rate rises linearly from 0
    /// at the first block.
    public init(_ configuration: Configuration, stochasticDepth: Double = 0, in scope: ParameterScope) throws {
        let (depths, widths) = (configuration.depths, configuration.widths)
        stem = try Conv2d(
            3, widths[0], kernel: 4, stride: 4, padding: .none, hasBias: true,
            weights: .normal(deviation: Self.deviation), in: scope / "stem" / 0)
        stemNorm = try LayerNorm(widths[0], epsilon: Self.normEpsilon, of: .maps, in: scope / "stem" / 1)
        var rates = StochasticDepth.rates(count: depths.reduce(0, +), last: stochasticDepth)[...]
        stages = try depths.indices.map { index in
            let stage = try ConvNeXtStage(
                widths[max(index - 1, 0)], widths[index], stochasticDepth: Array(rates.prefix(depths[index])),
                hasConvolutionalMLP: configuration.hasConvolutionalMLP, in: scope / "stages" / index)
            rates = rates.dropFirst(depths[index])
            return stage
        }
        featureCount = widths[widths.count - 1]
        earlierFeatureCount = widths[widths.count - 2]
        headNorm = try LayerNorm(featureCount, epsilon: Self.normEpsilon, in: scope / "head" / "norm")
    }

    /// The maps of the last two stages, shapes `[N, featureCount, …]` and `[N, earlierFeatureCount, …]`.
    public func features(_ images: Tensor, mode: Mode) throws -> FeatureMaps {
        var map = try stemNorm(stem(images, mode: mode), mode: mode)
        var beforeLast = map
        for stage in stages {
            beforeLast = map
            map = try stage(map, mode: mode)
        }
        return FeatureMaps(last: map, beforeLast: beforeLast)
    }

    /// Layer norm over the pooled map, shape `[N, featureCount]`: timm's `head.norm`.
    public func normalised(_ pooled: Tensor, mode: Mode) throws -> Tensor { try headNorm(pooled, mode: mode) }
}

/// The blocks of one resolution, after a convolution that halves the map unless the stage is the first.
struct ConvNeXtStage: Layer {
    private let downsampling: (norm: LayerNorm, convolution: Conv2d)?
    private let blocks: [ConvNeXtBlock]

    /// Creates a stage with one block for each rate of stochastic depth.
    init(
        _ inputs: Int, _ channels: Int, stochasticDepth rates: [Double], hasConvolutionalMLP: Bool,
        in scope: ParameterScope
    ) throws {
        let place = scope / "downsample"
        downsampling =
            inputs == channels
            ? nil
            : (
                try LayerNorm(inputs, epsilon: ConvNeXt.normEpsilon, of: .maps, in: place / 0),
                try Conv2d(
                    inputs, channels, kernel: 2, stride: 2, padding: .none, hasBias: true,
                    weights: .normal(deviation: ConvNeXt.deviation), in: place / 1)
            )
        blocks = try rates.enumerated().map { index, rate in
            try ConvNeXtBlock(
                channels, stochasticDepth: rate, hasConvolutionalMLP: hasConvolutionalMLP,
                in: scope / "blocks" / index)
        }
    }

    func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        var map = input
        if let downsampling { map = try downsampling.convolution(downsampling.norm(map, mode: mode), mode: mode) }
        for block in blocks { map = try block(map, mode: mode) }
        return map
    }
}

/// Filters each channel, then mixes the channels of each place over four times their number, and adds a scaled
/// difference to its input.
struct ConvNeXtBlock: Layer {
    private let filter: Conv2d
    private let norm: LayerNorm
    private let expand: Linear
    private let contract: Linear
    /// Layer scale (Touvron et al., ICCV 2021).
    private let scale: Parameter
    private let stochasticDepth: StochasticDepth

    init(
        _ channels: Int, stochasticDepth rate: Double, hasConvolutionalMLP: Bool, in scope: ParameterScope
    ) throws {
        let weights = InitialValue.normal(deviation: ConvNeXt.deviation)
        scale = try scope.parameter("gamma", [channels], .constant(1e-6))
        filter = try Conv2d(
            channels, channels, kernel: 7, groups: channels, hasBias: true, weights: weights, in: scope / "conv_dw")
        norm = try LayerNorm(channels, epsilon: ConvNeXt.normEpsilon, in: scope / "norm")
        let form = hasConvolutionalMLP ? Linear.WeightForm.convolution : .matrix
        expand = try Linear(channels, 4 * channels, form: form, weights: weights, in: scope / "mlp" / "fc1")
        contract = try Linear(4 * channels, channels, form: form, weights: weights, in: scope / "mlp" / "fc2")
        stochasticDepth = StochasticDepth(rate: rate)
    }

    func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        let vectors = try filter(input, mode: mode).permuted([0, 2, 3, 1])
        let hidden = try expand(norm(vectors, mode: mode), .gelu, mode: mode)
        return try contract(
            hidden, addedTo: input.permuted([0, 2, 3, 1]), through: stochasticDepth, scaledBy: scale, mode: mode
        ).permuted([0, 3, 1, 2])
    }
}

extension ConvNeXt {
    /// The variants, smallest first; atto to nano are timm's own.
    static let variants = [
        variant("atto", [2, 2, 6, 2], [40, 80, 160, 320], hasConvolutionalMLP: true),
        variant("femto", [2, 2, 6, 2], [48, 96, 192, 384], hasConvolutionalMLP: true),
        variant("pico", [2, 2, 6, 2], [64, 128, 256, 512], hasConvolutionalMLP: true),
        variant("nano", [2, 2, 8, 2], [80, 160, 320, 640], hasConvolutionalMLP: true),
        variant("tiny", [3, 3, 9, 3], [96, 192, 384, 768]),
        variant("small", [3, 3, 27, 3], [96, 192, 384, 768]),
        variant("base", [3, 3, 27, 3], [128, 256, 512, 1024]),
        variant("large", [3, 3, 27, 3], [192, 384, 768, 1536]),
    ]

    private static func variant(
        _ name: String, _ depths: [Int], _ widths: [Int], hasConvolutionalMLP: Bool = false
    ) -> BackboneCatalog.Variant {
        let configuration = Configuration(depths: depths, widths: widths, hasConvolutionalMLP: hasConvolutionalMLP)
        return .init(
            "convnext_\(name)", imageSize: 224, statistics: .imageNet, exceptions: ["clip_": .clip],
            licence: .init(
                "apache-2.0",
                exceptions: ["dinov3": "dinov3-license", "eupe": "fair-noncommercial-research-license"]),
            classifier: "head.fc"
        ) { scope, _, stochasticDepth in
            try ConvNeXt(configuration, stochasticDepth: stochasticDepth, in: scope)
        }
    }
}
