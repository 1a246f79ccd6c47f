import Basics

/// What an option may hold.
public indirect enum OptionKind: Sendable {
    case text
    case flag
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
    /// A text of some form.
    case form(TextForm)
    /// A section: its options.
    case section([OptionDeclaration])
    /// A list of values of one kind.
    case list(OptionKind, allowsEmpty: Bool)
    /// Either of two kinds, such as `auto` or a list.
    case either(OptionKind, OptionKind)

    /// Entries of the longest list that is read.
    public static let longestList = 1000

    /// Whether it is a list.
    public var isList: Bool { if case .list = self { true } else { false } }

    /// Its options where it is a section, or may be one.
    public var section: [OptionDeclaration]? {
        switch self {
        case .section(let options): options
        case .either(let first, let second): first.section ?? second.section
        default: nil
        }
    }

    /// What is expected, for messages.
    public var expectation: String {
        switch self {
        case .text: "a text"
        case .flag: "true or false"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(Self.numeral(range.lowerBound)) to \(Self.numeral(range.upperBound))"
        case .choice(let names): "one of: \(names.joined(separator: ", "))"
        case .form(let form): form.expectation
        case .section: "options by name"
        case .list(let kind, _): "a list, each entry \(kind.expectation)"
        case .either(let first, let second): "\(first.expectation), or \(second.expectation)"
        }
    }

    private static func numeral(_ value: Double) -> String { JSONValue.number(value).canonicalText }

    /// The same, or a word.
    func or(_ word: String) -> OptionKind {
        if case .choice(let names) = self { .choice([word] + names) } else { .either(.choice([word]), self) }
    }
}

/// What a text must be beyond a text.
public struct TextForm: Sendable {
    public let expectation: String
    /// What is wrong with a text and what to do about it; nil for one that fits.
    public let flaw: @Sendable (String) -> (problem: String, remedy: String)?

    /// Creates a form.
    public init(_ expectation: String, flaw: @escaping @Sendable (String) -> (problem: String, remedy: String)?) {
        self.expectation = expectation
        self.flaw = flaw
    }
}

/// What another option of the same section must be for an option to mean anything.
public struct OptionCondition: Sendable {
    /// The other option's name.
    public let option: String
    /// What it may be.
    public let choices: [String]

    /// Creates a condition.
    public init(option: String, choices: [String]) {
        self.option = option
        self.choices = choices
    }

    /// The condition that the option of a type is one of some choices; it has the type's name, as `margin-rule` is of
    /// `MarginRule`.
    public static func one<Choice: OptionChoice>(of choices: Choice...) -> OptionCondition {
        OptionCondition(option: "\(Choice.self)".kebabCase, choices: choices.map(\.rawValue))
    }
}

/// One option as its property declares it.
public struct OptionDeclaration: Sendable {
    public let name: String
    public let kind: OptionKind
    /// Nil for an option that a file must give.
    public let standard: JSONValue?
    /// Where it means something; elsewhere a file may not give it, and nothing reads its standard value.
    public let conditions: [OptionCondition]
    /// Whether its standard is what was done before there was the option: it is not told then, so that results of that
    /// time stay those of the configuration. A section is not told where nothing of it is.
    public let isSilent: Bool
    /// What it does.
    public let meaning: String

    /// Whether the other options of its section, with their values, leave it a meaning.
    func means(somethingAmong members: [String: JSONValue]) -> Bool {
        conditions.allSatisfy { condition in
            members[condition.option]?.string.map(condition.choices.contains) ?? true
        }
    }
}

/// An option among all that a configuration has.
public struct PlacedOption: Sendable {
    /// Its dotted path, with `*` for an entry of a list.
    public let path: String
    public let option: OptionDeclaration
}

extension OptionKind {
    /// All options below a path, sections among them, each before those that it holds.
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
    /// A value without the options that mean nothing beside the others or are silent: what keys are made of and
    /// reports tell.
    public func pruned(_ value: JSONValue) -> JSONValue {
        reduced(value) { option, members in option.means(somethingAmong: members) }
    }

    /// A value without the options that are silent at their standard.
    public func told(_ value: JSONValue) -> JSONValue { reduced(value) { _, _ in true } }

    private func reduced(
        _ value: JSONValue, _ isKept: (OptionDeclaration, [String: JSONValue]) -> Bool
    ) -> JSONValue {
        switch (self, value) {
        case (.section(let options), .object(let members)):
            var result: [String: JSONValue] = [:]
            for option in options where isKept(option, members) {
                guard let reduced = members[option.name].map({ option.kind.reduced($0, isKept) }),
                    !option.isSilent || reduced != option.standard
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
