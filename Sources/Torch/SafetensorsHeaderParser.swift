import Basics

/// Reads the JSON of a safetensors header, and no other JSON.
///
/// A general parser lets the last of two equal names win and follows any nesting. This one knows only the format's
/// three levels, so it detects duplicate names, and depth cannot exhaust the stack.
struct SafetensorsHeaderParser {
    typealias Flaw = SafetensorsHeader.Flaw

    struct RawTensor {
        var type: String
        var shape: [Int]
        var begin: Int
        var end: Int
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Parses the texts under `__metadata__` and the description of each tensor.
    mutating func parse() throws(Flaw) -> (metadata: [String: String], tensors: [String: RawTensor]) {
        var metadata: [String: String]?
        var tensors: [String: RawTensor] = [:]
        try members { parser, name throws(Flaw) in
            if name == "__metadata__" {
                guard metadata == nil else { throw .duplicate(name: name) }
                metadata = try parser.texts()
            } else {
                guard tensors[name] == nil else { throw .duplicate(name: name) }
                tensors[name] = try parser.tensor(name)
            }
        }
        skipSpace()
        guard position == bytes.count else { throw .notJSON(byte: position, expected: "end") }
        return (metadata ?? [:], tensors)
    }

    private mutating func texts() throws(Flaw) -> [String: String] {
        var texts: [String: String] = [:]
        try members { parser, key throws(Flaw) in
            guard texts[key] == nil else { throw .duplicate(name: "__metadata__.\(key)") }
            texts[key] = try parser.string()
        }
        return texts
    }

    private mutating func tensor(_ name: String) throws(Flaw) -> RawTensor {
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        try members { parser, key throws(Flaw) in
            switch key {
            case "dtype" where type == nil: type = try parser.string()
            case "shape" where shape == nil: shape = try parser.wholeNumbers()
            case "data_offsets" where offsets == nil: offsets = try parser.wholeNumbers()
            case "dtype", "shape", "data_offsets": throw .duplicate(name: "\(name).\(key)")
            default: throw .notJSON(byte: parser.position, expected: "dtype, shape or data_offsets")
            }
        }
        guard let type else { throw .incomplete(name: name, missing: "dtype") }
        guard let shape else { throw .incomplete(name: name, missing: "shape") }
        guard let offsets, offsets.count == 2 else { throw .incomplete(name: name, missing: "two data_offsets") }
        return RawTensor(type: type, shape: shape, begin: offsets[0], end: offsets[1])
    }

    private mutating func members(
        _ body: (inout SafetensorsHeaderParser, _ key: String) throws(Flaw) -> Void
    ) throws(Flaw) {
        try expect("{")
        if take("}") { return }
        repeat {
            let key = try string()
            try expect(":")
            try body(&self, key)
        } while take(",")
        try expect("}")
    }

    private mutating func wholeNumbers() throws(Flaw) -> [Int] {
        try expect("[")
        if take("]") { return [] }
        var numbers: [Int] = []
        repeat { numbers.append(try wholeNumber()) } while take(",")
        try expect("]")
        return numbers
    }

    private mutating func wholeNumber() throws(Flaw) -> Int {
        skipSpace()
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
        guard let number = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            throw .notJSON(byte: start, expected: "whole number of at least 0")
        }
        return number
    }

    private mutating func string() throws(Flaw) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw .notJSON(byte: position, expected: "text in UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): text += try escape()
            case 0..<0x20: throw .notJSON(byte: position - 1, expected: "character of a text")
            default: text.append(byte)
            }
        }
        throw .notJSON(byte: position, expected: "end of a text")
    }

    /// Parses the escape after a backslash, as UTF-8.
    private mutating func escape() throws(Flaw) -> [UInt8] {
        guard position < bytes.count else { throw .notJSON(byte: position, expected: "end of a text") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var units = [try codeUnit()]
            if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: #"\u"#.utf8) {
                position += 2
                units.append(try codeUnit())
            }
            guard let text = String(validating: units, as: UTF16.self) else {
                throw .notJSON(byte: position, expected: "pair of surrogates")
            }
            return Array(text.utf8)
        default: throw .notJSON(byte: position - 1, expected: "escape")
        }
    }

    private mutating func codeUnit() throws(Flaw) -> UInt16 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw .notJSON(byte: position, expected: "four hexadecimal digits") }
        position += 4
        return unit
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(Flaw) {
        guard take(character) else { throw .notJSON(byte: position, expected: "\(quoted: String(character))") }
    }
}
