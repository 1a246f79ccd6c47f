import CTorch

extension Tensor {
    private func unary(_ name: String, _ kind: wb_unary_kind) throws -> Tensor {
        try produced(name, [self]) { wb_tensor_unary(handle, kind, $0, $1) }
    }

    private func binary(_ name: String, _ kind: wb_binary_kind, _ other: Tensor) throws -> Tensor {
        try produced(name, [self, other]) { wb_tensor_binary(handle, other.handle, kind, $0, $1) }
    }

    private func scalar(_ name: String, _ kind: wb_scalar_kind, _ value: Double) throws -> Tensor {
        try produced(name, [self]) { wb_tensor_scalar(handle, value, kind, $0, $1) }
    }

    private func reduced(
        _ name: String, _ kind: wb_reduction_kind, over dimensions: [Int]?, keeping: Bool
    ) throws -> Tensor {
        let dims = (dimensions ?? Array(shape.indices)).map(Int64.init)
        return try produced(name, [self]) {
            wb_tensor_reduce(handle, kind, dims, dims.count, keeping ? 1 : 0, $0, $1)
        }
    }

    /// max(x, 0).
    public func relu() throws -> Tensor { try unary("relu", WB_RELU) }
    /// min(max(x, 0), 6).
    public func relu6() throws -> Tensor { try unary("relu6", WB_RELU6) }
    /// x σ(x).
    public func silu() throws -> Tensor { try unary("silu", WB_SILU) }
    /// x Φ(x), exact.
    public func gelu() throws -> Tensor { try unary("gelu", WB_GELU) }
    /// 1 / (1 + exp(-x)).
    public func sigmoid() throws -> Tensor { try unary("sigmoid", WB_SIGMOID) }
    /// The natural exponential.
    public func exponential() throws -> Tensor { try unary("exp", WB_EXP) }
    /// The natural logarithm.
    public func logarithm() throws -> Tensor { try unary("log", WB_LOG) }
    /// The square root.
    public func squareRoot() throws -> Tensor { try unary("sqrt", WB_SQRT) }
    /// log(1 + exp(x)).
    public func softplus() throws -> Tensor { try unary("softplus", WB_SOFTPLUS) }
    /// The logarithm of the softmax over the last dimension.
    public func logSoftmax() throws -> Tensor { try unary("log_softmax", WB_LOG_SOFTMAX_LAST) }
    /// The same numbers with the channels last in memory, which convolutions on a CPU prefer; shape `[N, C, H, W]`.
    public func channelsLast() throws -> Tensor { try unary("channels_last", WB_CHANNELS_LAST) }

    /// The last dimension reversed, which mirrors images `[N, C, H, W]`.
    public func mirrored() throws -> Tensor { try unary("flip", WB_MIRROR_LAST) }

    /// The sum over some dimensions, or over all.
    public func sum(over dimensions: [Int]? = nil, keeping: Bool = false) throws -> Tensor {
        try reduced("sum", WB_SUM, over: dimensions, keeping: keeping)
    }

    /// The mean over some dimensions, or over all.
    public func mean(over dimensions: [Int]? = nil, keeping: Bool = false) throws -> Tensor {
        try reduced("mean", WB_MEAN, over: dimensions, keeping: keeping)
    }

    /// The largest number over some dimensions, or over all.
    public func maximum(over dimensions: [Int]? = nil, keeping: Bool = false) throws -> Tensor {
        try reduced("max", WB_MAXIMUM, over: dimensions, keeping: keeping)
    }

    /// x ^ exponent.
    public func power(_ exponent: Double) throws -> Tensor { try scalar("pow", WB_POWER_SCALAR, exponent) }
    /// x ^ exponent, element by element.
    public func power(_ exponent: Tensor) throws -> Tensor { try binary("pow", WB_POWER, exponent) }

    /// Limits the numbers: those below `low` become `low`, those above `high` become `high`.
    public func clamped(from low: Double? = nil, to high: Double? = nil) throws -> Tensor {
        var result = self
        if let low { result = try result.scalar("clamp", WB_CLAMP_MIN, low) }
        if let high { result = try result.scalar("clamp", WB_CLAMP_MAX, high) }
        return result
    }

