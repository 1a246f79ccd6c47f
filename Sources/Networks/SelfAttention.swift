import Foundation
import Torch

/// Multi-head attention of all tokens to each other.
///
/// Source: Vaswani et al., NeurIPS 2017.
public struct SelfAttention {
    private let projection: Linear
    private let output: Linear
    private let heads: Int

    /// Creates the layer for tokens `[N, T, channels]`; `heads` is a divisor of `channels`.
    ///
    /// `hasBias` says whether query, key and value have biases; `weights` are the initial values of the matrices.
    public init(
        _ channels: Int, heads: Int, hasBias: Bool = true, weights: InitialValue, in scope: ParameterScope
    ) throws {
        projection = try Linear(channels, 3 * channels, hasBias: hasBias, weights: weights, in: scope / "qkv")
        output = try Linear(channels, channels, weights: weights, in: scope / "proj")
        self.heads = heads
    }

    /// A branch's attention over tokens `[N, T, channels]` and the layer that joins the heads, scaled and added to the
    /// branch's input.
    ///
    /// `depth` can drop the branch; `scale` has a factor for each channel.
    public func callAsFunction(
        _ input: Tensor, at positions: RotaryPositions? = nil, addedTo identity: Tensor, through depth: StochasticDepth,
        scaledBy scale: Parameter? = nil, mode: Mode
    ) throws -> Tensor {
        let attended = try projection(input, mode: mode).attention(
            heads: heads, turnedBy: positions.map { ($0.cosines, $0.sines) })
        mode.tally(2 * input.shape[1] * input.count)
        return try output(attended, addedTo: identity, through: depth, scaledBy: scale, mode: mode)
    }
}

/// Positions of the tokens of a map, as angles by which queries and keys are turned, so that their product depends on
/// the distance.
///
/// A patch's centre has coordinates from -1 to 1 along each axis, whatever the size of the map. Tokens before those of
/// the map have no position.
///
/// Source: Siméoni et al., arXiv 2508.10104 (DINOv3), after Heo et al., ECCV 2024.
public struct RotaryPositions {
    /// Shape `[tokens, width of a head]`.
    let cosines: Tensor
    let sines: Tensor

    /// Computes the positions of a map of `height` by `width` tokens, which follow `prefix` other tokens.
    ///
    /// A head has `channels` channels, a multiple of 4. The first quarter turns by the row and the second by the column,
    /// and the other half repeats these. The fastest turn has the period 1, the slowest nearly `base`.
    public init(
        height: Int, width: Int, after prefix: Int, channels: Int, base: Double = 100, on device: Device
    ) throws {
        let count = channels / 4
        let frequencies = (0..<count).map { 2 * Double.pi / pow(base, Double($0) / Double(count)) }
        func turns(_ place: Int, of side: Int) -> [Double] {
            let coordinate = 2 * (Double(place) + 0.5) / Double(side) - 1
            return frequencies.map { coordinate * $0 }
        }
        var angles = [Double](repeating: 0, count: prefix * channels)
        for row in 0..<height {
            for column in 0..<width {
                let pair = turns(row, of: height) + turns(column, of: width)
                angles += pair + pair
            }
        }
        let shape = [prefix + height * width, channels]
        cosines = try Tensor(angles.map { Float(cos($0)) }, shape: shape, on: device)
        sines = try Tensor(angles.map { Float(sin($0)) }, shape: shape, on: device)
    }
}
