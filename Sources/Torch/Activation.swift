import CTorch

/// The nonlinearity behind a layer.
public enum Activation: Sendable {
    /// min(max(x, 0), 6).
    case relu6
    /// x σ(x).
    case silu
    /// x Φ(x), Φ being the normal distribution (Hendrycks and Gimpel, arXiv 1606.08415).
    case gelu

    /// The nonlinearity of each number.
    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        switch self {
        case .relu6: try input.relu6()
        case .silu: try input.silu()
        case .gelu: try input.gelu()
        }
    }
}

extension Activation? {
    /// The shim's name of what follows a layer.
    var raw: wb_activation {
        switch self {
        case nil: WB_LINEAR
        case .relu6: WB_THEN_RELU6
        case .silu: WB_THEN_SILU
        case .gelu: WB_THEN_GELU
        }
    }
}
