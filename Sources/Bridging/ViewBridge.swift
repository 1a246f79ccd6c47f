import Networks
import Torch

/// A perceptron with one hidden layer, added to its input and brought to unit length.
///
/// It begins as the identity, so that a bridge that has learnt nothing changes nothing.
///
/// Source: He et al., CVPR 2016 (residual learning).
struct ViewBridge: Layer {
    private let hidden: Linear
    private let output: Linear

    /// Creates the layer from `[N, width]` to unit rows `[N, width]`.
    init(width: Int, hidden count: Int, in scope: ParameterScope) throws {
        hidden = try Linear(width, count, in: scope / "hidden")
        output = try Linear(count, width, weights: .constant(0), in: scope / "output")
    }

    func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        try (input + output(hidden(input, .gelu, mode: mode), mode: mode)).unitLength()
    }
}
