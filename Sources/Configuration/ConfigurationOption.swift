import Basics

/// What an option of whalebook.yaml may hold.
public indirect enum OptionKind: Sendable, Equatable {
    case text
    case flag
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
    /// A day of the calendar, `YYYY-MM-DD`.
    case day
    /// A section: its options by name.
    case section([ConfigurationOption])
    /// A list of values of one kind.
    case list(OptionKind, allowsEmpty: Bool)
    /// Either of two kinds, such as `auto` or a list.
    case either(OptionKind, OptionKind)

    /// One of the names of a kind of setting.
    static func choice<Choice: CaseIterable & RawRepresentable>(of type: Choice.Type) -> OptionKind
    where Choice.RawValue == String {
        .choice(type.allCases.map(\.rawValue))
    }

    var isList: Bool { if case .list = self { true } else { false } }

    /// What is expected, for messages.
    var expectation: String {
        switch self {
        case .text: "a text"
        case .flag: "true or false"
        case .integer(let range) where range.upperBound == .max: "a whole number of at least \(range.lowerBound)"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range) where range.upperBound == .infinity: "a number of at least \(range.lowerBound)"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let names): "one of: \(names.joined(separator: ", "))"
        case .day: "a day, YYYY-MM-DD"
        case .section: "options by name"
        case .list(let kind, _): "a list, each entry \(kind.expectation)"
        case .either(let first, let second): "\(first.expectation), or \(second.expectation)"
        }
    }
}

/// What another option of the same section must be for an option to mean anything.
public struct OptionCondition: Sendable, Equatable {
    /// The other option's name.
    let option: String
    /// What it may be.
    let choices: [String]

    /// The condition that the option `kind`, or another, is one of some choices.
    static func when<Choice: RawRepresentable>(_ option: String = "kind", is choices: [Choice]) -> OptionCondition
    where Choice.RawValue == String {
        OptionCondition(option: option, choices: choices.map(\.rawValue))
    }
}

/// One option: its name, what it may hold, and what it is where the file does not say.
public struct ConfigurationOption: Sendable, Equatable {
    public let name: String
    public let kind: OptionKind
    /// Nil for an option that the file must give.
    public let standard: JSONValue?
    /// Whether it is as if it did not exist while it has its standard value, so that results from before there was such
    /// an option keep their keys.
    private(set) var isSilentAtStandard = false
    /// Where it means something; elsewhere the file may not give it, and nothing reads its standard value.
    let conditions: [OptionCondition]

    init(_ name: String, _ kind: OptionKind, _ standard: JSONValue?, _ conditions: OptionCondition...) {
        self.name = name
        self.kind = kind
        self.standard = standard
        self.conditions = conditions
    }

    init(_ name: String, section options: [ConfigurationOption]) {
        self.init(name, .section(options), .object([:]))
    }

    /// The option, silent at its standard value.
    var silent: ConfigurationOption {
        var option = self
        option.isSilentAtStandard = true
        return option
    }

    /// Whether it says something: the section's other options leave it a meaning, and it is not silent.
    fileprivate func tells(among members: [String: JSONValue]) -> Bool {
        means(somethingAmong: members) && !(isSilentAtStandard && members[name] == standard)
    }

    /// Whether the other options of its section, with their values, leave it a meaning.
    func means(somethingAmong members: [String: JSONValue]) -> Bool {
        conditions.allSatisfy { condition in
            members[condition.option]?.string.map(condition.choices.contains) ?? true
        }
    }
}

extension OptionKind {
    /// A value without the options that mean nothing beside the others or are silent: what keys are made of and
    /// reports tell.
    func pruned(_ value: JSONValue) -> JSONValue {
        switch (self, value) {
        case (.section(let options), .object(let members)):
            let telling = options.filter { $0.tells(among: members) }
            return .object(
                Dictionary(
                    telling.compactMap { option in members[option.name].map { (option.name, option.kind.pruned($0)) } },
                    uniquingKeysWith: { first, _ in first }))
        case (.list(let kind, _), .array(let entries)): return .array(entries.map(kind.pruned))
        case (.either(let first, let second), _): return second.pruned(first.pruned(value))
        default: return value
        }
    }
}
