import Networks
import Torch

/// What the convolutions of one network have in common.
struct ConvolutionStyle {
    let padding: Padding
    let normEpsilon: Double
}

/// A convolution, batch norm, and a nonlinearity unless the result stays linear.
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
    /// Expands the channels, filters each, weighs them, and contracts them (Sandler et al., CVPR 2018). Without
    /// expansion the first step falls away; timm calls that one depthwise-separable.
    case inverted
}

/// One block of a stage; around it runs the identity where the shape stays.
struct MobileBlock: Layer {
    private let body: [any Layer]
    private let stochasticDepth: StochasticDepth?

    /// Creates a block for `[N, inputs, H, W]`.
    ///
    /// - Parameter isFirst: Whether it is the first of its stage, which has the stage's stride.
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
