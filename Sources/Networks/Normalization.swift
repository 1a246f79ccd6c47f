import Torch

/// Batch normalisation over all dimensions but the second.
///
/// Source: Ioffe and Szegedy, ICML 2015.
public struct BatchNorm: Layer {
    private let weight: Parameter
    private let bias: Parameter
    private let runningMean: Tensor
    private let runningVariance: Tensor
    private let epsilon: Double
    private static let momentum = 0.1

    /// Creates the layer for `[N, channels, ...]`.
    public init(_ channels: Int, epsilon: Double = 1e-5, in scope: ParameterScope) throws {
        weight = try scope.parameter("weight", [channels], .constant(1))
        bias = try scope.parameter("bias", [channels], .constant(0))
        runningMean = try scope.buffer("running_mean", [channels], 0)
        runningVariance = try scope.buffer("running_var", [channels], 1)
        self.epsilon = epsilon
    }

    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        if case .training(_, let group?) = mode {
            return try input.batchNorm(
                weight: weight.value(mode), bias: bias.value(mode), runningMean: runningMean,
                runningVariance: runningVariance, over: group, momentum: Self.momentum, epsilon: epsilon)
        }
        return try input.batchNorm(
            weight: weight.value(mode), bias: bias.value(mode), runningMean: runningMean,
            runningVariance: runningVariance, isTraining: mode.isTraining,
            momentum: Self.momentum, epsilon: epsilon)
    }

    /// A convolution equal to another convolution followed by this layer with its running statistics.
    ///
    /// With s = γ / √(σ² + ε), its weight `[channels, in / groups, kernel, kernel]` is w s and its bias (b - μ) s + β,
    /// channel by channel.
    func folded(into convolution: Tensor, bias convolutionBias: Tensor?) throws -> FoldedWeights.Kernel {
        let mode = Mode.evaluation
        let scale = try weight.value(mode) / (runningVariance + epsilon).squareRoot()
        let mean = try convolutionBias.map { try runningMean - $0 } ?? runningMean
        return FoldedWeights.Kernel(
            weight: try convolution * scale.reshaped([scale.count, 1, 1, 1]),
            bias: try bias.value(mode) - mean * scale)
    }
}

/// Layer normalisation over the channels of each place, then a scale and an offset for each channel.
///
/// Source: Ba, Kiros, Hinton, arXiv 1607.06450.
public struct LayerNorm: Layer {
    /// The position of the channels in the input.
    public enum Layout: Sendable {
        /// Last: `[..., channels]`.
        case vectors
        /// Second: `[N, channels, H, W]`, fastest if they are last in memory (``Tensor/channelsLast()``), as the
        /// output's then are too.
        case maps
    }

    private let weight: Parameter
    private let bias: Parameter
    private let epsilon: Double
    private let layout: Layout

    /// Creates the layer with a scale of 1 and an offset of 0.
    public init(
        _ channels: Int, epsilon: Double = 1e-5, of layout: Layout = .vectors, in scope: ParameterScope
    ) throws {
        weight = try scope.parameter("weight", [channels], .constant(1))
        bias = try scope.parameter("bias", [channels], .constant(0))
        self.epsilon = epsilon
        self.layout = layout
    }

    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        func normalised(_ vectors: Tensor) throws -> Tensor {
            try vectors.layerNorm(weight: weight.value(mode), bias: bias.value(mode), epsilon: epsilon)
        }
        return switch layout {
        case .vectors: try normalised(input)
        case .maps: try normalised(input.permuted([0, 2, 3, 1])).permuted([0, 3, 1, 2])
        }
    }
}
