import Torch

/// Sets numbers to 0 at random in training, and scales the others up.
///
/// Source: Srivastava et al., JMLR 2014.
public struct Dropout: Layer {
    private let rate: Double

    /// Creates the layer; `rate` is the share set to 0, in `0..<1`.
    public init(rate: Double) { self.rate = rate }

    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        guard case .training(let noise, _) = mode, rate > 0 else { return input }
        let mask = try Tensor(noise.mask(count: input.count, rate: rate), shape: input.shape, on: input.device)
        return try input * mask
    }
}

/// Drops a residual branch for photographs drawn at random in training, and scales it up for the others.
///
/// Source: Huang et al., ECCV 2016; drawn for each photograph and scaled by the chance of staying, as timm's DropPath.
public struct StochasticDepth {
    private let rate: Double

    /// Creates the layer; `rate` is the chance that a photograph's branch is dropped, in `0..<1`.
    public init(rate: Double) { self.rate = rate }

    /// The rates of `count` blocks: from 0 at the first, linearly to `last` at the last.
    public static func rates(count: Int, last: Double) -> [Double] {
        (0..<count).map { count > 1 ? last * Double($0) / Double(count - 1) : 0 }
    }

    /// The output of a branch, `[N, ...]`, unless dropped, added to the branch's input. `scale` has factors of the
    /// branch, in a shape that broadcasts to the branch's.
    public func sum(_ identity: Tensor, _ branch: Tensor, scaledBy scale: Tensor? = nil, mode: Mode) throws -> Tensor {
        var factors = scale
        if case .training(let noise, _) = mode, rate > 0 {
            let shape = branch.shape
            let mask = try Tensor(
                noise.mask(count: shape[0], rate: rate), shape: [shape[0]] + shape.dropFirst().map { _ in 1 },
                on: branch.device
            ).cast(to: branch.type)
            factors = try scale.map { try $0 * mask } ?? mask
        }
        return try identity + (factors.map { try branch * $0 } ?? branch)
    }
}
