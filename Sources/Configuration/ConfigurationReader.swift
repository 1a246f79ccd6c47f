import Basics
import Options
import Yams

/// Checks a YAML tree against the declared options and fills in defaults.
struct ConfigurationReader {
    let path: String
    private(set) var problems = ProblemList()
    /// The options of the file that have no effect because of an override.
    private(set) var notes: [FileProblem] = []
    /// The overrides, which are already in the tree.
    private let overrides: [Override]

    init(path: String, overrides: [Override]) {
        self.path = path
        self.overrides = overrides
    }

    /// The resolved value of a section; `node` is nil if the file has no such section.
    mutating func section(_ options: [OptionDeclaration], _ node: Node?, at prefix: String) -> JSONValue {
        var members: [String: JSONValue] = [:]
        var given: [String: Node] = [:]
        if let node, node.null == nil {
            guard let mapping = node.mapping else {
                report(
                    node, at: String(prefix.dropLast()),
                    "\(quoted: prefix.isEmpty ? "the file" : String(prefix.dropLast())) is not a section of options",
                    "Write each option as key: value.")
                return .object([:])
            }
            for (key, value) in mapping {
                let name = key.string ?? ""
                if !options.contains(where: { $0.name == name }) {
                    let near = Spelling.nearest(to: name, among: options.map(\.name))
                    report(
                        key, at: prefix + name, "unknown option \(quoted: prefix + name)",
                        near.map { "Did you mean \(quoted: $0)?" }
                            ?? "Options here: \(options.map(\.name).joined(separator: ", ")).")
                } else if given.updateValue(value, forKey: name) != nil {
                    report(key, at: prefix + name, "\(quoted: prefix + name) is set twice", "Keep one of them.")
                }
            }
        }
        for option in options {
            if let value = given[option.name] {
                members[option.name] = self.value(option.kind, value, at: prefix + option.name)
            } else if case .section(let inner) = option.kind {
                members[option.name] = section(inner, nil, at: prefix + option.name + ".")
            } else if let defaultValue = option.defaultValue {
                members[option.name] = defaultValue
            } else {
                report(
                    node, at: prefix + option.name, "\(quoted: prefix + option.name) is missing",
                    "Give \(option.kind.expectation).")
            }
        }
        for option in options {
            guard let value = given[option.name], !check(option, value, among: members, at: prefix) else { continue }
            members[option.name] = option.defaultValue
        }
        return .object(members)
    }

    /// Whether an option has an effect with the others of its section. An option without effect is refused, unless it
    /// is the file's and an override caused this.
    private mutating func check(
        _ option: OptionDeclaration, _ node: Node, among members: [String: JSONValue], at prefix: String
    ) -> Bool {
        for condition in option.conditions {
            guard let chosen = members[condition.option]?.string, !condition.choices.contains(chosen) else { continue }
            func isOverridden(_ name: String) -> Bool { overrides.contains { $0.reaches(prefix + name) } }
            let problem = "\(quoted: prefix + option.name) has no effect with \(condition.option) \(quoted: chosen)"
            if isOverridden(condition.option), !isOverridden(option.name) {
                notes.append(
                    .init(
                        path: path, line: node.mark?.line, problem: "\(problem), which --set chose",
                        remedy: "It is ignored."))
            } else {
                report(
                    node, at: prefix + option.name, problem,
                    "Remove it, or choose \(condition.option): \(condition.choices.joined(separator: " or ")).")
            }
            return false
        }
        return true
    }

