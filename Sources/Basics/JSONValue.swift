import Foundation

/// A JSON value whose text is the same on every run: keys sorted, numbers in the shortest form that reads back equal.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The value at a dotted path, such as `pooled.map`; a number in the path is a position in an array.
    public subscript(path path: String) -> JSONValue? {
        path.split(separator: ".").reduce(Optional(self)) { value, key in
            switch value {
            case .object(let members): members[String(key)]
            case .array(let elements): Int(key).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            default: nil
            }
        }
    }

    /// The member of an object, or nil.
    public subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    /// The number, or nil for any other kind.
    public var double: Double? { if case .number(let value) = self { value } else { nil } }
    /// The number if it is whole, or nil.
    public var integer: Int? { double.flatMap { Int(exactly: $0) } }
    /// The string, or nil for any other kind.
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    /// The truth value, or nil for any other kind.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The elements, or nil for any other kind.
    public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    /// The elements as numbers, or nil unless all are.
    public var numbers: [Double]? {
        let numbers = array?.compactMap(\.double)
        return numbers?.count == array?.count ? numbers : nil
    }
    /// The elements as whole numbers, or nil unless all are.
    public var integers: [Int]? {
        let integers = array?.compactMap(\.integer)
        return integers?.count == array?.count ? integers : nil
    }
    /// The members, or nil for any other kind.
    public var object: [String: JSONValue]? { if case .object(let value) = self { value } else { nil } }
}

extension JSONValue {
    /// The number, or null if it is not finite.
    public static func finite(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }

    /// The two bounds as a list, or null.
    public static func interval(_ range: ClosedRange<Double>?) -> JSONValue {
        range.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null
    }

    /// The range written by ``interval(_:)``; nil for any other value.
    public var interval: ClosedRange<Double>? {
        guard let ends = numbers, ends.count == 2, ends[0] <= ends[1] else { return nil }
        return ends[0]...ends[1]
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
    public init(nilLiteral: ()) { self = .null }
}

extension JSONValue: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// Parses JSON text.
    ///
    /// If a name occurs twice in one object, the last one counts, unless `refusesRepeatedNames` makes it an error.
    ///
    /// - Throws: ``JSONSyntaxError``, also for values nested more than 512 deep.
    public init(parsing data: Data, refusesRepeatedNames: Bool = false) throws(JSONSyntaxError) {
        self = try data.withUnsafeBytes { bytes in
            Result { () throws(JSONSyntaxError) in
                try JSONReader.value(of: bytes, refusesRepeatedNames: refusesRepeatedNames)
            }
        }.get()
    }

    /// Encodes any value as a tree.
    public init(encoding value: some Encodable) throws {
        self = try JSONValue(parsing: JSONEncoder().encode(value))
    }

    /// Reads a JSON file.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` or ``FileError/malformed(path:line:problem:remedy:)``.
    public static func read(_ url: URL) throws -> JSONValue {
        let data = try FileError.contents(of: url)
        do {
            return try JSONValue(parsing: data)
        } catch {
            let line = 1 + data.prefix(error.offset).count { $0 == UInt8(ascii: "\n") }
            throw FileError.malformed(
                path: url.path, line: line, problem: "this is not valid JSON", remedy: "Write the file again.")
        }
    }

    /// Decodes a typed value from the tree.
    public func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(canonicalText.utf8))
    }
}

extension JSONValue {
    /// One line, no spaces, sorted keys: the form to hash.
    public var canonicalText: String {
        var text = ""
        write(to: &text, indent: nil)
        return text
    }

    /// Indented by two spaces, sorted keys, a newline at the end: the human-readable form, safe to print on a terminal.
    public var text: String {
        var text = ""
        write(to: &text, indent: 0)
        return text.visibleJSON + "\n"
    }

    private func write(to text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let value): text += Self.numeral(value)
        case .string(let value): Self.quote(value, into: &text)
        case .array(let values):
            // Rows of plain numbers stay on one line, so that a curve is easy to read.
            let flat = values.allSatisfy { $0.array == nil && $0.object == nil }
            Self.list(values, "[", "]", indent: flat ? nil : indent, spaced: indent != nil, into: &text) {
                $0.write(to: &$1, indent: $2)
            }
        case .object(let members):
            let sorted = members.sorted { $0.key < $1.key }
            Self.list(sorted, "{", "}", indent: indent, spaced: indent != nil, into: &text) { member, text, indent in
                Self.quote(member.key, into: &text)
                text += indent == nil ? ":" : ": "
                member.value.write(to: &text, indent: indent)
            }
        }
    }

    private static func list<Element>(
        _ elements: [Element], _ open: String, _ close: String, indent: Int?, spaced: Bool, into text: inout String,
        write: (Element, inout String, Int?) -> Void
    ) {
        text += open
        for (position, element) in elements.enumerated() {
            if position > 0 { text += indent == nil && spaced ? ", " : "," }
            if let indent { text += "\n" + String(repeating: "  ", count: indent + 1) }
            write(element, &text, indent.map { $0 + 1 })
        }
        if let indent, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
        text += close
    }

    /// JSON has no infinities: numbers that are not finite become null.
    private static func numeral(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        if let whole = Int64(exactly: value), abs(value) < 0x1p53 { return String(whole) }
        return "\(value)"
    }

    private static func quote(_ string: String, into text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20: text += "\\u" + String(format: "%04x", scalar.value)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

/// Codes nil as `null`, where synthesised coding would omit the key. A missing key is refused, since it would mean nil
/// although another version of the file may mean something else.
@propertyWrapper
public struct OrNull<Value: Codable & Sendable>: Codable, Sendable {
    public var wrappedValue: Value?

    /// Wraps a value.
    public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

    /// Reads a value, or null.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
    }

    /// Writes the value, or null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
    }
}

extension OrNull: Equatable where Value: Equatable {}

extension KeyedDecodingContainer {
    /// Synthesised decoding calls this for ``OrNull`` properties.
    public func decode<Value>(_ type: OrNull<Value>.Type, forKey key: Key) throws -> OrNull<Value> {
        guard contains(key) else {
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "no such key"))
        }
        return try decodeIfPresent(type, forKey: key) ?? OrNull(wrappedValue: nil)
    }
}
