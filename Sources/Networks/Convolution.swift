import Torch

/// How a convolution surrounds its input with zeros.
public enum Padding: Sendable, Equatable {
    /// No zeros.
    case none
    /// The same on each side, so that a stride of 1 keeps the size.
    case symmetric
    /// TensorFlow's: as many as make the output ceil(size / stride), with the odd pixel below and right.
    case same
}

/// A two-dimensional convolution.
public struct Conv2d: Layer {
    private let weight: Parameter
    private let bias: Parameter?
    private let kernel: Int
    private let stride: Int
    private let dilation: Int
    private let groups: Int
    private let padding: Padding

    /// Creates the layer.
    ///
    /// `dilation` is the number of pixels from one tap of the kernel to the next. By default the initial weights are
    /// drawn for the fan-out (Tan and Le, 2019).
    public init(
        _ inputChannels: Int, _ outputChannels: Int, kernel: Int, stride: Int = 1, dilation: Int = 1, groups: Int = 1,
        padding: Padding = .symmetric, hasBias: Bool = false, weights: InitialValue? = nil, in scope: ParameterScope
    ) throws {
        let fanOut = Double(kernel * kernel * outputChannels / groups)
        weight = try scope.parameter(
            "weight", [outputChannels, inputChannels / groups, kernel, kernel],
            weights ?? .normal(deviation: (2 / fanOut).squareRoot()))
        bias = hasBias ? try scope.parameter("bias", [outputChannels], .constant(0)) : nil
        self.kernel = kernel
        self.stride = stride
        self.dilation = dilation
        self.groups = groups
        self.padding = padding
    }

    /// The convolution of `[N, inputs, H, W]`, plus the bias.
    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        let weight = try weight.factor(mode)
        let output = try convolved(input, weight, bias?.factor(mode), nil)
        mode.tally(output.count * weight.count / weight.shape[0])
        return output
    }

    /// The convolution, batch norm, and an optional nonlinearity; when serving, one pass.
    public func callAsFunction(
        _ input: Tensor, normalisedBy norm: BatchNorm, _ activation: Activation?, mode: Mode
    ) throws -> Tensor {
        if case .serving(let folded) = mode {
            let growth = growth(for: input.shape)
            let kernel = try folded.kernel(of: weight.value(mode), grownBy: growth) {
                let folded = try norm.folded(into: weight.value(mode), bias: bias?.value(mode))
                let grown =
                    growth == .none
                    ? folded.weight
                    : try folded.weight.padded(left: growth.columns, right: 0, top: growth.rows, bottom: 0)
                return try weight.rounded(FoldedWeights.Kernel(weight: grown, bias: folded.bias))
            }
            return try convolved(input, kernel.weight, kernel.bias, activation, grownBy: growth)
        }
        let normed = try norm(self(input, mode: mode), mode: mode)
        return try activation?(normed) ?? normed
    }

    private func convolved(
        _ input: Tensor, _ kernel: Tensor, _ bias: Tensor?, _ activation: Activation?,
        grownBy growth: FoldedWeights.Growth = .none
    ) throws -> Tensor {
        var input = try weight.partner(input)
        var sides = padding == .none ? 0 : extent / 2
        if padding == .same {
            let missing = missing(from: input.shape)
            let (rows, columns) = (missing.rows + growth.rows, missing.columns + growth.columns)
            if rows == columns, rows % 2 == 0 {
                sides = rows / 2
            } else {
                sides = 0
                input = try input.padded(
                    left: columns / 2, right: columns - columns / 2, top: rows / 2, bottom: rows - rows / 2)
            }
        }
        return try input.conv2d(
            weight: kernel, bias: bias, stride: stride, padding: sides, dilation: dilation, groups: groups,
            activation: activation)
    }

    /// The pixels that the kernel spans.
    private var extent: Int { dilation * (kernel - 1) + 1 }

    /// The zeros that a map of a shape needs for an output of ceil(size / stride).
    private func missing(from shape: [Int]) -> (rows: Int, columns: Int) {
        func missing(_ size: Int) -> Int { max(((size + stride - 1) / stride - 1) * stride + extent - size, 0) }
        return (missing(shape[2]), missing(shape[3]))
    }

    /// The zeros to add to the kernel if the odd zero would make padding uneven, which would copy the map: a kernel
    /// that begins with a row and a column of zeros gives the same with even padding.
    private func growth(for shape: [Int]) -> FoldedWeights.Growth {
        guard padding == .same, dilation == 1 else { return .none }
        let missing = missing(from: shape)
        let growth = FoldedWeights.Growth(rows: missing.rows % 2, columns: missing.columns % 2)
        return missing.rows + growth.rows == missing.columns + growth.columns ? growth : .none
    }
}

/// Scales each channel by a gate computed from that channel's spatial mean.
///
/// Source: Hu, Shen, Sun, CVPR 2018.
public struct SqueezeExcite: Layer {
    private let reduce: Conv2d
    private let expand: Conv2d

    /// Creates the layer for `[N, channels, H, W]`.
    public init(channels: Int, reducedTo reduced: Int, in scope: ParameterScope) throws {
        reduce = try Conv2d(channels, reduced, kernel: 1, hasBias: true, in: scope / "conv_reduce")
        expand = try Conv2d(reduced, channels, kernel: 1, hasBias: true, in: scope / "conv_expand")
    }

    public func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        let gate = try expand(reduce(input.mean(over: [2, 3], keeping: true), mode: mode).silu(), mode: mode).sigmoid()
        return try input * gate
    }
}

/// Weights prepared for serving: multiplied by the operations that follow their layer, and rounded to the precision of
/// the computation. Each is made at its first use.
///
/// Create one to embed and pass it by ``Mode/serving(_:)``. It does not follow changes of the weights: after a step of
/// training, create another.
public final class FoldedWeights {
    /// A convolution that normalises by itself, or a linear layer that scales its outputs.
    struct Kernel {
        /// The shape of the layer's own; a linear layer's is packed.
        let weight: Tensor
        /// Shape `[out]`.
        let bias: Tensor?

        /// The same in another type.
        func cast(to type: ScalarType) throws -> Kernel {
            Kernel(weight: try weight.cast(to: type), bias: try bias?.cast(to: type))
        }
    }

    /// The rows of zeros above a convolution's kernel, and the columns left of it.
    struct Growth: Hashable {
        static let none = Growth(rows: 0, columns: 0)
        let rows: Int
        let columns: Int
    }

    private struct Key: Hashable {
        let weight: ObjectIdentifier
        let growth: Growth
    }

    /// Retains the source weights, so that no other tensor gets their identity.
    private var kernels: [Key: (source: Tensor, kernel: Kernel)] = [:]
    /// By source weight alone, since a layer computes in one precision.
    private var rounded: [ObjectIdentifier: (source: Tensor, result: Tensor)] = [:]

    /// Creates an empty collection.
    public init() {}

    /// The kernel folded from a layer's weight, which `fold` makes the first time.
    func kernel(
        of weight: Tensor, grownBy growth: Growth = .none, fold: () throws -> Kernel
    ) rethrows -> Kernel {
        let key = Key(weight: ObjectIdentifier(weight), growth: growth)
        if let known = kernels[key] { return known.kernel }
        let kernel = try fold()
        kernels[key] = (weight, kernel)
        return kernel
    }

    /// A weight in another type.
    func rounded(_ weight: Tensor, to type: ScalarType) throws -> Tensor {
        if let known = rounded[ObjectIdentifier(weight)] { return known.result }
        let result = try weight.cast(to: type)
        rounded[ObjectIdentifier(weight)] = (weight, result)
        return result
    }
}
