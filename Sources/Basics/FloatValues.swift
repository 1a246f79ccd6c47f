import Foundation

/// Single-precision numbers, in memory or in a mapped file whose pages are read on demand.
///
/// A copy shares the storage. A mapped file must not be changed in place while in use. Artefacts of a run never are,
/// because ``AtomicFile`` replaces the whole file.
public struct FloatValues: Sendable {
    private enum Storage: Sendable {
        case array([Float])
        case mapped(Data, offset: Int, count: Int)
    }

    private let storage: Storage

    /// Wraps numbers in memory.
    public init(_ values: [Float]) { storage = .array(values) }

    /// The `count` little-endian numbers that follow the first `offset` bytes of `data`, which must hold them.
    ///
    /// They are not copied if they are aligned to their size, as in every `.npy` file of NumPy.
    init(_ data: Data, offset: Int, count: Int) {
        precondition(offset + count * 4 <= data.count, "\(count) numbers do not fit in \(data.count) bytes")
        guard offset % 4 != 0 else {
            storage = .mapped(data, offset: offset, count: count)
            return
        }
        storage = .array(
            [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
                let start = data.startIndex + offset
                data.copyBytes(to: UnsafeMutableRawBufferPointer(buffer), from: start..<start + count * 4)
                initialized = count
            })
    }

    /// Calls `body` with the contiguous numbers; the pointer must not outlive the call.
    public func withUnsafeBufferPointer<Result>(
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        switch storage {
        case .array(let values): try values.withUnsafeBufferPointer(body)
        case .mapped(let data, let offset, let count):
            try data.withUnsafeBytes { bytes in
                let part = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count * 4])
                return try body(part.assumingMemoryBound(to: Float.self))
            }
        }
    }
}

extension FloatValues: RandomAccessCollection {
    public var startIndex: Int { 0 }

    public var endIndex: Int {
        switch storage {
        case .array(let values): values.count
        case .mapped(_, _, let count): count
        }
    }

    public subscript(index: Int) -> Float {
        switch storage {
        case .array(let values): values[index]
        case .mapped: withUnsafeBufferPointer { $0[index] }
        }
    }

    /// Gives direct access to the numbers, so that copying them is a single move.
    public func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result? {
        try withUnsafeBufferPointer(body)
    }
}

extension FloatValues: Equatable {
    /// Whether both hold the same numbers in the same order, regardless of storage.
    public static func == (first: FloatValues, second: FloatValues) -> Bool {
        first.withUnsafeBufferPointer { first in second.withUnsafeBufferPointer(first.elementsEqual) }
    }
}
