import Foundation

/// Text that is not valid JSON, or that has a name twice in one object although that is refused.
public struct JSONSyntaxError: Error, Equatable {
    /// The position in bytes.
    public let offset: Int
    /// The dotted path of the repeated name; nil if the text is not valid JSON.
    public var repeatedName: String?
}

/// Parses JSON text in one pass; `JSONDecoder` takes ten times as long, because it builds every value through
/// `Codable`.
///
/// The last of repeated names counts unless they are refused, and a byte-order mark is skipped.
///
/// Source: RFC 8259.
struct JSONReader {
    /// Deeper values are refused, because each level takes stack space.
    static let deepest = 512

    private let bytes: UnsafeRawBufferPointer
    private let refusesRepeatedNames: Bool
    private var position = 0
    /// The names of the objects around the present position; kept only if repeated names are refused.
    private var path: [String] = []

    /// Parses a text.
    ///
    /// - Throws: ``JSONSyntaxError``.
    /// - Complexity: O(bytes).
    static func value(
        of bytes: UnsafeRawBufferPointer, refusesRepeatedNames: Bool
    ) throws(JSONSyntaxError) -> JSONValue {
        var reader = JSONReader(bytes: bytes, refusesRepeatedNames: refusesRepeatedNames)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.position = 3 }
        let value = try reader.value(depth: 0)
        reader.passBlanks()
        guard reader.position == bytes.count else { throw reader.error }
        return value
    }

    private init(bytes: UnsafeRawBufferPointer, refusesRepeatedNames: Bool) {
        self.bytes = bytes
        self.refusesRepeatedNames = refusesRepeatedNames
    }

    private var error: JSONSyntaxError { JSONSyntaxError(offset: position) }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func passBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Consumes a byte if it is the next one.
    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth <= Self.deepest else { throw error }
        passBlanks()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let count = word.utf8CodeUnitCount
        guard bytes.count - position >= count, memcmp(bytes.baseAddress! + position, word.utf8Start, count) == 0 else {
            throw error
        }
        position += count
        return value
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        position += 1
        var members: [String: JSONValue] = [:]
        passBlanks()
        if take("}") { return .object(members) }
        while true {
            passBlanks()
            guard next == UInt8(ascii: "\"") else { throw error }
            let key = try string()
            passBlanks()
            guard take(":") else { throw error }
            if refusesRepeatedNames {
                path.append(key)
                guard members[key] == nil else {
                    throw JSONSyntaxError(offset: position, repeatedName: path.joined(separator: "."))
                }
            }
            members[key] = try value(depth: depth + 1)
            if refusesRepeatedNames { path.removeLast() }
            passBlanks()
            if take("}") { return .object(members) }
            guard take(",") else { throw error }
        }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        passBlanks()
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            passBlanks()
            if take("]") { return .array(elements) }
            guard take(",") else { throw error }
        }
    }

    // MARK: Numbers

    private mutating func passDigits() -> Int {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func number() throws(JSONSyntaxError) -> Double {
        let start = position
        let isNegative = take("-")
        let first = position
        let count = passDigits()
        guard count == 1 || count > 1 && bytes[first] != UInt8(ascii: "0") else { throw error }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard passDigits() > 0 else { throw error }
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("-") { _ = take("+") }
            guard passDigits() > 0 else { throw error }
        }
        // Integers of up to 15 digits are exact in 53 bits.
        if isWhole, count <= 15 {
            let whole = bytes[first..<position].reduce(0) { $0 * 10 + Int($1 &- 0x30) }
            return isNegative ? -Double(whole) : Double(whole)
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw JSONSyntaxError(offset: start) }
        return value
    }

    // MARK: Strings

    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        if next == UInt8(ascii: "\"") {
            defer { position += 1 }
            return try text(bytes[start..<position])
        }
        var units = Array(bytes[start..<position])
        while let byte = next, byte >= 0x20 {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(units)
            case UInt8(ascii: "\\"): units += try escaped().utf8
            default: units.append(byte)
            }
        }
        throw error
    }

    private func text(_ units: some Sequence<UInt8>) throws(JSONSyntaxError) -> String {
        guard let text = String(validating: units, as: UTF8.self) else { throw error }
        return text
    }

    /// The character after a backslash.
    private mutating func escaped() throws(JSONSyntaxError) -> Character {
        guard let byte = next else { throw error }
        position += 1
        switch Unicode.Scalar(byte) {
        case "\"": return "\""
        case "\\": return "\\"
        case "/": return "/"
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            let unit = try codeUnit()
            guard UTF16.isLeadSurrogate(unit) else {
                guard let scalar = Unicode.Scalar(unit) else { throw error }
                return Character(scalar)
            }
            guard take("\\"), take("u"), case let trail = try codeUnit(), UTF16.isTrailSurrogate(trail) else {
                throw error
            }
            return Character(UTF16.decode(UTF16.EncodedScalar([unit, trail])))
        default: throw error
        }
    }

    private mutating func codeUnit() throws(JSONSyntaxError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else { throw error }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
