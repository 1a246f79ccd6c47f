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
        /// The stride of the first block; the others keep the size.
        let stride: Int
        /// The ratio of a block's inner channels to its input's.
        let expansion: Int
        var channels: Int
        /// Whether squeeze-and-excitation weights the channels.
        var hasGate: Bool
    }

    /// The settings that distinguish the variants.
    public struct Configuration: Sendable, Equatable {
        var stem: Int
        var stages: [Stage]
        /// The output channels of a last 1×1 convolution; without one, the last stage's map is the network's.
        var head: Int?
        var activation = Activation.silu
        var padding = Padding.symmetric
        var normEpsilon = 1e-5
    }

    public let featureCount: Int
    public let earlierFeatureCount: Int
    private let stem: NormedConvolution
    /// The blocks before the last stage that halves the map, and the rest.
    private let blocks: (earlier: [MobileBlock], last: [MobileBlock])
    private let head: NormedConvolution?

    /// Creates the network.
    ///
    /// `stochasticDepth` is the rate at which training drops the last block, in `0..<1`. The rate rises linearly from 0
    /// at the first block.
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

/// The settings common to the convolutions of one network.
struct ConvolutionStyle {
    let padding: Padding
    let normEpsilon: Double
}

/// A convolution, batch norm, and an optional nonlinearity.
struct NormedConvolution: Layer {
    private let convolution: Conv2d
    private let norm: BatchNorm
    private let activation: Activation?

    init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1, activation: Activation?,
        style: ConvolutionStyle, in scope: ParameterScope, names: (convolution: String, norm: String)
    ) throws {
        convolution = try Conv2d(
            inputs, outputs, kernel: kernel, stride: stride, groups: groups, padding: style.padding,
            in: scope / names.convolution)
        norm = try BatchNorm(outputs, epsilon: style.normEpsilon, in: scope / names.norm)
        self.activation = activation
    }

    func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        try convolution(input, normalisedBy: norm, activation, mode: mode)
    }
}

/// How a block mixes space and channels.
enum BlockKind: Sendable {
    /// One convolution.
    case plain
    /// A convolution that expands the channels, and a linear one that contracts them (Tan and Le, ICML 2021).
    case fused
    /// Expands the channels, filters each, weights them, and contracts them (Sandler et al., CVPR 2018). Without
    /// expansion there is no first step; timm calls such a block depthwise-separable.
    case inverted
}

/// One block of a stage, with an identity connection if the shape stays the same.
struct MobileBlock: Layer {
    private let body: [any Layer]
    private let stochasticDepth: StochasticDepth?

    /// Creates a block for `[N, inputs, H, W]`; only the first of a stage has the stage's stride.
    init(
        _ inputs: Int, _ stage: EfficientNet.Stage, isFirst: Bool, activation: Activation, style: ConvolutionStyle,
        stochasticDepth rate: Double, in scope: ParameterScope
    ) throws {
        let stride = isFirst ? stage.stride : 1
        let inner = inputs * stage.expansion
        func convolution(
            _ inputs: Int, _ outputs: Int, kernel: Int = 1, stride: Int = 1, groups: Int = 1,
            activation: Activation?, _ names: (String, String)
        ) throws -> NormedConvolution {
            try NormedConvolution(
                inputs, outputs, kernel: kernel, stride: stride, groups: groups, activation: activation, style: style,
                in: scope, names: names)
        }
        switch stage.block {
        case .plain:
            body = [
                try convolution(
                    inputs, stage.channels, kernel: stage.kernel, stride: stride, activation: activation,
                    ("conv", "bn1"))
            ]
        case .fused:
            body = [
                try convolution(
                    inputs, inner, kernel: stage.kernel, stride: stride, activation: activation, ("conv_exp", "bn1")),
                try convolution(inner, stage.channels, activation: nil, ("conv_pwl", "bn2")),
            ]
        case .inverted:
            let expands = stage.expansion > 1
            var layers: [any Layer] = []
            if expands { layers.append(try convolution(inputs, inner, activation: activation, ("conv_pw", "bn1"))) }
            layers.append(
                try convolution(
                    inner, inner, kernel: stage.kernel, stride: stride, groups: inner, activation: activation,
                    ("conv_dw", expands ? "bn2" : "bn1")))
            if stage.hasGate {
                // timm rounds half to even here, as Python does.
                let reduced = Int((Double(inputs) * 0.25).rounded(.toNearestOrEven))
                layers.append(try SqueezeExcite(channels: inner, reducedTo: reduced, in: scope / "se"))
            }
            let names = expands ? ("conv_pwl", "bn3") : ("conv_pw", "bn2")
            layers.append(try convolution(inner, stage.channels, activation: nil, names))
            body = layers
        }
        stochasticDepth = stride == 1 && inputs == stage.channels ? StochasticDepth(rate: rate) : nil
    }

