import Basics

/// Declares an option at the property that holds it.
///
/// ```swift
/// @Option("The factor of every cosine before the softmax.", in: 1...256, when: .one(of: Kind.arcface, .subCentre))
/// public var scale = 20.0
/// ```
///
/// The option has the property's name in kebab case, and the property's initial value as its default. The type and the
/// range determine which values it accepts. A property of type ``OptionGroup`` is a section, an array of them a list of
/// sections. The projected value, `$scale`, has the option's path.
@propertyWrapper
public struct Option<Value: OptionValue>: Sendable, Equatable {
    private var storage: Storage

    /// Declares an option whose type determines the values that it accepts.
    ///
    /// - Parameters:
    ///   - wrappedValue: The default.
    ///   - meaning: Its description, in sentences.
    ///   - kind: The values that it accepts; nil for those of its type.
    ///   - word: The word for nil, such as `auto`.
    ///   - name: Its name; nil for the property's.
    ///   - conditions: The values of other options in the section with which it has an effect.
    ///   - silent: Whether it is left out at its default: see ``OptionDeclaration/isSilent``.
    ///   - required: Whether a file must give it.
    public init(
        wrappedValue: Value, _ meaning: String, as kind: OptionKind? = nil, or word: String? = nil,
        named name: String? = nil, when conditions: OptionCondition..., silent: Bool = false, required: Bool = false
    ) {
        let about = About(
            meaning: meaning, kind: kind, word: word, name: name, conditions: conditions, isSilent: silent,
            isRequired: required)
        storage = Storage(about, wrappedValue, .root)
    }

    /// Declares an option whose numbers are within a range.
    public init(
        wrappedValue: Value, _ meaning: String, in range: ClosedRange<Value.Bound>, or word: String? = nil,
        named name: String? = nil, when conditions: OptionCondition..., silent: Bool = false
    ) where Value: RangedOptionValue {
        let kind = Value.optionKind(in: range)
        let about = About(
            meaning: meaning, kind: word.map(kind.or) ?? kind, word: word, name: name, conditions: conditions,
            isSilent: silent, isRequired: false)
        storage = Storage(about, wrappedValue, .root)
    }

    public var wrappedValue: Value {
        get { storage.value }
        set { storage = Storage(storage.about, newValue, storage.path) }
    }

    /// The value and its path.
    public var projectedValue: Located<Value> { Located(value: storage.value, path: storage.path) }

    /// Whether the values are the same.
    public static func == (one: Option, other: Option) -> Bool { one.storage.value == other.storage.value }

    /// The contents of the declaration.
    private struct About: Sendable {
        let meaning: String
        let kind: OptionKind?
        let word: String?
        let name: String?
        let conditions: [OptionCondition]
        let isSilent: Bool
        let isRequired: Bool
    }

    /// A value behind a reference, so that reading a group can fill its options, which reflection returns as copies.
    ///
    /// It changes only in ``Option/fill(with:at:)``, before the group is shared.
    private final class Storage: @unchecked Sendable {
        let about: About
        var value: Value
        var path: OptionPath

        init(_ about: About, _ value: Value, _ path: OptionPath) {
            self.about = about
            self.value = value
            self.path = path
        }
    }
}

/// An option's value and its path.
public struct Located<Value: Sendable>: Sendable {
    public let value: Value
    public let path: OptionPath
}

/// The path of an option in a configuration.
public struct OptionPath: Sendable, Hashable, CustomStringConvertible {
    /// The dotted path, such as `train.members.lite0.weight`: list entries by name, or by position from 0.
    public let text: String
    /// The same for every entry: `train.members.*.weight`.
    public let pattern: String

    /// The option's own name: the last part.
    public var name: String { pattern.split(separator: ".").last.map(String.init) ?? "" }

    /// The whole configuration.
    public static let root = OptionPath(text: "", pattern: "")

    public var description: String { text }

    func option(_ name: String) -> OptionPath { appending(name, name) }
    func entry(_ name: String) -> OptionPath { appending(name, "*") }

    private func appending(_ name: String, _ pattern: String) -> OptionPath {
        let dot = text.isEmpty ? "" : "."
        return OptionPath(text: text + dot + name, pattern: self.pattern + dot + pattern)
    }
}

/// An option of any type, as reflection returns it.
protocol DeclaredOption {
    /// Its name if it differs from the property's.
    var ownName: String? { get }
    var json: JSONValue { get }
    func declaration(named name: String) -> OptionDeclaration
    /// Sets the configuration's value, or the default.
    func fill(with json: JSONValue?, at path: OptionPath) throws
    /// Takes the value and the place of the same option of another group.
    func copy(_ other: any DeclaredOption)
}

extension Option: DeclaredOption {
    var ownName: String? { storage.about.name }

    var json: JSONValue {
        if let word = storage.about.word, storage.value == Value.absent { return .string(word) }
        return storage.value.optionJSON
    }

    private var kind: OptionKind {
        if let kind = storage.about.kind { return kind }
        let kind = storage.value.optionKind
        return storage.about.word.map(kind.or) ?? kind
    }

    func declaration(named name: String) -> OptionDeclaration {
        let about = storage.about
        let kind = kind
        let defaultValue: JSONValue = if case .section = kind { .object([:]) } else { json }
        return OptionDeclaration(
            name: name, kind: kind, defaultValue: about.isRequired ? Optional.none : defaultValue,
            conditions: about.conditions,
            isSilent: about.isSilent, meaning: about.meaning)
    }

    func fill(with json: JSONValue?, at path: OptionPath) throws {
        let about = storage.about
        guard json != nil || !about.isRequired else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "\(quoted: path.text) is missing"))
        }
        storage.path = path
        let json = json ?? self.json
        if let members = json.object, let group = storage.value as? any OptionGroup {
            // The copy shares its storage with the value.
            try group.fill(with: members, at: path)
        } else if let word = about.word.map(JSONValue.string), let absent = Value.absent,
            json == word || json == .array([word])
        {
            storage.value = absent
        } else {
            storage.value = try Value(optionJSON: json, at: path)
        }
    }
}

extension Option {
    func copy(_ other: any DeclaredOption) {
        guard let other = other as? Self else { return }
        storage.value = other.storage.value
        storage.path = other.storage.path
    }
}

extension String {
    /// The name in kebab case: `margin-rule` for `marginRule` and `MarginRule`.
    var kebabCase: String {
        var result = ""
        for character in self {
            if character.isUppercase, !result.isEmpty { result += "-" }
            result += character.lowercased()
        }
        return result
    }
}
