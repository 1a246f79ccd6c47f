import Basics

/// A section of a configuration: a structure whose properties are options.
///
/// Its options are found by reflection on a default instance, in the order of their declaration. A group that stands in
/// another without ``Option`` lends it its options.
public protocol OptionGroup: OptionDocument {
    /// What a file may hold, with this instance's values as standards.
    var optionKind: OptionKind { get }

    /// Creates the group with every option at its standard.
    init()
}

extension OptionGroup {
    /// Creates the group and changes what is not standard.
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

    /// Reads the options by name; one that is missing has its standard.
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

    /// Puts values in the place of standards, which only a group may do that nobody else has.
    func fill(with members: [String: JSONValue], at path: OptionPath) throws {
        for (name, option) in options { try option.fill(with: members[name], at: path.option(name)) }
    }

    fileprivate var options: [(name: String, option: any DeclaredOption)] {
        Mirror(reflecting: self).children.flatMap { label, value -> [(String, any DeclaredOption)] in
            if let option = value as? any DeclaredOption {
                // The label of a wrapper begins with an underscore.
                return [(option.ownName ?? String((label ?? "").dropFirst()).kebabCase, option)]
            }
            return (value as? any OptionGroup)?.options ?? []
        }
    }
}