    func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        var map = input
        for layer in body { map = try layer(map, mode: mode) }
        return if let stochasticDepth { try stochasticDepth.sum(input, map, mode: mode) } else { map }
    }
}

extension EfficientNet.Configuration {
    private static func inverted(
        _ repeats: Int, kernel: Int, stride: Int, expansion: Int, _ channels: Int
    ) -> EfficientNet.Stage {
        EfficientNet.Stage(
            block: .inverted, repeats: repeats, kernel: kernel, stride: stride, expansion: expansion,
            channels: channels, hasGate: true)
    }

    private static func fused(_ repeats: Int, stride: Int, expansion: Int, _ channels: Int) -> EfficientNet.Stage {
        EfficientNet.Stage(
            block: .fused, repeats: repeats, kernel: 3, stride: stride, expansion: expansion, channels: channels,
            hasGate: false)
    }

    private static func plain(_ repeats: Int, _ channels: Int) -> EfficientNet.Stage {
        EfficientNet.Stage(
            block: .plain, repeats: repeats, kernel: 3, stride: 1, expansion: 1, channels: channels, hasGate: false)
    }

    private static let b0 = Self(
        stem: 32,
        stages: [
            inverted(1, kernel: 3, stride: 1, expansion: 1, 16), inverted(2, kernel: 3, stride: 2, expansion: 6, 24),
            inverted(2, kernel: 5, stride: 2, expansion: 6, 40), inverted(3, kernel: 3, stride: 2, expansion: 6, 80),
            inverted(3, kernel: 5, stride: 1, expansion: 6, 112), inverted(4, kernel: 5, stride: 2, expansion: 6, 192),
            inverted(1, kernel: 3, stride: 1, expansion: 6, 320),
        ],
        head: 1280)

    /// The second version's small network.
    static let v2Small = Self(
        stem: 24,
        stages: [
            plain(2, 24), fused(4, stride: 2, expansion: 4, 48), fused(4, stride: 2, expansion: 4, 64),
            inverted(6, kernel: 3, stride: 2, expansion: 4, 128), inverted(9, kernel: 3, stride: 1, expansion: 6, 160),
            inverted(15, kernel: 3, stride: 2, expansion: 6, 256),
        ],
        head: 1280)

    /// The second version's medium network.
    static let v2Medium = Self(
        stem: 24,
        stages: [
            plain(3, 24), fused(5, stride: 2, expansion: 4, 48), fused(5, stride: 2, expansion: 4, 80),
            inverted(7, kernel: 3, stride: 2, expansion: 4, 160), inverted(14, kernel: 3, stride: 1, expansion: 6, 176),
            inverted(18, kernel: 3, stride: 2, expansion: 6, 304), inverted(5, kernel: 3, stride: 1, expansion: 6, 512),
        ],
        head: 1280)

    /// The second version's medium network as Ross Wightman built it from the paper's figures, before its code was
    /// published.
    static let v2MediumFromFigures: Self = {
        var small = v2Small
        small.stages[0] = fused(2, stride: 1, expansion: 1, 24)
        small.stages[5] = inverted(15, kernel: 3, stride: 2, expansion: 6, 272)
        small.head = 1792
        return small.scaled(width: 1.2, depths: [1.2, 1.2, 1.2, 1.2, 1.6, 1.6])
    }()

    /// The first version's network at multiples of B0's width and depth.
    static func b(width: Double, depth: Double) -> Self {
        b0.scaled(width: width, depths: b0.stages.map { _ in depth })
    }

    /// The lite form: no gates, ReLU6, and a stem, a head and a depth of the first and last stage that do not scale.
    static func lite(width: Double, depth: Double) -> Self {
        let last = b0.stages.count - 1
        var lite = b0.scaled(width: width, depths: b0.stages.indices.map { $0 == 0 || $0 == last ? 1 : depth })
        lite.stem = b0.stem
        lite.head = b0.head
        lite.activation = .relu6
        for index in lite.stages.indices { lite.stages[index].hasGate = false }
        return lite
    }

