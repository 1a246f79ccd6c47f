import Basics
import Checkpoints
import Foundation

/// A file of named tensors.
public protocol TensorFile: Sendable {
    /// The file's path.
    var path: String { get }

    /// The tensors' names, sorted.
    var names: [String] { get }

    /// The shape of a tensor, or nil for a name the file does not have.
    func shape(of name: String) -> [Int]?

    /// Reads one tensor, in the type that the file has.
    ///
    /// - Throws: ``SafetensorsError/noTensor(path:name:nearest:)``, ``TorchError``.
    func tensor(_ name: String) throws -> Tensor
}

/// Weights in either form that networks are published in.
public enum WeightsFile {
    /// Opens a safetensors file, or a checkpoint of plain tensors that PyTorch wrote; its contents tell them apart.
    ///
    /// - Throws: ``FileError``, ``SafetensorsError``, `CheckpointError`.
    public static func read(_ url: URL) throws -> any TensorFile {
        let start = try FileError.contents(of: url, mapped: true).prefix(2)
        return Checkpoint.isArchive(start) ? try Checkpoint.read(url) : try Safetensors.read(url)
    }
}

extension Checkpoint: TensorFile {
    public var names: [String] { entries.keys.sorted() }

    public func shape(of name: String) -> [Int]? { entries[name]?.shape }

    public func tensor(_ name: String) throws -> Tensor {
        let tensor = try withBytes(of: name) { bytes in
            try entries[name].map { try Tensor(bytes: bytes, type: ScalarType($0.type), shape: $0.shape) }
        }
        guard let tensor = tensor ?? nil else {
            throw SafetensorsError.noTensor(
                path: path, name: name, nearest: Spelling.nearest(to: name, among: entries.keys))
        }
        return tensor
    }
}

extension ScalarType {
    fileprivate init(_ type: Checkpoint.NumberType) {
        self =
            switch type {
            case .float64: .float64
            case .float32: .float32
            case .float16: .float16
            case .bfloat16: .bfloat16
            case .int64: .int64
            }
    }
}
