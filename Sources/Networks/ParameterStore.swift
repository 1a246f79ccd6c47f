import Basics
import Foundation
import Torch

/// All parameters and buffers of a network, in the order in which its layers create them.
public final class ParameterStore {
    /// The trainable tensors.
    public private(set) var parameters: [Parameter] = []
    /// The tensors that are saved but not trained.
    public private(set) var buffers: [(name: String, tensor: Tensor)] = []
    /// Converts numbers to a parameter's shape; nil if they do not suit the parameter.
    public typealias Fitting = (Tensor) throws -> Tensor?
    /// The conversions of parameters that accept another shape, by name.
    var fittings: [String: Fitting] = [:]
    private let seed: Int
    /// The device of all tensors.
    public let device: Device
    private var names: Set<String> = []

    /// Creates an empty store. The seed and a parameter's own name determine its initial numbers.
    public init(seed: Int, on device: Device = .cpu) {
        self.seed = seed
        self.device = device
    }

    /// The scope at the root.
    public var root: ParameterScope { ParameterScope(of: self) }

    /// Every tensor by its name, parameters first.
    public var tensors: [(name: String, tensor: Tensor)] { parameters.map { ($0.name, $0.tensor) } + buffers }

    /// The number of trainable numbers.
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

extension ParameterStore {
    /// Fills the tensors below `prefix` from a file whose names lack that prefix.
    ///
    /// Every name and shape must agree before the first tensor changes. Numbers are converted to the network's type;
    /// F16 and BF16 become float32 without loss.
    ///
    /// The file may have `leftOvers` in addition to the network's tensors. `fitting` lets a layer convert numbers of
    /// another shape, because published weights were trained at one image size but are used at any.
    ///
    /// - Throws: ``ParameterError/mismatch(_:)``, ``ParameterError/otherPrefix(path:found:expected:)``,
    ///   ``TorchError``.
    public func load(
        _ file: any TensorFile, under prefix: String = "", leaving leftOvers: LeftOvers = .buffers,
        fitting: Bool = false
    ) throws {
        var wanted: [String: Tensor] = [:]
        for (name, tensor) in tensors where name.hasPrefix(prefix) {
            wanted[String(name.dropFirst(prefix.count))] = tensor
        }
        let missing = wanted.keys.filter { file.shape(of: $0) == nil }.sorted()
        let unexpected = file.names.filter { wanted[$0] == nil && !leftOvers.include($0) }
        var fitted: [String: Tensor] = [:]
        let misshapen = try wanted.keys.sorted().compactMap { name -> ParameterMismatch.Shape? in
            guard let expected = wanted[name]?.shape, let found = file.shape(of: name), found != expected else {
                return nil
            }
            if fitting, let tensor = try fittings[prefix + name]?(file.tensor(name)) {
                fitted[name] = tensor
                return nil
            }
            return .init(name: name, found: found, expected: expected)
        }
        guard missing.isEmpty, unexpected.isEmpty, misshapen.isEmpty else {
            if let found = otherPrefix(of: file, wanted: wanted) {
                throw ParameterError.otherPrefix(path: file.path, found: found.found, expected: found.expected)
            }
            throw ParameterError.mismatch(
                ParameterMismatch(path: file.path, missing: missing, unexpected: unexpected, misshapen: misshapen))
        }
        for (name, tensor) in wanted { try tensor.assign(fitted[name] ?? file.tensor(name)) }
    }

    /// The prefix with which the file would have all wanted names, if there is one: its names begin with `found`
    /// instead of `expected`.
    private func otherPrefix(
        of file: any TensorFile, wanted: [String: Tensor]
    ) -> (found: String, expected: String)? {
        // If one name has another prefix, all others must have the same.
        guard let probe = wanted.keys.max(by: { ($0.count, $0) < ($1.count, $1) }) else { return nil }
        func holds(_ rename: (String) -> String) -> Bool {
            wanted.allSatisfy { file.shape(of: rename($0.key)) == $0.value.shape }
        }
        for name in file.names {
            if name.hasSuffix(".\(probe)") {
                let prefix = String(name.dropLast(probe.count))
                if holds({ prefix + $0 }) { return (prefix, "") }
            } else if probe.hasSuffix(".\(name)") {
                let prefix = String(probe.dropLast(name.count))
                let isCommon = wanted.keys.allSatisfy { $0.hasPrefix(prefix) }
                if isCommon, holds({ String($0.dropFirst(prefix.count)) }) { return ("", prefix) }
            }
        }
        return nil
    }
}

/// Names in a file of weights that the network does not use.
public struct LeftOvers: Sendable, Equatable {
    /// The parts of the published network that are left out, such as `head.fc`.
    public let parts: [String]