    private mutating func value(_ kind: OptionKind, _ node: Node, at path: String) -> JSONValue {
        switch kind {
        case .text:
            if let text = node.scalar?.string { return .string(text) }
        case .flag:
            if let flag = node.bool { return .bool(flag) }
        case .integer(let range):
            if let number = node.plainInteger, range.contains(number) { return .number(Double(number)) }
        case .number(let range):
            if let number = node.plainNumber, range.contains(number) { return .number(number) }
        case .choice(let names):
            // YAML reads plain `off` and `on` as booleans; here they are names.
            if let text = node.scalar?.string, names.contains(text) { return .string(text) }
        case .form(let form):
            guard let text = node.scalar?.string else { break }
            if let flaw = form.flaw(text) { report(node, at: path, flaw.problem, flaw.remedy) }
            return .string(text)
        case .section(let options):
            return section(options, node, at: path + ".")
        case .list(let kind, let allowsEmpty):
            if let mapping = node.mapping, overrides.contains(where: { $0.reaches(path) }),
                !mapping.keys.contains(where: { $0.mark != nil })
            {
                report(
                    node, at: path, "\(quoted: path) is not an entry of the file's list",
                    "Identify an entry by its name or its position from 0, or write the list in the file first.")
                return .null
            }
            if let entries = node.sequence, entries.count > OptionKind.longestList {
                report(
                    node, at: path, "\(quoted: path) has \(entries.count) entries",
                    "Give at most \(OptionKind.longestList).")
                return .null
            }
            if let entries = node.sequence, allowsEmpty || !entries.isEmpty {
                return .array(entries.enumerated().map { value(kind, $1, at: "\(path).\($0)") })
            }
        case .either(_, .section(let options)) where node.mapping != nil:
            // A mapping can only be meant as the section, whose reader reports what is wrong.
            return section(options, node, at: path + ".")
        case .either(let first, let second):
            for kind in [first, second] {
                var attempt = self
                let result = attempt.value(kind, node, at: path)
                if attempt.problems.count == problems.count { return result }
            }
            // A list can only be meant as the list, whose own problems say more.
            if node.sequence != nil, let list = [first, second].first(where: \.isList) {
                return value(list, node, at: path)
            }
        }
        let found = node.scalar.map { "is \(quoted: $0.string)" } ?? "is not a single value"
        report(node, at: path, "\(quoted: path) \(found) but must be \(kind.expectation)", remedy(kind, node))
        return .null
    }

    private func remedy(_ kind: OptionKind, _ node: Node) -> String {
        if case .choice(let names) = kind, let text = node.scalar?.string,
            let near = Spelling.nearest(to: text, among: names)
        {
            return "Did you mean \(quoted: near)?"
        }
        return "Correct it, or remove the line to use the default."
    }

    /// Adds a problem with the option at a dotted path; if an override gave the option, the override is reported.
    private mutating func report(_ node: Node?, at option: String, _ problem: String, _ remedy: String) {
        // A key that the file does not have also comes from the override.
        let override = overrides.last { $0.gives(option) || (node?.mark == nil && $0.reaches(option)) }
        problems.append(
            .init(
                path: override?.description ?? path, line: override == nil ? node?.mark?.line : nil, problem: problem,
                remedy: remedy))
    }
}

extension Node {
    /// A plain scalar as a whole number. YAML 1.2 has no numbers in base 60, such as `1:30`, whose sum could overflow.
    fileprivate var plainInteger: Int? { isBase60 ? nil : int }
    /// A plain scalar as a number.
    fileprivate var plainNumber: Double? { isBase60 ? nil : float ?? int.map(Double.init) }

    private var isBase60: Bool { scalar?.string.contains(":") ?? false }
}

/// Reads options of a configuration and records their paths, so that a stage declares exactly the options that it
/// reads.
///
/// ```swift
/// let reader = OptionReader(configuration)
/// let count = reader.read(\.search.$k)        // search.k
/// let head = reader.read(\.train.$head)       // train.head, with everything below
/// ```
public final class OptionReader {
    private let settings: Settings
    /// The options and sections that were read.
    public private(set) var paths: Set<OptionPath> = []

    /// Creates a reader of a configuration.
    public convenience init(_ configuration: Configuration) { self.init(configuration.settings) }

    init(_ settings: Settings) { self.settings = settings }

    /// The value of an option or of a whole section.
    public func read<Value>(_ option: KeyPath<Settings, Located<Value>>) -> Value {
        let found = settings[keyPath: option]
        paths.insert(found.path)
        return found.value
    }

    /// The path of an option without a configuration, with `*` for an entry of a list, as stages declare it:
    /// `train.members.*.weight` for `\.train.members[0].$weight`.
    public static func pattern<Value>(of option: KeyPath<Settings, Located<Value>>) -> String {
        defaults[keyPath: option].path.pattern
    }

    /// The settings of an empty file, without its required options.
    private static let defaults = (try? Settings(optionJSON: [:], at: .root)) ?? Settings()
}
