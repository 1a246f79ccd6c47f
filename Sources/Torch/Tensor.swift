import CTorch
import Foundation

/// The type of a tensor's numbers.
public enum ScalarType: Sendable, Equatable {
    case float32, float64, float16, bfloat16, int64

    var raw: wb_scalar_type {
        switch self {
        case .float32: WB_FLOAT32
        case .float64: WB_FLOAT64
        case .float16: WB_FLOAT16
        case .bfloat16: WB_BFLOAT16
        case .int64: WB_INT64
        }
    }
}

/// An array of numbers of any rank, on the CPU or a graphics card.
///
/// A tensor owns its memory and frees it with the last reference. It stays within one task: only arrays of numbers
/// cross. Only the operands decide whether an operation records gradients (``detached()``).
public final class Tensor {
    let handle: OpaquePointer

    /// Takes over a handle that the shim made.
    init(handle: OpaquePointer) { self.handle = handle }

    deinit { wb_tensor_free(handle) }

    /// Creates a float32 tensor.
    ///
    /// - Throws: ``TorchError`` if `values` does not have the number of elements of `shape`.
    public convenience init(_ values: [Float], shape: [Int], on device: Device = .cpu) throws {
        try self.init(handle: Self.created(values, .float32, shape, device))
    }

    /// Creates a float64 tensor.
    public convenience init(_ values: [Double], shape: [Int], on device: Device = .cpu) throws {
        try self.init(handle: Self.created(values, .float64, shape, device))
    }

    /// Creates an int64 tensor, such as class labels.
    public convenience init(_ values: [Int], shape: [Int], on device: Device = .cpu) throws {
        try self.init(handle: Self.created(values.map(Int64.init), .int64, shape, device))
    }

    /// Creates a tensor of one value.
    public convenience init(
        repeating value: Double, shape: [Int], type: ScalarType = .float32, on device: Device = .cpu
    ) throws {
        let dimensions = shape.map(Int64.init)
        try self.init(
            handle: made("full \(shape)") {
                wb_tensor_full(value, type.raw, dimensions, dimensions.count, device.number, $0, $1)
            })
    }

    /// Creates a tensor from bytes that hold `shape`'s elements of `type`, row by row.
    convenience init(
        bytes: UnsafeRawBufferPointer, type: ScalarType, shape: [Int], on device: Device = .cpu
    ) throws {
        try self.init(handle: Self.created(bytes, type, shape, device))
    }

    private static func created<Element>(
        _ elements: [Element], _ type: ScalarType, _ shape: [Int], _ device: Device
    ) throws -> OpaquePointer {
        guard elements.count == shape.reduce(1, *) else {
            throw TorchError(
                operation: "create", shapes: [shape],
                message: "\(elements.count) values do not fill the shape, which needs \(shape.reduce(1, *))")
        }
        return try elements.withUnsafeBytes { try created($0, type, shape, device) }
    }

    private static func created(
        _ bytes: UnsafeRawBufferPointer, _ type: ScalarType, _ shape: [Int], _ device: Device
    ) throws -> OpaquePointer {
        let dimensions = shape.map(Int64.init)
        return try made("create \(shape)") { handle, error in
            // An empty array can lack an address, but the shim needs one.
            withUnsafeTemporaryAllocation(byteCount: 8, alignment: 8) { spare in
                guard let address = bytes.baseAddress ?? UnsafeRawBufferPointer(spare).baseAddress else { return 1 }
                return wb_tensor_create(
                    address, type.raw, dimensions, dimensions.count, device.number, handle, error)
            }
        }
    }

    /// The length of every dimension.
    public var shape: [Int] {
        (0..<wb_tensor_rank(handle)).map { Int(wb_tensor_size(handle, $0)) }
    }

    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }

    /// The type of the numbers.
    public var type: ScalarType {
        switch wb_tensor_type(handle) {
        case WB_FLOAT64: .float64
        case WB_FLOAT16: .float16
        case WB_BFLOAT16: .bfloat16
        case WB_INT64: .int64
        default: .float32
        }
    }

    /// The device that holds the numbers.
    public var device: Device { Device(number: wb_tensor_device(handle)) }

    /// The numbers as float32, row by row.
    public func floats() throws -> [Float] { try copy(.float32) }

    /// The numbers as float64, row by row.
    public func doubles() throws -> [Double] { try copy(.float64) }

    /// The numbers as integers, row by row.
    public func integers() throws -> [Int] { try (copy(.int64) as [Int64]).map(Int.init) }

    /// The only number of a tensor with one element.
    public func item() throws -> Double {
        let values = try doubles()
        guard values.count == 1 else {
            throw TorchError(operation: "item", shapes: [shape], message: "the tensor has \(values.count) elements")
        }
        return values[0]
    }

    /// The bytes of the numbers, unconverted, row by row.
    func contents() throws -> Data {
        let count = count
        var data = Data(count: count * type.width)
        try data.withUnsafeMutableBytes { bytes in
            guard let address = bytes.baseAddress, count > 0 else { return }
            try checked("copy", [self]) { wb_tensor_copy_out(handle, type.raw, address, count, $0) }
        }
        return data
    }

    private func copy<Element>(_ type: ScalarType) throws -> [Element] {
        let count = count
        return try [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            // An empty array has no storage, and nothing to copy.
            guard let address = buffer.baseAddress, count > 0 else { return }
            try checked("copy", [self]) { wb_tensor_copy_out(handle, type.raw, address, count, $0) }
            initialized = count
        }
    }
}