    /// Buffers that older versions of PyTorch and timm saved and that are now computed, by the last part of the name.
    private static let bufferNames: Set = ["attn_mask", "num_batches_tracked", "relative_position_index"]

    /// Only buffers that are computed.
    public static let buffers = LeftOvers(parts: [])

    /// Those buffers, and a classifier.
    public static func classifier(_ name: String) -> LeftOvers { LeftOvers(parts: [name]) }

    /// Those buffers, and parts that this network does not have.
    public static func parts(_ names: [String]) -> LeftOvers { LeftOvers(parts: names) }

    /// Whether a name may be left over.
    func include(_ name: String) -> Bool {
        if parts.contains(where: { name == $0 || name.hasPrefix("\($0).") }) { return true }
        return name.split(separator: ".").last.map { Self.bufferNames.contains(String($0)) } ?? false
    }
}

/// A network and a file of weights that do not fit each other, or a network built incorrectly.
public enum ParameterError: Error, Equatable, CustomStringConvertible {
    case duplicate(name: String)
    case mismatch(ParameterMismatch)
    /// The file has everything in the right shape, but its names begin with `found` instead of `expected`.
    case otherPrefix(path: String, found: String, expected: String)

    public var description: String {
        switch self {
        case .duplicate(let name): "Two parameters have the name \(quoted: name). Give each layer its own scope."
        case .mismatch(let mismatch): mismatch.description
        case .otherPrefix(let path, let found, ""):
            """
            \(path): these are the right weights, but every name begins with \(quoted: found), as if the network \
            were part of another one. Write the file again without that prefix.
            """
        case .otherPrefix(let path, _, let expected):
            """
            \(path): these are the right weights, but the names lack the prefix \(quoted: expected). Write the file \
            again with that prefix.
            """
        }
    }
}

/// The differences between the names and shapes of a file and of a network.
public struct ParameterMismatch: Sendable, Equatable, CustomStringConvertible {
    /// A tensor that both have, in different shapes.
    public struct Shape: Sendable, Equatable {
        public let name: String
        public let found: [Int]
        public let expected: [Int]
    }

    public let path: String
    /// The names that the network has and the file lacks, sorted.
    public let missing: [String]
    /// The names that the file has and the network lacks, sorted.
    public let unexpected: [String]
    public let misshapen: [Shape]

    private static let shown = 3

    public var description: String {
        let parts = [
            Self.list("missing", missing, near: unexpected), Self.list("unexpected", unexpected, near: missing),
            Self.list("of another shape", misshapen) { "\($0.name) is \($0.found), not \($0.expected)" },
        ]
        return "\(path): these weights are from another network (\(parts.compactMap(\.self).joined(separator: "; "))). "
            + "Choose the backbone they were made for."
    }

    /// Suggests for each name the nearest of those that only the other side has.
    private static func list(_ title: String, _ names: [String], near others: [String]) -> String? {
        list(title, names) { name in
            "\(quoted: name)" + (Spelling.nearest(to: name, among: others).map { " (nearest: \(quoted: $0))" } ?? "")
        }
    }

    private static func list<Item>(_ title: String, _ items: [Item], _ text: (Item) -> String) -> String? {
        guard !items.isEmpty else { return nil }
        let rest = items.count - shown
        return "\(items.count) \(title): \(items.prefix(shown).map(text).joined(separator: ", "))"
            + (rest > 0 ? " and \(rest) more" : "")
    }
}
