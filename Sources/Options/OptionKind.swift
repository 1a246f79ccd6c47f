import Basics

/// The values that an option accepts.
public indirect enum OptionKind: Sendable {
    case text
    case flag
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
    /// Text of a certain form.
    case form(TextForm)
    /// A section: its options.
    case section([OptionDeclaration])
    /// A list of values of one kind.
    case list(OptionKind, allowsEmpty: Bool)
    /// Either of two kinds, such as `auto` or a list.
    case either(OptionKind, OptionKind)

    /// The largest number of entries in a list.
    public static let longestList = 1000

    /// Whether it is a list.
    public var isList: Bool { if case .list = self { true } else { false } }

    /// Its options if it is a section or can be one.
    public var section: [OptionDeclaration]? {
        switch self {
        case .section(let options): options
        case .either(let first, let second): first.section ?? second.section
        default: nil
        }
    }

    /// The expected value, for messages.
    public var expectation: String {
        switch self {
        case .text: "text"
        case .flag: "true or false"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(Self.numeral(range.lowerBound)) to \(Self.numeral(range.upperBound))"
        case .choice(let names):
            names.count == 1 ? "\(quoted: names[0])" : "one of: \(names.joined(separator: ", "))"
        case .form(let form): form.expectation
        case .section: "a section of options"
        case .list(let kind, _): "a list, each entry \(kind.expectation)"
        case .either(.list(let entry, _), let single) where entry.expectation == single.expectation:
            "\(single.expectation), or a list of them"
        case .either(let first, let second): "\(first.expectation), or \(second.expectation)"
        }
    }

    private static func numeral(_ value: Double) -> String { JSONValue.number(value).canonicalText }

    /// This kind, or a word.
    func or(_ word: String) -> OptionKind {
        if case .choice(let names) = self { .choice([word] + names) } else { .either(.choice([word]), self) }
    }
}

/// The form that a text must have.
public struct TextForm: Sendable {
    public let expectation: String
    /// The problem of a text and its remedy; nil for a valid text.
    public let flaw: @Sendable (String) -> (problem: String, remedy: String)?

    /// Creates a form.
    public init(_ expectation: String, flaw: @escaping @Sendable (String) -> (problem: String, remedy: String)?) {
        self.expectation = expectation
        self.flaw = flaw
    }
}

/// The value that another option of the section must have for an option to have an effect.
public struct OptionCondition: Sendable {
    /// The other option's name.
    public let option: String
    /// Its values.
    public let choices: [String]

    /// Creates a condition.
    public init(option: String, choices: [String]) {
        self.option = option
        self.choices = choices
    }

    /// The condition that an option has one of some choices; its name is that of the choices' type, as `margin-rule` of
    /// `MarginRule`.
    public static func one<Choice: OptionChoice>(of choices: Choice...) -> OptionCondition {
        OptionCondition(option: "\(Choice.self)".kebabCase, choices: choices.map(\.rawValue))
    }
}

/// One option, as its property declares it.
public struct OptionDeclaration: Sendable {
    public let name: String
    public let kind: OptionKind
    /// Nil for an option that a file must give.
    public let defaultValue: JSONValue?
    /// When it has an effect; otherwise a file may not give it, and nothing reads its default.
    public let conditions: [OptionCondition]
    /// Whether its default is the behaviour before the option existed. At its default it is left out of keys and
    /// descriptions, so that earlier results stay valid. A section is left out if all of its options are.
    public let isSilent: Bool
    /// Its description.
    public let meaning: String

    /// Whether it has an effect with the values of the section's other options.
    func means(somethingAmong members: [String: JSONValue]) -> Bool {
        conditions.allSatisfy { condition in
            members[condition.option]?.string.map(condition.choices.contains) ?? true
        }
    }
}

/// An option and its place in the configuration.
public struct PlacedOption: Sendable {
    /// Its dotted path, with `*` for an entry of a list.
    public let path: String
    public let option: OptionDeclaration
}

extension OptionKind {
    /// All options below a path, sections included, each section before its options.
    public func options(below path: String = "") -> [PlacedOption] {
        switch self {
        case .section(let options):
            options.flatMap { option in
                let place = path.isEmpty ? option.name : "\(path).\(option.name)"
                return [PlacedOption(path: place, option: option)] + option.kind.options(below: place)
            }
        case .list(let kind, _): kind.options(below: path + ".*")
        case .either(let first, let second): first.options(below: path) + second.options(below: path)
        default: []
        }
    }
}

extension OptionKind {
    /// A value without options that have no effect with the others or are silent: the form for keys and reports.
    public func pruned(_ value: JSONValue) -> JSONValue {
        reduced(value) { option, members in option.means(somethingAmong: members) }
    }

    /// A value without the silent options at their default.
    public func withoutSilentDefaults(_ value: JSONValue) -> JSONValue { reduced(value) { _, _ in true } }

    private func reduced(
        _ value: JSONValue, _ isKept: (OptionDeclaration, [String: JSONValue]) -> Bool
    ) -> JSONValue {
        switch (self, value) {
        case (.section(let options), .object(let members)):
            var result: [String: JSONValue] = [:]
            for option in options where isKept(option, members) {
                guard let reduced = members[option.name].map({ option.kind.reduced($0, isKept) }),
                    !option.isSilent || reduced != option.defaultValue
                else { continue }
                result[option.name] = reduced
            }
            return .object(result)
        case (.list(let kind, _), .array(let entries)): return .array(entries.map { kind.reduced($0, isKept) })
        case (.either(let first, let second), _): return second.reduced(first.reduced(value, isKept), isKept)
        default: return value
        }
    }
}
