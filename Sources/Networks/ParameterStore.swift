import Basics
import Foundation
import Torch

/// All parameters and buffers of a network, in the order in which its layers made them.
public final class ParameterStore {
    /// The tensors that learn.
    public private(set) var parameters: [Parameter] = []
    /// The tensors that are saved but do not learn.
    public private(set) var buffers: [(name: String, tensor: Tensor)] = []
    private let seed: Int
    private let device: Device
    private var names: Set<String> = []

    /// Creates an empty store; each parameter starts from numbers drawn by the seed and its own name.
    public init(seed: Int, on device: Device = .cpu) {
        self.seed = seed
        self.device = device
    }

    /// The scope at the root.
    public var root: ParameterScope { ParameterScope(store: self, path: "") }

    /// Every tensor by its name, parameters first.
    public var tensors: [(name: String, tensor: Tensor)] { parameters.map { ($0.name, $0.tensor) } + buffers }

    /// The numbers that learn, counted.
    public var parameterCount: Int { parameters.reduce(0) { $0 + $1.tensor.count } }

    func addParameter(_ name: String, _ shape: [Int], _ initial: InitialValue) throws -> Parameter {
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
        let parameter = try Parameter(name: name, tensor: tensor)
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

    /// Fills the tensors below `prefix` from a file whose names lack that prefix.
    ///
    /// - Parameter ignored: Names of the file that the network is not meant to have, such as a classifier.
    /// - Throws: ``ParameterError/mismatch(path:missing:unknown:shapes:)`` unless every name and shape agrees.
    public func load(
        _ file: Safetensors, under prefix: String = "", ignoring ignored: (String) -> Bool = { _ in false }
    ) throws {
        let targets = tensors.filter { $0.name.hasPrefix(prefix) }
        let wanted = Dictionary(targets.map { (String($0.name.dropFirst(prefix.count)), $0.tensor) }) { first, _ in
            first
        }
        let given = file.names.filter { !ignored($0) }
        let missing = wanted.keys.filter { file.shape(of: $0) == nil }.sorted()
        let unknown = given.filter { wanted[$0] == nil }
        let shapes = given.compactMap { name -> String? in
            guard let tensor = wanted[name], let shape = file.shape(of: name), tensor.shape != shape else { return nil }
            return "\(name) is \(shape), not \(tensor.shape)"
        }
        guard missing.isEmpty, unknown.isEmpty, shapes.isEmpty else {
            throw ParameterError.mismatch(path: file.path, missing: missing, unknown: unknown, shapes: shapes)
        }
        for name in given { try wanted[name]?.assign(file.tensor(name)) }
    }

    /// Writes every tensor under its name.
    public func save(to url: URL, metadata: [String: String] = [:]) throws {
        try Safetensors.write(tensors, metadata: metadata, to: url)
    }
}

/// A network and a file of weights that do not belong together, or a network built wrongly.
public enum ParameterError: Error, Equatable, CustomStringConvertible {
    case duplicate(name: String)
    case mismatch(path: String, missing: [String], unknown: [String], shapes: [String])

    public var description: String {
        switch self {
        case .duplicate(let name): return "Two parameters are called '\(name)'. Give each layer a scope of its own."
        case .mismatch(let path, let missing, let unknown, let shapes):
            func list(_ title: String, _ names: [String]) -> String? {
                guard !names.isEmpty else { return nil }
                let shown = names.prefix(3).joined(separator: ", ")
                return "\(title) \(names.count): \(shown)\(names.count > 3 ? ", …" : "")"
            }
            let parts = [
                list("missing", missing), list("not in the network", unknown), list("of another shape", shapes),
            ]
            return
                "\(path): these weights are of another network (\(parts.compactMap(\.self).joined(separator: "; "))). "
                + "Choose the backbone they were made for."
        }
    }
}
