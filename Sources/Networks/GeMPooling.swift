import Torch

/// Generalised-mean pooling: (mean of max(x, ε)^p)^(1/p), `[N, C, H, W]` becomes `[N, C]`.
///
/// p = 1 is the mean, p → ∞ the maximum. Powers are taken in float32 at least: in half precision ε^p is 0.
///
/// Source: Radenovic, Tolias, Chum, TPAMI 2018.
public struct GeMPooling: Layer {
    private enum Exponent {
        case learned(Parameter)
        case fixed(Double)
    }

    private static let epsilon = 1e-6
    private let exponent: Exponent

    /// Creates the layer with an exponent that learns, the parameter `p`; `p` is where it starts.
    public init(p: Double = 3, in scope: ParameterScope) throws {
        exponent = .learned(try scope.parameter("p", [1], .constant(p)))
    }

    /// Creates the layer with an exponent that stays.
    public init(fixed p: Double) { exponent = .fixed(p) }

    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        let clamped = try input.widened().clamped(from: Self.epsilon)
        let pooled =
            switch exponent {
            case .learned(let parameter):
                try clamped.power(parameter.value(mode)).mean(over: [2, 3]).power(parameter.value(mode).power(-1))
            case .fixed(let p): try clamped.power(p).mean(over: [2, 3]).power(1 / p)
            }
        return try pooled.cast(to: input.type)
    }
}
