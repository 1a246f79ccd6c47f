import Basics

/// A section of a configuration: a structure whose properties are options.
///
/// Reflection on a default instance finds its options, in the order of their declaration. A group that is a property of
/// another without ``Option`` adds its options to that group.
public protocol OptionGroup: OptionDocument {
    /// Creates the group with every option at its default.
    init()
}

extension OptionGroup {
    /// Creates the group and changes options that are not at their default.
    public init(_ change: (inout Self) throws -> Void) rethrows {
        self.init()
        try change(&self)
    }

    public static var optionKind: OptionKind { Self().optionKind }
    public var optionKind: OptionKind { .section(declarations) }
    public var optionJSON: JSONValue { sectionJSON }

    public init(optionJSON json: JSONValue, at path: OptionPath) throws {
        try self.init(sectionJSON: json, at: path)
    }

    /// The options.
    public var declarations: [OptionDeclaration] { options.map { $1.declaration(named: $0) } }

    /// Every option with its value.
    public var sectionJSON: JSONValue {
        .object(Dictionary(uniqueKeysWithValues: options.map { ($0, $1.json) }))
    }

    /// Reads the options by name; a missing one has its default.
    ///
    /// - Throws: `DecodingError`.
    public init(sectionJSON json: JSONValue, at path: OptionPath) throws {
        self.init()
        try fill(with: Self.needed(json.object, in: json, at: path), at: path)
    }

    /// The group with some of its options; the others have their defaults.
    public func restricted(to names: Set<String>) -> Self {
        let result = Self()
        for ((name, option), (_, own)) in zip(result.options, options) where names.contains(name) { option.copy(own) }
        return result
    }

    /// Replaces defaults by values, which is safe only before the group is shared.
    func fill(with members: [String: JSONValue], at path: OptionPath) throws {
        for (name, option) in options { try option.fill(with: members[name], at: path.option(name)) }
    }

    fileprivate var options: [(name: String, option: any DeclaredOption)] {
        Mirror(reflecting: self).children.flatMap { label, value -> [(String, any DeclaredOption)] in
            if let option = value as? any DeclaredOption {
                // A property wrapper's label begins with an underscore.
                return [(option.ownName ?? String((label ?? "").dropFirst()).kebabCase, option)]
            }
            return (value as? any OptionGroup)?.options ?? []
        }
    }
}
