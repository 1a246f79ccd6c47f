import Basics
import Foundation

/// The first part of a safetensors file, which says where each tensor is in the rest.
///
/// Eight bytes of length, little-endian, then JSON of that length; offsets count from its end. The format requires that
/// the tensors fill the rest without overlap or hole, and that no name appears twice.
public struct SafetensorsHeader: Sendable {
    struct Entry: Sendable {
        let type: ScalarType
        let shape: [Int]
        /// The tensor's bytes in the file.
        let bytes: Range<Int>
    }

    let metadata: [String: String]
    let entries: [String: Entry]

    /// The format's own limit, in bytes.
    static let longest = 100_000_000

    /// Reads and checks the header of a whole file.
    init(of file: Data) throws(Flaw) {
        guard file.count >= 8 else { throw .shorterThanLength(bytes: file.count) }
        let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(Self.longest) else { throw .headerTooLong(bytes: length, limit: Self.longest) }
        let start = 8 + Int(length)
        guard start <= file.count else { throw .headerCut(bytes: length, present: file.count - 8) }
        let members = try Self.members(of: file[8..<start])
        metadata = try Self.texts(of: members[Self.metadataName] ?? [:])
        var entries: [String: Entry] = [:]
        for (name, description) in members where name != Self.metadataName {
            let tensor = try RawTensor(description, name: name)
            guard let type = ScalarType(safetensors: tensor.type) else {
                throw .unreadType(name: name, type: tensor.type)
            }
            guard let size = type.bytes(of: tensor.shape) else {
                throw .shapeTooLarge(name: name, shape: tensor.shape)
            }
            guard tensor.begin <= tensor.end, tensor.end - tensor.begin == size else {
                throw .sizeMismatch(
                    name: name, shape: tensor.shape, bytes: size, begin: tensor.begin, end: tensor.end)
            }
            let (end, overflow) = start.addingReportingOverflow(tensor.end)
            guard !overflow, end <= file.count else {
                throw .beyondEnd(name: name, end: tensor.end, present: file.count - start)
            }
            entries[name] = Entry(type: type, shape: tensor.shape, bytes: (start + tensor.begin)..<end)
        }
        self.entries = entries
        try Self.checkCover(entries, start: start, end: file.count)
    }

    private static let metadataName = "__metadata__"

    private static func members(of text: Data) throws(Flaw) -> [String: JSONValue] {
        let json: JSONValue
        do throws(JSONSyntaxError) {
            json = try JSONValue(parsing: text, refusesRepeatedNames: true)
        } catch {
            if let name = error.repeatedName { throw .duplicate(name: name) }
            throw .notJSON(byte: error.offset)
        }
        guard let members = json.object else { throw .notJSON(byte: 0) }
        return members
    }

    private static func texts(of metadata: JSONValue) throws(Flaw) -> [String: String] {
        guard let members = metadata.object else { throw .wrong(name: metadataName, expected: "an object") }
        var texts: [String: String] = [:]
        for (key, value) in members {
            guard let text = value.string else { throw .wrong(name: "\(metadataName).\(key)", expected: "text") }
            texts[key] = text
        }
        return texts
    }

    /// A tensor as the header describes it, unchecked.
    private struct RawTensor {
        let type: String
        let shape: [Int]
        let begin: Int
        let end: Int

        init(_ description: JSONValue, name: String) throws(Flaw) {
            guard let members = description.object else { throw .wrong(name: name, expected: "an object") }
            let keys = ["dtype", "shape", "data_offsets"]
            if let missing = keys.first(where: { members[$0] == nil }) {
                throw .incomplete(name: name, missing: missing)
            }
            if let other = members.keys.filter({ !keys.contains($0) }).min() {
                throw .wrong(name: "\(name).\(other)", expected: "dtype, shape or data_offsets")
            }
            func numbers(_ key: String) throws(Flaw) -> [Int] {
                guard let numbers = members[key]?.integers, numbers.allSatisfy({ $0 >= 0 }) else {
                    throw .wrong(name: "\(name).\(key)", expected: "a list of whole numbers of at least 0")
                }
                return numbers
            }
            guard let type = members["dtype"]?.string else { throw .wrong(name: "\(name).dtype", expected: "text") }
            self.type = type
            shape = try numbers("shape")
            let offsets = try numbers("data_offsets")
            guard offsets.count == 2 else { throw .incomplete(name: name, missing: "two data_offsets") }
            (begin, end) = (offsets[0], offsets[1])
        }
    }

