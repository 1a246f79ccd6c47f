import Torch

/// Layer normalisation over the channels of each place, then a scale and an offset for each channel.
///
/// Source: Ba, Kiros, Hinton, arXiv 1607.06450.
public struct LayerNorm: Layer {
    /// Where the channels of the input are.
    public enum Layout: Sendable {
        /// Last: `[..., channels]`.
        case vectors
        /// Second: `[N, channels, H, W]`, fastest where they lie last in memory (``Tensor/channelsLast()``), as the
        /// output's then do as well.
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
