import Basics
import Torch

/// The initial numbers of a parameter.
public enum InitialValue: Sendable {
    case constant(Double)
    /// Normal around 0.
    case normal(deviation: Double)
    /// Uniform within ±bound.
    case uniform(bound: Double)
}

/// A trainable tensor.
public struct Parameter {
    /// The full name, such as `blocks.0.0.conv_dw.weight`.
    public let name: String
    /// The tensor, which records gradients.
    public let tensor: Tensor
    /// The type in which convolutions and products with it are computed.
    private let precision: ScalarType
    private let plain: Tensor

    init(name: String, tensor: Tensor, precision: ScalarType) throws {
        self.name = name
        self.tensor = tensor
        self.precision = precision
        plain = try tensor.detached()
        try tensor.setRequiresGradient(true)
    }

    /// The tensor to compute with: it records gradients in training, and has the same numbers without gradients in
    /// evaluation.
    public func value(_ mode: Mode) -> Tensor { mode.isTraining ? tensor : plain }

    /// The factor of a convolution or a product: the value rounded to the scope's precision, only once when serving.
    func factor(_ mode: Mode) throws -> Tensor {
        let value = value(mode)
        guard isRounded else { return value }
        if case .serving(let folded) = mode { return try folded.rounded(value, to: precision) }
        return try value.cast(to: precision)
    }

    /// The tensor that it is multiplied by, in the same precision.
    func partner(_ input: Tensor) throws -> Tensor { isRounded ? try input.cast(to: precision) : input }

    /// A kernel folded from it, in the same precision.
    func rounded(_ kernel: FoldedWeights.Kernel) throws -> FoldedWeights.Kernel {
        isRounded ? try kernel.cast(to: precision) : kernel
    }

    /// Weights are stored as float32.
    private var isRounded: Bool { precision != .float32 }
}

/// A place in the tree of names; a layer takes its parameters from it at construction.
public struct ParameterScope {
    let store: ParameterStore
    private(set) var path: String
    /// Whether parameters start from their initial values.
    private var isFilled = true
    private var precision = ScalarType.float32

    /// The scope at the root of a store.
    init(of store: ParameterStore) {
        self.store = store
        path = ""
    }

    /// The scope of a part of the network.
    public static func / (scope: ParameterScope, name: some CustomStringConvertible) -> ParameterScope {
        var part = scope
        part.path = scope.full("\(name)")
        return part
    }

    /// The same place for parameters that a file will fill. They are 0 until then, since drawing the numbers of a large
    /// network takes seconds.
    public var unfilled: ParameterScope {
        var copy = self
        copy.isFilled = false
        return copy
    }

    /// The same place for layers that compute in another precision.
    ///
    /// Weights stay float32. Convolutions and linear layers round them and their inputs, and their outputs have that
    /// precision; the statistics of norms are always float32.
    ///
    /// Source: Micikevicius et al., ICLR 2018 (mixed precision).
    public func computing(in precision: ScalarType) -> ParameterScope {
        var copy = self
        copy.precision = precision
        return copy
    }

    /// Makes a parameter of this scope.
    ///
    /// `fitting` converts published numbers of another shape, or returns nil if it cannot; without it, no other shape
    /// loads.
    ///
    /// - Throws: ``ParameterError/duplicate(name:)``.
    public func parameter(
        _ name: String, _ shape: [Int], _ initial: InitialValue, fitting: ParameterStore.Fitting? = nil
    ) throws -> Parameter {
        let parameter = try store.addParameter(
            full(name), shape, isFilled ? initial : .constant(0), precision: precision)
        store.fittings[parameter.name] = fitting
        return parameter
    }

    /// Makes a tensor that is saved but not trained, such as running statistics.
    public func buffer(_ name: String, _ shape: [Int], _ value: Double) throws -> Tensor {
        try store.addBuffer(full(name), shape, value)
    }

    private func full(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
