import CTorch

/// A tensor operation that libtorch refused.
public struct TorchError: Error, Equatable, CustomStringConvertible {
    /// The operation, such as `conv2d`.
    public let operation: String
    /// The shapes of the operands, in order.
    public let shapes: [[Int]]
    /// libtorch's message.
    public let message: String

    /// Whether the device had too little memory: the words of the allocators of CUDA and of the CPU.
    public var isOutOfMemory: Bool {
        let words = message.lowercased()
        return ["out of memory", "not enough memory", "can't allocate memory"].contains { words.contains($0) }
    }

    public var description: String {
        let operands = shapes.map { "\($0)" }.joined(separator: ", ")
        return "\(operation)\(shapes.isEmpty ? "" : " of \(operands)") failed: \(message)"
    }
}

/// Calls the shim and turns a status that is not 0 into a thrown error.
func checked(_ operation: String, _ operands: [Tensor] = [], _ call: (UnsafeMutablePointer<wb_error>) -> Int32) throws {
    var error = wb_error()
    guard call(&error) != 0 else { return }
    let message = withUnsafeBytes(of: &error.message) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    throw TorchError(operation: operation, shapes: operands.map(\.shape), message: message)
}

/// Calls a function of the shim that makes a tensor. Returns the handle, which the caller owns.
func made(
    _ operation: String, _ operands: [Tensor] = [],
    _ call: (UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<wb_error>) -> Int32
) throws -> OpaquePointer {
    var handle: OpaquePointer?
    try checked(operation, operands) { call(&handle, $0) }
    guard let handle else {
        throw TorchError(operation: operation, shapes: operands.map(\.shape), message: "libtorch returned no tensor")
    }
    return handle
}

/// Calls a function of the shim that makes a tensor.
func produced(
    _ operation: String, _ operands: [Tensor] = [],
    _ call: (UnsafeMutablePointer<OpaquePointer?>, UnsafeMutablePointer<wb_error>) -> Int32
) throws -> Tensor {
    Tensor(handle: try made(operation, operands, call))
}
