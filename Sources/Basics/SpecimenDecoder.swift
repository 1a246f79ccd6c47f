/// Decodes a value of any type without data, so that its JSON shows the form of every value of the type.
///
/// Optionals are present, lists are empty, numbers are 0.5 and whole numbers 1. An enumeration with `CaseIterable` takes
/// its first case. A dictionary has one entry: ``name``, or every key if its keys are such an enumeration.
struct SpecimenDecoder: Decoder {
    /// The key in dictionaries by name.
    static let name = "NAME"
    /// Stands for any JSON.
    static let anything = JSONValue.string("any JSON")

    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    /// A value of a type.
    ///
    /// - Throws: What the type's decoding throws, if it refuses such a value.
    static func value<Value: Decodable>(of type: Value.Type) throws -> Value {
        let value: Any? =
            switch type {
            case is JSONValue.Type: anything
            case is Bool.Type: true
            case is String.Type: "text"
            case is Double.Type: 0.5
            case is Float.Type: Float(0.5)
            case let type as any FixedWidthInteger.Type: type.init(1)
            case let type as any CaseIterable.Type: first(of: type)
            case let type as any KeyedByCases.Type: try type.specimen()
            default: nil
            }
        return try value as? Value ?? Value(from: SpecimenDecoder())
    }

    private static func first<Choice: CaseIterable>(of type: Choice.Type) -> Any? { Choice.allCases.first }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Members<Key>())
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer { Elements() }

    func singleValueContainer() -> any SingleValueDecodingContainer { Single() }

    private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let codingPath: [any CodingKey] = []
        /// Only a dictionary accepts any key.
        var allKeys: [Key] { [Key(stringValue: SpecimenDecoder.name)].compactMap(\.self) }

        func contains(_ key: Key) -> Bool { true }
        func decodeNil(forKey key: Key) -> Bool { false }
        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try SpecimenDecoder.value(of: type)
        }
        func nestedContainer<Inner: CodingKey>(
            keyedBy type: Inner.Type, forKey key: Key
        ) -> KeyedDecodingContainer<Inner> {
            SpecimenDecoder().container(keyedBy: type)
        }
        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer { Elements() }
        func superDecoder() -> any Decoder { SpecimenDecoder() }
        func superDecoder(forKey key: Key) -> any Decoder { SpecimenDecoder() }
    }

    /// At its end from the start, though it gives whatever a range or a tuple takes.
    private struct Elements: UnkeyedDecodingContainer {
        let codingPath: [any CodingKey] = []
        let count: Int? = nil
        let isAtEnd = true
        let currentIndex = 0

        func decodeNil() -> Bool { false }
        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try SpecimenDecoder.value(of: type) }
        func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) -> KeyedDecodingContainer<Inner> {
            SpecimenDecoder().container(keyedBy: type)
        }
        func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer { self }
        func superDecoder() -> any Decoder { SpecimenDecoder() }
    }

    private struct Single: SingleValueDecodingContainer {
        let codingPath: [any CodingKey] = []

        func decodeNil() -> Bool { false }
        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try SpecimenDecoder.value(of: type) }
    }
}

/// A dictionary whose keys are the cases of an enumeration.
private protocol KeyedByCases {
    /// A dictionary with every key.
    static func specimen() throws -> Self
}

extension Dictionary: KeyedByCases where Key: CaseIterable & CodingKeyRepresentable, Value: Decodable {
    fileprivate static func specimen() throws -> Self {
        var specimen: Self = [:]
        for key in Key.allCases { specimen[key] = try SpecimenDecoder.value(of: Value.self) }
        return specimen
    }
}
