import Basics
import Foundation

/// The tensors of a checkpoint that PyTorch wrote: a ZIP archive with a pickle and the numbers of each storage.
///
/// Nothing in the file is executed; see ``Unpickler``. The file stays mapped: only the requested tensors are read.
///
/// Source: torch/serialization.py of PyTorch 1.6 and later.
public struct Checkpoint: Sendable {
    /// The type of a tensor's numbers.
    public enum NumberType: String, Sendable {
        case float64 = "DoubleStorage"
        case float32 = "FloatStorage"
        case float16 = "HalfStorage"
        case bfloat16 = "BFloat16Storage"
        case int64 = "LongStorage"

        /// Bytes of one number.
        public var width: Int {
            switch self {
            case .float64, .int64: 8
            case .float32: 4
            case .float16, .bfloat16: 2
            }
        }
    }

    /// A tensor: its place in the file.
    public struct Entry: Sendable, Equatable {
        public let type: NumberType
        public let shape: [Int]
        /// Numbers from one index to the next, for each dimension.
        let strides: [Int]
        /// The bytes of the numbers that it may use; its first number is at the start.
        let bytes: Range<Int>

        /// The number of elements.
        var count: Int { shape.reduce(1, *) }

        /// Whether the numbers lie row by row.
        var isContiguous: Bool {
            var step = 1
            for (length, stride) in zip(shape, strides).reversed() {
                if length != 1, stride != step { return false }
                step *= length
            }
            return true
        }
    }

    /// The file's path.
    public let path: String
    /// The tensors by name.
    public let entries: [String: Entry]
    private let data: Data

    /// The largest pickle, bytes; that of a large network has a hundredth of it.
    static let longestPickle = 8 << 20

    /// Opens a file and checks its archive, its pickle and the place of each tensor.
    ///
    /// - Throws: ``FileError`` for a file that cannot be read, ``CheckpointError`` for one that is damaged or has more
    ///   than tensors.
    public static func read(_ url: URL) throws -> Checkpoint {
        let data = try FileError.contents(of: url, mapped: true)
        do throws(CheckpointFlaw) {
            return Checkpoint(path: url.path, entries: try entries(of: data), data: data)
        } catch {
            throw CheckpointError(path: url.path, flaw: error)
        }
    }

    /// Whether a file begins as an archive.
    public static func isArchive(_ data: Data) -> Bool { data.starts(with: [0x50, 0x4B]) }

    private static func entries(of data: Data) throws(CheckpointFlaw) -> [String: Entry] {
        let archive = try StoredArchive(of: data).entries
        let pickles = archive.keys.filter { $0 == pickleName || $0.hasSuffix("/\(pickleName)") }.sorted()
        guard let pickle = pickles.first, let program = archive[pickle] else { throw .noPickle }
        guard pickles.count == 1 else { throw .severalPickles(pickles) }
        let root = String(pickle.dropLast(pickleName.count))
        guard archive[root + "constants.pkl"] == nil else { throw .script }
        if let order = archive[root + "byteorder"], !data[slice: order].elementsEqual("little".utf8) {
            throw .byteOrder
        }
        guard program.count <= longestPickle else {
            throw .pickleTooLong(bytes: program.count, limit: longestPickle)
        }
        var entries: [String: Entry] = [:]
        for (name, view) in try Unpickler.tensors(of: data[slice: program]) {
            let entry = try entry(view, named: name, in: archive, below: root)
            guard entries.updateValue(entry, forKey: name) == nil else { throw .duplicateTensor(name) }
        }
        guard !entries.isEmpty else { throw .noTensors }
        return entries
    }

    private static let pickleName = "data.pkl"

    private static func entry(
        _ view: Unpickler.TensorView, named name: String, in archive: [String: Range<Int>], below root: String
    ) throws(CheckpointFlaw) -> Entry {
        let storage = view.storage
        guard let type = NumberType(rawValue: storage.type) else { throw .unreadType(name: name, type: storage.type) }
        guard let place = archive["\(root)data/\(storage.key)"] else {
            throw .storageMissing(name: name, key: storage.key)
        }
        let (size, isTooLarge) = storage.count.multipliedReportingOverflow(by: type.width)
        guard !isTooLarge, size == place.count else {
            throw .storageSize(name: name, key: storage.key, numbers: storage.count, bytes: place.count)
        }
        guard let end = view.end, end <= storage.count else { throw .beyondStorage(name: name, shape: view.shape) }
        let start = view.offset * type.width
        return Entry(
            type: type, shape: view.shape, strides: view.strides,
            bytes: place.lowerBound + start..<place.lowerBound + end * type.width)
    }

    /// Calls `body` with the bytes of a tensor, row by row; nil for a name that the file does not have.
    public func withBytes<Result>(
        of name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result? {
        guard let entry = entries[name] else { return nil }
        return try data.withUnsafeBytes { all in
            let own = UnsafeRawBufferPointer(rebasing: all[entry.bytes])
            if entry.isContiguous { return try body(own) }
            return try Self.gathered(entry, own).withUnsafeBytes(body)
        }
    }

    /// The numbers of a tensor that do not lie row by row, in that order.
    private static func gathered(_ entry: Entry, _ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let width = entry.type.width
        var result: [UInt8] = []
        result.reserveCapacity(entry.count * width)
        var index = entry.shape.map { _ in 0 }
        for _ in 0..<entry.count {
            let start = zip(index, entry.strides).reduce(0) { $0 + $1.0 * $1.1 } * width
            result += bytes[start..<start + width]
            for dimension in index.indices.reversed() {
                index[dimension] += 1
                if index[dimension] < entry.shape[dimension] { break }
                index[dimension] = 0
            }
        }
        return result
    }
}

extension Unpickler.TensorView {
    /// The first number of the storage beyond the tensor; nil if the numbers are impossible, or if there are more
    /// elements than numbers, as in a tensor that repeats them.
    fileprivate var end: Int? {
        guard offset >= 0, shape.count == strides.count, shape.allSatisfy({ $0 >= 0 }),
            strides.allSatisfy({ $0 >= 0 })
        else { return nil }
        if shape.contains(0) { return offset <= storage.count ? offset : nil }
        var last = offset
        var count = 1
        for (length, stride) in zip(shape, strides) {
            let (reach, isFar) = (length - 1).multipliedReportingOverflow(by: stride)
            let (sum, isBeyond) = last.addingReportingOverflow(reach)
            let (product, isTooLarge) = count.multipliedReportingOverflow(by: length)
            guard !isFar, !isBeyond, !isTooLarge else { return nil }
            (last, count) = (sum, product)
        }
        return count <= storage.count && last < storage.count ? last + 1 : nil
    }
}

extension Data {
    /// The bytes from one place to another, counted from the first byte.
    fileprivate subscript(slice range: Range<Int>) -> Data {
        self[startIndex + range.lowerBound..<startIndex + range.upperBound]
    }
}
