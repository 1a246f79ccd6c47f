import Torch

/// Features of unit length, each place weighted by a score of its own: a batch-normalised 1 × 1 convolution, whose
/// output is normalised over the channels and, rectified, scored by a second one through softplus.
///
/// Names are those of the DOLG authors' code.
///
/// Source: Yang et al., ICCV 2021, section 3.2, after Noh et al., ICCV 2017 (DELF).
public struct LocalAttention: Layer {
    private let transform: Conv2d
    private let norm: BatchNorm
    private let score: Conv2d

    /// Creates the layer from and to `[N, channels, H, W]`.
    public init(channels: Int, in scope: ParameterScope) throws {
        transform = try Conv2d(channels, channels, kernel: 1, hasBias: true, in: scope / "conv1")
        norm = try BatchNorm(channels, in: scope / "bn")
        score = try Conv2d(channels, 1, kernel: 1, hasBias: true, in: scope / "conv2")
    }

    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        let features = try norm(transform(input, mode: mode), mode: mode)
        let weight = try score(features.relu(), mode: mode).softplus()
        // In half precision squares of small features are 0, and so would be the length.
        return try features.widened().unitLength(over: 1).cast(to: features.type) * weight
    }
}
