import Basics

/// The type of an option's value: it declares the values that a file may give, and reads and writes them as JSON.
public protocol OptionValue: Codable, Equatable, Sendable {
    /// The values that a file may give.
    static var optionKind: OptionKind { get }
    /// The values that a file may give; the options of a section have this value's options as defaults.
    var optionKind: OptionKind { get }
    /// The value for a word such as `auto`: nil if the value can be nil.
    static var absent: Self? { get }
    /// The form in a configuration.
    var optionJSON: JSONValue { get }

    /// Reads the form that ``optionJSON`` writes, and any other form that a configuration may give. `path` is the
    /// option's, for the options in it and for messages.
    ///
    /// - Throws: `DecodingError`.
    init(optionJSON json: JSONValue, at path: OptionPath) throws
}

extension OptionValue {
    public var optionKind: OptionKind { Self.optionKind }
    public static var absent: Self? { nil }

    /// The error that the value at a path is not of this type.
    static func mismatch(_ json: JSONValue, at path: OptionPath) -> DecodingError {
        .dataCorrupted(
            .init(
                codingPath: [],
                debugDescription: "\(quoted: path.text) is \(json.canonicalText) but must be \(optionKind.expectation)")
        )
    }

    /// The value found, or the error that none fits.
    public static func needed<Found>(_ found: Found?, in json: JSONValue, at path: OptionPath) throws -> Found {
        guard let found else { throw mismatch(json, at: path) }
        return found
    }
}

/// A type whose `Codable` form is its form in a configuration.
public protocol OptionDocument: OptionValue {}

extension OptionDocument {
    public init(from decoder: any Decoder) throws {
        try self.init(optionJSON: JSONValue(from: decoder), at: .root)
    }

    public func encode(to encoder: any Encoder) throws { try optionJSON.encode(to: encoder) }
}

/// One of several names.
public protocol OptionChoice: OptionDocument, CaseIterable, RawRepresentable where RawValue == String {}

extension OptionChoice {
    public static var optionKind: OptionKind { .choice(names) }
    public var optionJSON: JSONValue { .string(rawValue) }

    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = try Self.needed(json.string.flatMap(Self.init(rawValue:)), in: json, at: path)
    }

    // Chooses between the two default implementations, for documents and for raw values.
    public init(from decoder: any Decoder) throws {
        try self.init(optionJSON: JSONValue(from: decoder), at: .root)
    }
    public func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }

    static var names: [String] { allCases.map(\.rawValue) }
}

/// A value whose numbers a declaration can limit to a range.
public protocol RangedOptionValue: OptionValue {
    associatedtype Bound: Comparable
    /// The values that a file may give if numbers are within a range.
    static func optionKind(in range: ClosedRange<Bound>) -> OptionKind
}

extension Int: RangedOptionValue {
    public static var optionKind: OptionKind { optionKind(in: -(1 << 53)...(1 << 53)) }
    public static func optionKind(in range: ClosedRange<Int>) -> OptionKind { .integer(range) }
    public var optionJSON: JSONValue { .number(Double(self)) }
    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = try Self.needed(json.integer, in: json, at: path)
    }
}

extension Double: RangedOptionValue {
    public static var optionKind: OptionKind { optionKind(in: -1e300...1e300) }
    public static func optionKind(in range: ClosedRange<Double>) -> OptionKind { .number(range) }
    public var optionJSON: JSONValue { .number(self) }
    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = try Self.needed(json.double, in: json, at: path)
    }
}

extension Bool: OptionValue {
    public static var optionKind: OptionKind { .flag }
    public var optionJSON: JSONValue { .bool(self) }
    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = try Self.needed(json.bool, in: json, at: path)
    }
}

extension String: OptionValue {
    public static var optionKind: OptionKind { .text }
    public var optionJSON: JSONValue { .string(self) }
    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = try Self.needed(json.string, in: json, at: path)
    }
}

extension Optional: OptionValue where Wrapped: OptionValue {
    public static var optionKind: OptionKind { Wrapped.optionKind }
    public var optionKind: OptionKind { self?.optionKind ?? Wrapped.optionKind }
    public static var absent: Wrapped?? { .some(nil) }
    public var optionJSON: JSONValue { self?.optionJSON ?? .null }
    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = json == .null ? nil : try Wrapped(optionJSON: json, at: path)
    }
}

extension Optional: RangedOptionValue where Wrapped: RangedOptionValue {
    public static func optionKind(in range: ClosedRange<Wrapped.Bound>) -> OptionKind { Wrapped.optionKind(in: range) }
}

extension Array: OptionValue where Element: OptionValue {
    public static var optionKind: OptionKind { .list(Element.optionKind, allowsEmpty: false) }
    public var optionJSON: JSONValue { .array(map(\.optionJSON)) }
    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = try Self.needed(json.array, in: json, at: path).enumerated().map { position, entry in
            try Element(optionJSON: entry, at: path.entry(entry["name"]?.string ?? "\(position)"))
        }
    }
}

extension Array: RangedOptionValue where Element: RangedOptionValue {
    public static func optionKind(in range: ClosedRange<Element.Bound>) -> OptionKind {
        .list(Element.optionKind(in: range), allowsEmpty: false)
    }
}

/// One value, or a list.
extension Set: OptionValue where Element: OptionValue {
    public static var optionKind: OptionKind {
        .either(.list(Element.optionKind, allowsEmpty: false), Element.optionKind)
    }
    public var optionJSON: JSONValue {
        // Choices are in the order of their declaration, other values by name.
        let order = (Element.self as? any OptionChoice.Type)?.names ?? []
        func place(_ value: JSONValue) -> (Int, String) {
            (value.string.flatMap(order.firstIndex) ?? 0, value.canonicalText)
        }
        return .array(map(\.optionJSON).sorted { place($0) < place($1) })
    }
    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = Set(
            try json.array == nil ? [Element(optionJSON: json, at: path)] : [Element](optionJSON: json, at: path))
    }
}

/// One value, or a list, in the order of the file.
public struct OneOrMany<Element: OptionValue>: OptionDocument {
    public let values: [Element]

    /// Creates a list.
    public init(_ values: [Element] = []) { self.values = values }

    public static var optionKind: OptionKind {
        .either(.list(Element.optionKind, allowsEmpty: true), Element.optionKind)
    }
    public var optionJSON: JSONValue { values.optionJSON }
    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        values = try json.array == nil ? [Element(optionJSON: json, at: path)] : [Element](optionJSON: json, at: path)
    }
}
