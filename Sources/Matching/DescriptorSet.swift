import CMatching
import Foundation

/// The descriptors of photographs, without their keypoints.
public struct DescriptorSet: Sendable {
    private enum Storage: Sendable {
        case bytes([Data])
        case floats([[Float]])
    }

    /// The numbers of a descriptor.
    public let columns: Int
    /// The number of each photograph's descriptors.
    public let counts: [Int]
    /// The reciprocals of each photograph's descriptors' lengths; 0 for a descriptor of zeros.
    let scales: [[Float]]
    private let storage: Storage

    /// The most numbers of a descriptor. An inner product of this many pairs of bytes is a whole number below 2^24,
    /// which single precision holds exactly, in whatever order it is summed.
    public static let mostColumns = 256
    /// The greatest number of a descriptor; products of greater ones could overflow.
    private static let greatest: Float = 1e6

    /// Descriptors as bytes, such as those of a file of features, which are not copied.
    ///
    /// - Parameters:
    ///   - columns: The numbers of a descriptor, in `1...256`.
    ///   - photographs: For each photograph at most 8192 descriptors, row by row: `count × columns` bytes.
    /// - Throws: ``MatchingError/badDescriptors(photograph:problem:)``,
    ///   ``MatchingError/badSetting(name:value:range:)``.
    public init(columns: Int, bytes photographs: [Data]) throws(MatchingError) {
        try self.init(columns: columns, sizes: photographs.map(\.count), .bytes(photographs))
    }

    /// Descriptors as single-precision numbers, such as those of a learned extractor.
    ///
    /// - Parameters:
    ///   - columns: The numbers of a descriptor, in `1...256`.
    ///   - photographs: For each photograph at most 8192 descriptors, row by row: `count × columns` numbers, in
    ///     `-1e6...1e6`.
    /// - Throws: ``MatchingError/badDescriptors(photograph:problem:)``,
    ///   ``MatchingError/badSetting(name:value:range:)``.
    public init(columns: Int, values photographs: [[Float]]) throws(MatchingError) {
        for (photograph, values) in photographs.enumerated() where !values.allSatisfy({ abs($0) <= Self.greatest }) {
            throw .badDescriptors(
                photograph: photograph, problem: "they hold NaN, infinity or a number beyond \(Self.greatest)")
        }
        try self.init(columns: columns, sizes: photographs.map(\.count), .floats(photographs))
    }

    /// The descriptors of features, of `columns` numbers each.
    ///
    /// - Throws: ``MatchingError/badDescriptors(photograph:problem:)`` for features of another width,
    ///   ``MatchingError/badSetting(name:value:range:)``.
    public init(columns: Int, _ features: [LocalFeatures]) throws(MatchingError) {
        for (photograph, features) in features.enumerated() where features.columns != columns {
            throw .badDescriptors(
                photograph: photograph, problem: "they have \(features.columns) numbers instead of \(columns)")
        }
        try self.init(columns: columns, bytes: features.map(\.descriptors))
    }

    private init(columns: Int, sizes: [Int], _ storage: Storage) throws(MatchingError) {
        guard (1...Self.mostColumns).contains(columns) else {
            throw .badSetting(name: "The width of descriptors", value: "\(columns)", range: "1 to \(Self.mostColumns)")
        }
        for (photograph, size) in sizes.enumerated() {
            guard size % columns == 0, size / columns <= LocalFeatures.mostKeypoints else {
                throw .badDescriptors(
                    photograph: photograph,
                    problem: "\(size) numbers are not at most \(LocalFeatures.mostKeypoints) descriptors of \(columns)")
            }
        }
        self.columns = columns
        self.counts = sizes.map { $0 / columns }
        self.storage = storage
        scales =
            switch storage {
            case .bytes(let all): all.map { $0.withUnsafeBytes { Self.scales($0, columns) { Double($0) } } }
            case .floats(let all): all.map { $0.withUnsafeBufferPointer { Self.scales($0, columns) { Double($0) } } }
            }
    }

    private init(columns: Int, counts: [Int], scales: [[Float]], storage: Storage) {
        self.columns = columns
        self.counts = counts
        self.scales = scales
        self.storage = storage
    }

    /// The given photographs, in the given order.
    public func selecting(_ photographs: [Int]) -> DescriptorSet {
        let selected: Storage =
            switch storage {
            case .bytes(let all): .bytes(photographs.map { all[$0] })
            case .floats(let all): .floats(photographs.map { all[$0] })
            }
        return DescriptorSet(
            columns: columns, counts: photographs.map { counts[$0] }, scales: photographs.map { scales[$0] },
            storage: selected)
    }

    /// Whether the descriptors are bytes in a width that products of bytes need.
    var hasByteProducts: Bool {
        guard case .bytes = storage else { return false }
        return columns % 4 == 0 && wb_has_byte_products() != 0
    }

    /// Calls `body` with a photograph's descriptors, if it has any and they are bytes.
    func withBytes(of photograph: Int, _ body: (_ bytes: UnsafePointer<UInt8>) -> Void) {
        guard case .bytes(let all) = storage, counts[photograph] > 0 else { return }
        all[photograph].withUnsafeBytes { bytes in
            guard let bytes = bytes.assumingMemoryBound(to: UInt8.self).baseAddress else { return }
            body(bytes)
        }
    }

    /// Copies a photograph's descriptors as floats.
    ///
    /// - Complexity: O(count · columns).
    func copy(_ photograph: Int, to rows: UnsafeMutablePointer<Float>) {
        switch storage {
        case .bytes: withBytes(of: photograph) { wb_widen($0, counts[photograph] * columns, rows) }
        case .floats(let all): rows.update(from: all[photograph], count: all[photograph].count)
        }
    }

    /// The sum of the numbers of descriptors of photographs.
    func count(of photographs: Range<Int>) -> Int { photographs.reduce(0) { $0 + counts[$1] } }

    /// Squared lengths are summed in double precision, in which those of bytes are exact.
    private static func scales<Values: RandomAccessCollection<Number>, Number>(
        _ values: Values, _ columns: Int, _ double: (Number) -> Double
    ) -> [Float] where Values.Index == Int {
        stride(from: 0, to: values.count, by: columns).map { start in
            var square = 0.0
            for index in start..<start + columns { square += double(values[index]) * double(values[index]) }
            return square > 0 ? Float(1 / square.squareRoot()) : 0
        }
    }
}