    /// The same with TensorFlow's padding and epsilon, which the weights of `tf_` were trained with.
    var asTensorFlow: Self {
        var copy = self
        copy.padding = .same
        copy.normEpsilon = 1e-3
        return copy
    }

    /// The same without the stages after the last whose map has a `reduction`th of the image's sides.
    func cut(atReduction reduction: Int) -> Self {
        var copy = self
        var reached = 2
        copy.stages = Array(
            stages.prefix { stage in
                reached *= stage.stride
                return reached <= reduction
            })
        copy.head = nil
        return copy
    }

    /// The same with channels times `width`, rounded to a multiple of 8 that loses at most a tenth, and repeats times
    /// their stage's depth, rounded up.
    private func scaled(width: Double, depths: [Double]) -> Self {
        func channels(_ base: Int) -> Int {
            let wanted = Double(base) * width
            let rounded = max(8, Int(wanted + 4) / 8 * 8)
            return Double(rounded) < 0.9 * wanted ? rounded + 8 : rounded
        }
        var copy = self
        copy.stem = channels(stem)
        copy.head = head.map(channels)
        for (index, depth) in depths.enumerated() {
            copy.stages[index].channels = channels(stages[index].channels)
            copy.stages[index].repeats = Int((Double(stages[index].repeats) * depth).rounded(.up))
        }
        return copy
    }
}

extension EfficientNet {
    /// The scaling of the first version's networks, B0 to B8, of which the lite form has the first five.
    private static let scaling: [(width: Double, depth: Double)] = [
        (1.0, 1.0), (1.0, 1.1), (1.1, 1.2), (1.2, 1.4), (1.4, 1.8), (1.6, 2.2), (1.8, 2.6), (2.0, 3.1), (2.2, 3.6),
    ]

    /// The variants, smallest first within each form.
    static let variants = liteVariants + tensorFlowVariants + torchVariants + secondVersion

    private static let liteVariants = [224, 240, 260, 300, 380].enumerated().map { index, size in
        variant(
            "tf_efficientnet_lite\(index)", size, .half,
            .lite(width: scaling[index].width, depth: scaling[index].depth).asTensorFlow)
    }

    /// B8 has no noisy-student weights; the adversarial weights of the others need other statistics.
    private static let tensorFlowVariants =
        [224, 240, 260, 300, 380, 456, 528, 600].enumerated().map { index, size in
            variant(
                "tf_efficientnet_b\(index)", size, .imageNet, exceptions: ["ap_in1k": .half],
                .b(width: scaling[index].width, depth: scaling[index].depth).asTensorFlow)
        } + [
            variant(
                "tf_efficientnet_b8", 672, .half, exceptions: ["ra_in1k": .imageNet],
                .b(width: scaling[8].width, depth: scaling[8].depth).asTensorFlow)
        ]

    private static let torchVariants = [224, 240, 256, 288, 320, 448, 528, 600, 672].enumerated().map { index, size in
        variant(
            "efficientnet_b\(index)", size, index == 1 ? .half : .imageNet,
            exceptions: index < 2 ? ["ra4_e3600": .half, "ft_in1k": .imageNet] : [:],
            .b(width: scaling[index].width, depth: scaling[index].depth))
    }

    private static let secondVersion = [
        variant("tf_efficientnetv2_s", 300, .half, .v2Small.asTensorFlow),
        variant("tf_efficientnetv2_m", 384, .half, .v2Medium.asTensorFlow),
        variant("efficientnetv2_rw_m", 320, .imageNet, .v2MediumFromFigures),
    ]

    private static func variant(
        _ name: String, _ imageSize: Int, _ statistics: ChannelStatistics,
        exceptions: [String: ChannelStatistics] = [:], _ configuration: Configuration
    ) -> BackboneCatalog.Variant {
        .init(
            name, imageSize: imageSize, statistics: statistics, exceptions: exceptions,
            licence: .init("apache-2.0"), classifier: "classifier"
        ) { scope, _, stochasticDepth in
            try EfficientNet(configuration, stochasticDepth: stochasticDepth, in: scope)
        }
    }
}
