import Basics
import Torch

/// The numbers that a parameter starts from.
public enum InitialValue: Sendable {
    case constant(Double)
    /// Normal around 0.
    case normal(deviation: Double)
    /// Uniform within ±bound.
    case uniform(bound: Double)
}

/// A tensor that learns.
public struct Parameter {
    /// The full name, such as `blocks.0.0.conv_dw.weight`.
    public let name: String
    /// The tensor, which records gradients.
    public let tensor: Tensor
    private let plain: Tensor

    init(name: String, tensor: Tensor) throws {
        self.name = name
        self.tensor = tensor
        plain = try tensor.detached()
        try tensor.setRequiresGradient(true)
    }

    /// The tensor to compute with: recording in training, the same numbers without recording in evaluation.
    public func value(_ mode: Mode) -> Tensor { mode.isTraining ? tensor : plain }
}

/// A place in the tree of names; a layer takes its parameters from it at construction.
public struct ParameterScope {
    let store: ParameterStore
    let path: String
    /// Whether parameters start from their initial values.
    var isFilled = true

    /// The scope of a part.
    public static func / (scope: ParameterScope, name: some CustomStringConvertible) -> ParameterScope {
        ParameterScope(store: scope.store, path: scope.full("\(name)"), isFilled: scope.isFilled)
    }

    /// The same place for parameters that a file will fill: until then they are 0, for drawing the numbers of a large
    /// network takes seconds.
    public var unfilled: ParameterScope { ParameterScope(store: store, path: path, isFilled: false) }

    /// Makes a parameter of this scope.
    ///
    /// - Throws: ``ParameterError/duplicate(name:)``.
    public func parameter(_ name: String, _ shape: [Int], _ initial: InitialValue) throws -> Parameter {
        try store.addParameter(full(name), shape, isFilled ? initial : .constant(0))
    }

    /// Makes a tensor that is saved but does not learn, such as running statistics.
    public func buffer(_ name: String, _ shape: [Int], _ value: Double) throws -> Tensor {
        try store.addBuffer(full(name), shape, value)
    }

    private func full(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
