import Basics
import Foundation

/// Named tensors in a safetensors file.
///
/// The file stays mapped: only the requested tensors are read.
///
/// Source: the format's description at github.com/huggingface/safetensors.
public struct Safetensors: TensorFile {
    public let path: String
    /// The file's own texts, such as the architecture.
    public var metadata: [String: String] { header.metadata }
    private let data: Data
    private let header: SafetensorsHeader

    public var names: [String] { header.entries.keys.sorted() }

    public func shape(of name: String) -> [Int]? { header.entries[name]?.shape }

    /// The kind of number of a tensor, or nil for a name the file does not have.
    public func type(of name: String) -> ScalarType? { header.entries[name]?.type }

    /// Opens a file and checks that its header and its length agree.
    ///
    /// - Throws: ``FileError`` for a file that cannot be read, ``SafetensorsError`` for one that is damaged.
    public static func read(_ url: URL) throws -> Safetensors {
        let data = try FileError.contents(of: url, mapped: true)
        do throws(SafetensorsHeader.Flaw) {
            return Safetensors(path: url.path, data: data, header: try SafetensorsHeader(of: data))
        } catch {
            // As a header's length, the first eight bytes of other files would be more than 4 GiB.
            let isForeign = data.count > 8 && data.prefix(8).dropFirst(4).contains { $0 != 0 }
            if isForeign, let kind = FileKind(of: data) { throw SafetensorsError.foreign(path: url.path, kind: kind) }
            throw SafetensorsError.damaged(path: url.path, flaw: error)
        }
    }

    private init(path: String, data: Data, header: SafetensorsHeader) {
        self.path = path
        self.data = data
        self.header = header
    }

    /// Reads one tensor, in the type that the file has.
    ///
    /// - Throws: ``SafetensorsError/noTensor(path:name:nearest:)``, ``TorchError``.
    public func tensor(_ name: String) throws -> Tensor {
        guard let entry = header.entries[name] else {
            throw SafetensorsError.noTensor(
                path: path, name: name, nearest: Spelling.nearest(to: name, among: header.entries.keys))
        }
        return try data.withUnsafeBytes { bytes in
            try Tensor(
                bytes: UnsafeRawBufferPointer(rebasing: bytes[entry.bytes]), type: entry.type, shape: entry.shape)
        }
    }
}

/// A safetensors file that is damaged, lacks a tensor or cannot be written.
public enum SafetensorsError: Error, Equatable, CustomStringConvertible {
    case damaged(path: String, flaw: SafetensorsHeader.Flaw)
    case foreign(path: String, kind: FileKind)
    case noTensor(path: String, name: String, nearest: String?)
    case duplicate(path: String, name: String)

    public var description: String {
        switch self {
        case .damaged(let path, let flaw): "\(path): \(flaw). Download or write the file again."
        case .foreign(let path, let kind):
            "\(path) is not a safetensors file but \(kind.name). "
                + (kind.remedy ?? "Give the weights as a safetensors file.")
        case .noTensor(let path, let name, let nearest):
            "\(path): there is no tensor \(quoted: name). "
                + (nearest.map { "The nearest name is \(quoted: $0)." }
                    ?? "Check that the file was written for this architecture.")
        case .duplicate(let path, let name):
            "\(path): cannot write two tensors under the name \(quoted: name). Give each its own."
        }
    }
}

extension Safetensors {
    /// Writes tensors unchanged, in the order given, to a temporary file and renames it.
    ///
    /// It copies one tensor at a time, so that a model need not fit into memory twice.
    ///
    /// - Throws: ``SafetensorsError/duplicate(path:name:)``, ``FileError``, ``TorchError``.
    public static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to url: URL
    ) throws {
        var header: [String: JSONValue] = [:]
        var end = 0
        for (name, tensor) in tensors {
            let start = end
            end += tensor.count * tensor.type.width
            let entry: JSONValue = [
                "dtype": .string(tensor.type.safetensorsName),
                "shape": .array(tensor.shape.map { .number(Double($0)) }),
                "data_offsets": .array([.number(Double(start)), .number(Double(end))]),
            ]
            guard header.updateValue(entry, forKey: name) == nil else {
                throw SafetensorsError.duplicate(path: url.path, name: name)
            }
        }
        if !metadata.isEmpty { header["__metadata__"] = .object(metadata.mapValues { .string($0) }) }
        var text = JSONValue.object(header).canonicalText
        // The format requires the tensors to begin at a multiple of 8.
        text += String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
        try AtomicFile.stream(to: url) { file in
            try file.write(contentsOf: withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { Data($0) })
            try file.write(contentsOf: Data(text.utf8))
            for (_, tensor) in tensors { try file.write(contentsOf: tensor.contents()) }
        }
    }
}
