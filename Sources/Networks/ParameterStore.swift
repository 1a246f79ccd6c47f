import Basics
import Foundation
import Torch

/// All parameters and buffers of a network, in the order in which its layers made them.
public final class ParameterStore {
    /// The tensors that learn.
    public private(set) var parameters: [Parameter] = []
    /// The tensors that are saved but do not learn.
    public private(set) var buffers: [(name: String, tensor: Tensor)] = []
    /// Gives numbers the shape of a parameter, or nil where they are none of its kind.
    public typealias Fitting = (Tensor) throws -> Tensor?
    /// How parameters take numbers of another shape, by name, where they do.
    var fittings: [String: Fitting] = [:]
    private let seed: Int
    private let device: Device
    private var names: Set<String> = []

    /// Creates an empty store; each parameter starts from numbers drawn by the seed and its own name.
    public init(seed: Int, on device: Device = .cpu) {
        self.seed = seed
        self.device = device
    }

    /// The scope at the root.
    public var root: ParameterScope { ParameterScope(of: self) }

    /// Every tensor by its name, parameters first.
    public var tensors: [(name: String, tensor: Tensor)] { parameters.map { ($0.name, $0.tensor) } + buffers }

    /// The numbers that learn, counted.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.tensor.count } }

    func addParameter(
        _ name: String, _ shape: [Int], _ initial: InitialValue, precision: ScalarType
    ) throws -> Parameter {
        try claim(name)
        let tensor: Tensor
        var generator = SeededGenerator(seed: UInt64(bitPattern: Int64(seed)), "parameter", name)
        let count = shape.reduce(1, *)
        switch initial {
        case _ where device == .shapesOnly:
            tensor = try Tensor(repeating: 0, shape: shape, on: device)
        case .constant(let value):
            tensor = try Tensor(repeating: value, shape: shape, on: device)
        case .normal(let deviation):
            tensor = try Tensor(
                (0..<count).map { _ in Float(generator.normal(deviation: deviation)) }, shape: shape, on: device)
        case .uniform(let bound):
            tensor = try Tensor(
                (0..<count).map { _ in Float(generator.uniform(-bound...bound)) }, shape: shape, on: device)
        }
        let parameter = try Parameter(name: name, tensor: tensor, precision: precision)
        parameters.append(parameter)
        return parameter
    }

    func addBuffer(_ name: String, _ shape: [Int], _ value: Double) throws -> Tensor {
        try claim(name)
        let tensor = try Tensor(repeating: value, shape: shape, on: device)
        buffers.append((name, tensor))
        return tensor
    }

    private func claim(_ name: String) throws {
        guard names.insert(name).inserted else { throw ParameterError.duplicate(name: name) }
    }

    /// Writes every tensor under its name.
    public func save(to url: URL, metadata: [String: String] = [:]) throws {
        try Safetensors.write(tensors, metadata: metadata, to: url)
    }
}