    /// The matrix product.
    public func matmul(_ other: Tensor) throws -> Tensor { try binary("matmul", WB_MATMUL, other) }

    /// 1 where `self` is greater than `other`, for ``choose(_:else:)``.
    public func isGreater(than other: Tensor) throws -> Tensor { try binary("greater", WB_GREATER, other) }

    /// Takes from `first` where `self` is true and from `second` elsewhere.
    public func choose(_ first: Tensor, else second: Tensor) throws -> Tensor {
        try produced("where", [self, first, second]) { wb_tensor_where(handle, first.handle, second.handle, $0, $1) }
    }

    /// The elements at `index` along a dimension.
    public func gather(_ index: Tensor, along dimension: Int) throws -> Tensor {
        try produced("gather", [self, index]) { wb_tensor_gather(handle, Int64(dimension), index.handle, $0, $1) }
    }

    /// Rows with a 1 at each label and 0 elsewhere: `[N]` becomes `[N, classes]`.
    public func oneHot(classes: Int) throws -> Tensor {
        try produced("one_hot", [self]) { wb_tensor_one_hot(handle, Int64(classes), $0, $1) }
    }

    /// The element-wise sum, with broadcasting.
    public static func + (left: Tensor, right: Tensor) throws -> Tensor { try left.binary("add", WB_ADD, right) }
    /// The element-wise difference, with broadcasting.
    public static func - (left: Tensor, right: Tensor) throws -> Tensor {
        try left.binary("subtract", WB_SUBTRACT, right)
    }
    /// The element-wise product, with broadcasting.
    public static func * (left: Tensor, right: Tensor) throws -> Tensor {
        try left.binary("multiply", WB_MULTIPLY, right)
    }
    /// The element-wise quotient, with broadcasting.
    public static func / (left: Tensor, right: Tensor) throws -> Tensor { try left.binary("divide", WB_DIVIDE, right) }
    /// The tensor plus a number.
    public static func + (left: Tensor, right: Double) throws -> Tensor { try left.scalar("add", WB_ADD_SCALAR, right) }
    /// The tensor minus a number.
    public static func - (left: Tensor, right: Double) throws -> Tensor {
        try left.scalar("add", WB_ADD_SCALAR, -right)
    }
    /// A number minus the tensor.
    public static func - (left: Double, right: Tensor) throws -> Tensor { try -right + left }
    /// The tensor times a number.
    public static func * (left: Tensor, right: Double) throws -> Tensor {
        try left.scalar("multiply", WB_MULTIPLY_SCALAR, right)
    }
    /// The tensor divided by a number.
    public static func / (left: Tensor, right: Double) throws -> Tensor { try left * (1 / right) }
    /// The negative.
    public static prefix func - (operand: Tensor) throws -> Tensor { try operand.unary("negative", WB_NEGATIVE) }

    /// Vectors along a dimension, by default the last, scaled to unit length: x / max(|x|, epsilon), as PyTorch's
    /// `normalize` does.
    ///
    /// A zero vector stays zero, and its gradient is finite.
    public func unitLength(over dimension: Int? = nil, epsilon: Double = 1e-12) throws -> Tensor {
        let squared = try (self * self).sum(over: [dimension ?? shape.count - 1], keeping: true)
        return try self / squared.clamped(from: epsilon * epsilon).squareRoot()
    }
}

/// The nonlinearity after a layer.
public enum Activation: Sendable {
    /// min(max(x, 0), 6).
    case relu6
    /// x σ(x).
    case silu
    /// x Φ(x), Φ being the normal distribution (Hendrycks and Gimpel, arXiv 1606.08415).
    case gelu

    /// Applies the nonlinearity to each number.
    public func callAsFunction(_ input: Tensor) throws -> Tensor {
        switch self {
        case .relu6: try input.relu6()
        case .silu: try input.silu()
        case .gelu: try input.gelu()
        }
    }
}

extension Activation? {
    /// The shim's name for the nonlinearity after a layer.
    var raw: wb_activation {
        switch self {
        case nil: WB_LINEAR
        case .relu6: WB_THEN_RELU6
        case .silu: WB_THEN_SILU
        case .gelu: WB_THEN_GELU
        }
    }
}
