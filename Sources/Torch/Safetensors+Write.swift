import Basics
import Foundation

extension Safetensors {
    /// Writes tensors as they are, in the order given; beside and renamed.
    ///
    /// One tensor at a time is copied, so that a model need not fit into memory twice.
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
        // The tensors begin at a multiple of 8, as the format asks.
        text += String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
        try AtomicFile.stream(to: url) { file in
            try file.write(contentsOf: withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { Data($0) })
            try file.write(contentsOf: Data(text.utf8))
            for (_, tensor) in tensors { try file.write(contentsOf: tensor.contents()) }
        }
    }
}
