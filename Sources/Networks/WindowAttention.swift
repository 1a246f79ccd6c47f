import Foundation
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

    /// Creates the layer for maps `[N, H, W, channels]`; `heads` is a divisor of `channels`.
    ///
    /// Windows have `window` tokens a side and move down and right by `shift` tokens, in `0..<window`. `weights` are
    /// the initial values of the matrices and the biases by distance.
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

    /// A branch's attention, added to the branch's input.
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

    /// The multiply-adds of both products of every window; windows over the edge count as full.
    private func multiplyAdds(_ shape: [Int]) -> Int {
        let windows = shape[0] * ((shape[1] + window - 1) / window) * ((shape[2] + window - 1) / window)
        return 2 * windows * window * window * window * window * shape[3]
    }
}

/// Learned biases by the distance of two tokens within a square window: a row for each distance down and right, a
/// column for each head.
enum RelativePositionTable {
    /// The rows of the table of a window with `window` tokens a side.
    static func rows(window: Int) -> Int { distances(window) * distances(window) }

    /// A table `[(2w - 1)², heads]` of another window's weights, resized to `[(2 · window - 1)², heads]` for a window
    /// with `window` tokens a side; nil if the table's shape does not fit so many heads.
    ///
    /// The old distances are spread to reach as far as the new ones, dense near 0 and wider further out; the values at
    /// the new distances are interpolated linearly. Distances beyond the last take its value.
    ///
    /// Source: BEiT (Bao et al., ICLR 2022), as in timm's `resize_rel_pos_bias_table`.
    static func resized(_ table: Tensor, window: Int, heads: Int) throws -> Tensor? {
        let shape = table.shape
        guard shape.count == 2, shape[1] == heads, let side = side(rows: shape[0]) else { return nil }
        let places = places(from: side, to: distances(window))
        let values = try table.floats().map(Double.init)
        var result: [Float] = []
        result.reserveCapacity(places.count * places.count * heads)
        for down in places {
            for right in places {
                for head in 0..<heads {
                    func value(_ row: Int, _ column: Int) -> Double { values[(row * side + column) * heads + head] }
                    func along(_ row: Int) -> Double {
                        value(row, right.before) * (1 - right.share) + value(row, right.after) * right.share
                    }
                    result.append(Float(along(down.before) * (1 - down.share) + along(down.after) * down.share))
                }
            }
        }
        return try Tensor(result, shape: [places.count * places.count, heads], on: table.device)
    }

    /// The number of distances along one axis, from one end of the window to the other.
    private static func distances(_ window: Int) -> Int { 2 * window - 1 }

    /// The number of distances along one axis of a table with `rows` rows; nil if no window has such a table.
    private static func side(rows: Int) -> Int? {
        let side = Int(Double(rows).squareRoot().rounded())
        return side * side == rows && side % 2 == 1 ? side : nil
    }

    /// For each new distance, the two old ones around it and the share of the way to the second.
    private static func places(from old: Int, to new: Int) -> [(before: Int, after: Int, share: Double)] {
        let ratio = ratio(old / 2, reaching: Double(new / 2))
        var reach: [Double] = []
        for index in 0..<old / 2 { reach.append((reach.last ?? 0) + pow(ratio, Double(index))) }
        let positions = reach.reversed().map { -$0 } + [0] + reach
        return (-(new / 2)...new / 2).map { distance in
            let place = Double(distance)
            guard let after = positions.firstIndex(where: { $0 >= place }) else { return (old - 1, old - 1, 0) }
            guard after > 0 else { return (0, 0, 0) }
            return (after - 1, after, (place - positions[after - 1]) / (positions[after] - positions[after - 1]))
        }
    }

    /// The ratio of the geometric progression whose first `count` numbers, from 1, add up to `sum`; within timm's
    /// limits and precision.
    private static func ratio(_ count: Int, reaching sum: Double) -> Double {
        var (low, high, ratio) = (1.01, 1.5, 0.0)
        while high - low > 1e-6 {
            ratio = (low + high) / 2
            if (1 - pow(ratio, Double(count))) / (1 - ratio) > sum { high = ratio } else { low = ratio }
        }
        return ratio
    }
}
