import Basics

/// What an option of whalebook.yaml may hold.
public indirect enum OptionKind: Sendable, Equatable {
    case text
    case flag
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case choice([String])
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
    /// Where the file may give it; elsewhere it has its standard value and is not read.
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
}
