import Basics

/// What an option's value can be: a type that says what a file may hold for it, and reads and writes that as JSON.
public protocol OptionValue: Codable, Equatable, Sendable {
    /// What a file may hold.
    static var optionKind: OptionKind { get }
    /// The value that a word stands for, such as `auto`: nil where the value can be nil.
    static var absent: Self? { get }
    /// The form in a configuration.
    var optionJSON: JSONValue { get }

    /// Reads what ``optionJSON`` writes, and what else a configuration may hold.
    ///
    /// - Parameter path: Where it stands, for what is read of it and for messages.
    /// - Throws: `DecodingError`.
    init(optionJSON json: JSONValue, at path: OptionPath) throws
}

extension OptionValue {
    public static var absent: Self? { nil }

    /// The error that a value at a path is none of this type's.
    static func mismatch(_ json: JSONValue, at path: OptionPath) -> DecodingError {
        .dataCorrupted(
            .init(
                codingPath: [],
                debugDescription: "\(quoted: path.text) is \(json.canonicalText) but must be \(optionKind.expectation)")
        )
    }

    /// What is there, or the error that nothing fits.
    public static func needed<Found>(_ found: Found?, in json: JSONValue, at path: OptionPath) throws -> Found {
        guard let found else { throw mismatch(json, at: path) }
        return found
    }
}

/// A type whose `Codable` form is the one in a configuration.
public protocol OptionDocument: OptionValue {}

extension OptionDocument {
    public init(from decoder: any Decoder) throws {
        try self.init(optionJSON: JSONValue(from: decoder), at: .root)
    }

    public func encode(to encoder: any Encoder) throws { try optionJSON.encode(to: encoder) }
}

/// One of some names.
public protocol OptionChoice: OptionDocument, CaseIterable, RawRepresentable where RawValue == String {}

extension OptionChoice {
    public static var optionKind: OptionKind { .choice(names) }
    public var optionJSON: JSONValue { .string(rawValue) }

    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        self = try Self.needed(json.string.flatMap(Self.init(rawValue:)), in: json, at: path)
    }

    // Which of the two defaults is meant, the one for documents or that for raw values.
    public init(from decoder: any Decoder) throws {
        try self.init(optionJSON: JSONValue(from: decoder), at: .root)
    }
    public func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }

    static var names: [String] { allCases.map(\.rawValue) }
}

/// A value with numbers that a declaration keeps within a range.
public protocol RangedOptionValue: OptionValue {
    associatedtype Bound: Comparable
    /// What a file may hold where numbers keep to a range.
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

/// One, or a list.
extension Set: OptionValue where Element: OptionValue {
    public static var optionKind: OptionKind {
        .either(.list(Element.optionKind, allowsEmpty: false), Element.optionKind)
    }
    public var optionJSON: JSONValue {
        // Choices in the order of their declaration, others by name.
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
