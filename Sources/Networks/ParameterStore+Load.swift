import Basics
import Torch

extension ParameterStore {
    /// Fills the tensors below `prefix` from a file whose names lack that prefix.
    ///
    /// Every name and shape has to agree before the first tensor is touched. Numbers are converted to the kind that the
    /// network computes with; F16 and BF16 become float32 without loss.
    ///
    /// - Parameters:
    ///   - leftOvers: What the file may have beside what the network takes.
    ///   - fitting: Whether numbers of another shape may be fitted where a layer knows how: published weights were
    ///     trained at one image size, and used at any.
    /// - Throws: ``ParameterError/mismatch(_:)``, ``ParameterError/otherPrefix(path:found:expected:)``,
    ///   ``TorchError``.
    public func load(
        _ file: Safetensors, under prefix: String = "", leaving leftOvers: LeftOvers = .buffers, fitting: Bool = false
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

    /// The prefix by which all that is wanted would be found in the file, where there is one: `found` stands before the
    /// file's names in place of `expected`.
    private func otherPrefix(
        of file: Safetensors, wanted: [String: Tensor]
    ) -> (found: String, expected: String)? {
        // Wherever the first name went, all others must have gone with it.
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

/// Names of a file of weights that its network is not meant to have.
public struct LeftOvers: Sendable, Equatable {
    /// The parts of the published network that are left off, such as `head.fc`.
    public let parts: [String]

    /// Buffers that older versions of PyTorch and timm saved and that are computed anew, by the last part of the name.
    private static let bufferNames: Set = ["attn_mask", "num_batches_tracked", "relative_position_index"]

    /// Only buffers that are computed anew.
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
