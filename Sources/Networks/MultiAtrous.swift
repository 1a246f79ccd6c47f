import Torch

/// A map looked at through several dilations at once, each in parallel, with the mean of the whole map beside them.
///
/// A 1 × 1 convolution, one 3 × 3 convolution a dilation and the mean, all concatenated, contracted and rectified.
/// Names are those of the DOLG authors' code.
///
/// Source: Yang et al., ICCV 2021, section 3.2; Chen et al., arXiv 1706.05587 (atrous spatial pyramid pooling).
public struct MultiAtrous: Layer {
    private let branches: [Conv2d]
    private let pooled: Conv2d
    private let contract: Conv2d

    /// Creates the layer from and to `[N, channels, H, W]`; each branch has half the channels, as the authors' have.
    public init(channels: Int, dilations: [Int], in scope: ParameterScope) throws {
        let width = max(1, channels / 2)
        // Dilation does nothing to the first, of one tap.
        branches = try ([nil] + dilations).enumerated().map { index, dilation in
            try Conv2d(
                channels, width, kernel: dilation == nil ? 1 : 3, dilation: dilation ?? 1, hasBias: true,
                in: scope / "aspp" / index)
        }
        pooled = try Conv2d(channels, width, kernel: 1, hasBias: true, in: scope / "im_pool" / 1)
        contract = try Conv2d(
            width * (branches.count + 1), channels, kernel: 1, hasBias: true, in: scope / "conv_after" / 0)
    }

    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        let mean = try pooled(input.mean(over: [2, 3], keeping: true), mode: mode).relu()
        let whole = try mean.expanded(to: [mean.shape[0], mean.shape[1]] + input.shape[2...])
        let parts = try [whole] + branches.map { try $0(input, mode: mode) }
        return try contract(.concatenated(parts, along: 1), mode: mode).relu()
    }
}
