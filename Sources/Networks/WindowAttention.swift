import Torch

/// Multi-head attention within the windows of a map, with a learned bias by distance.
///
/// Source: Liu et al., ICCV 2021 (Swin).
public struct WindowAttention: Layer {
    private let projection: Linear
    private let table: Parameter
    private let output: Linear
    private let heads: Int
    private let window: Int
    private let shift: Int

    /// Creates the layer for maps `[N, H, W, channels]`.
    ///
    /// - Parameters:
    ///   - heads: A divisor of `channels`.
    ///   - window: Side of a window, tokens.
    ///   - shift: How far the windows move down and right, in `0..<window`.
    ///   - weights: What the matrices and the biases by distance start from.
    public init(
        _ channels: Int, heads: Int, window: Int, shift: Int, weights: InitialValue, in scope: ParameterScope
    ) throws {
        table = try scope.parameter(
            "relative_position_bias_table", [RelativePositionTable.rows(window: window), heads], weights
        ) { try RelativePositionTable.resized($0, window: window, heads: heads) }
        projection = try Linear(channels, 3 * channels, weights: weights, in: scope / "qkv")
        output = try Linear(channels, channels, weights: weights, in: scope / "proj")
        self.heads = heads
        self.window = window
        self.shift = shift
    }

    /// Attention within the windows of a map `[N, H, W, channels]`, and the layer that joins the heads.
    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        try output(attended(input, mode: mode), mode: mode)
    }

    /// A branch's attention, added to what the branch began with.
    public func callAsFunction(
        _ input: Tensor, addedTo identity: Tensor, through depth: StochasticDepth, mode: Mode
    ) throws -> Tensor {
        try output(attended(input, mode: mode), addedTo: identity, through: depth, mode: mode)
    }

    private func attended(_ input: Tensor, mode: Mode) throws -> Tensor {
        let attended = try projection(input, mode: mode).windowAttention(
            table: table.value(mode), outside: projection.offset(mode), heads: heads, window: (window, window),
            shift: (shift, shift))
        mode.tally(multiplyAdds(input.shape))
        return attended
    }

    /// The two products of every window, those over the edge filled up.
    private func multiplyAdds(_ shape: [Int]) -> Int {
        let windows = shape[0] * ((shape[1] + window - 1) / window) * ((shape[2] + window - 1) / window)
        return 2 * windows * window * window * window * window * shape[3]
    }
}