    private static func checkCover(_ entries: [String: Entry], start: Int, end: Int) throws(Flaw) {
        var covered = start
        var last: String?
        let ordered = entries.sorted {
            ($0.value.bytes.lowerBound, $0.value.bytes.upperBound, $0.key)
                < ($1.value.bytes.lowerBound, $1.value.bytes.upperBound, $1.key)
        }
        for (name, entry) in ordered {
            if entry.bytes.lowerBound < covered { throw .overlap(first: last ?? name, second: name) }
            if entry.bytes.lowerBound > covered { throw .hole(bytes: entry.bytes.lowerBound - covered, before: name) }
            covered = entry.bytes.upperBound
            last = name
        }
        if covered < end { throw .hole(bytes: end - covered, before: nil) }
    }
}

extension SafetensorsHeader {
    /// A defect of a header.
    public enum Flaw: Error, Equatable, CustomStringConvertible {
        case shorterThanLength(bytes: Int)
        case headerTooLong(bytes: UInt64, limit: Int)
        case headerCut(bytes: UInt64, present: Int)
        case notJSON(byte: Int)
        case wrong(name: String, expected: String)
        case duplicate(name: String)
        case incomplete(name: String, missing: String)
        case unreadType(name: String, type: String)
        case shapeTooLarge(name: String, shape: [Int])
        case sizeMismatch(name: String, shape: [Int], bytes: Int, begin: Int, end: Int)
        case beyondEnd(name: String, end: Int, present: Int)
        case overlap(first: String, second: String)
        case hole(bytes: Int, before: String?)

        public var description: String {
            switch self {
            case .shorterThanLength(let bytes): "this is not a safetensors file: it has only \(bytes) bytes"
            case .headerTooLong(let bytes, let limit):
                "this is not a safetensors file: its header would have \(bytes) bytes, and the format allows \(limit)"
            case .headerCut(let bytes, let present):
                "the file is cut short: its header has \(bytes) bytes, of which \(present) are present"
            case .notJSON(let byte): "the header is not valid JSON at its byte \(byte)"
            case .wrong(let name, let expected): "in the header \(quoted: name) is not \(expected)"
            case .duplicate(let name): "the header has \(quoted: name) twice"
            case .incomplete(let name, let missing): "the header does not give the \(missing) of \(quoted: name)"
            case .unreadType(let name, let type):
                "\(quoted: name) has the type \(type); Whalebook reads F16, BF16, F32, F64 and I64"
            case .shapeTooLarge(let name, let shape): "\(quoted: name) has the impossible shape \(shape)"
            case .sizeMismatch(let name, let shape, let bytes, let begin, let end):
                "\(quoted: name) of shape \(shape) needs \(bytes) bytes, but its offsets are \(begin) to \(end)"
            case .beyondEnd(let name, let end, let present):
                "the file is cut short: \(quoted: name) ends at byte \(end) of the tensors, and \(present) are present"
            case .overlap(let first, let second): "\(quoted: first) and \(quoted: second) overlap"
            case .hole(let bytes, let name?): "\(bytes) bytes before \(quoted: name) belong to no tensor"
            case .hole(let bytes, nil): "\(bytes) bytes at the end belong to no tensor"
            }
        }
    }
}

extension ScalarType {
    private static let safetensorsTypes: [ScalarType] = [.float32, .float64, .float16, .bfloat16, .int64]

    /// The format's name of the type.
    var safetensorsName: String {
        switch self {
        case .float32: "F32"
        case .float64: "F64"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .int64: "I64"
        }
    }

    init?(safetensors name: String) {
        guard let type = Self.safetensorsTypes.first(where: { $0.safetensorsName == name }) else { return nil }
        self = type
    }

    /// Bytes of one number.
    var width: Int {
        switch self {
        case .float64, .int64: 8
        case .float32: 4
        case .float16, .bfloat16: 2
        }
    }

    /// The bytes that a shape needs, or nil if the number overflows.
    func bytes(of shape: [Int]) -> Int? {
        var total = width
        for length in shape {
            let (product, overflow) = total.multipliedReportingOverflow(by: length)
            if overflow { return nil }
            total = product
        }
        return total
    }
}
