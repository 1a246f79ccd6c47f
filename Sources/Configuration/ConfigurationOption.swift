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
    /// A ``PathPattern``'s path.
    case pathPattern
    /// A section: its options by name.
    case section([ConfigurationOption])
    /// A list of values of one kind.
    case list(OptionKind, allowsEmpty: Bool)
    /// Either of two kinds, such as `auto` or a list.
    case either(OptionKind, OptionKind)

    /// Entries of the longest list that is read.
    static let longestList = 1000

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
        case .pathPattern: "a pattern of paths, such as *_left*"
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
    /// Where it means something; elsewhere the file may not give it, and nothing reads its standard value.
    let conditions: [OptionCondition]
    /// Whether its standard is what was done before there was the option: it is not told then, so that results of that
    /// time stay those of the configuration.
    private(set) var isSilentAtStandard = false

    init(_ name: String, _ kind: OptionKind, _ standard: JSONValue?, _ conditions: OptionCondition...) {
        self.name = name
        self.kind = kind
        self.standard = standard
        self.conditions = conditions
    }

    init(_ name: String, section options: [ConfigurationOption]) {
        self.init(name, .section(options), .object([:]))
    }

    /// The same option, which is not told at its standard; a section is not told where nothing of it is.
    var silentAtStandard: ConfigurationOption {
        var copy = self
        copy.isSilentAtStandard = true
        return copy
    }

    /// Whether a value is told.
    fileprivate func tells(_ value: JSONValue) -> Bool { !isSilentAtStandard || value != standard }

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
        reduced(value) { option, members in option.means(somethingAmong: members) }
    }

    /// A value without the options that are silent at their standard.
    func told(_ value: JSONValue) -> JSONValue { reduced(value) { _, _ in true } }

    /// A value with every option that it lacks at its standard value.
    func completed(_ value: JSONValue) -> JSONValue {
        switch (self, value) {
        case (.section(let options), .object(var members)):
            for option in options {
                guard let value = members[option.name] ?? option.standard else { continue }
                members[option.name] = option.kind.completed(value)
            }
            return .object(members)
        case (.list(let kind, _), .array(let entries)): return .array(entries.map(kind.completed))
        default: return value
        }
    }

    private func reduced(
        _ value: JSONValue, _ isKept: (ConfigurationOption, [String: JSONValue]) -> Bool
    ) -> JSONValue {
        switch (self, value) {
        case (.section(let options), .object(let members)):
            var result: [String: JSONValue] = [:]
            for option in options where isKept(option, members) {
                guard let reduced = members[option.name].map({ option.kind.reduced($0, isKept) }),
                    option.tells(reduced)
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
