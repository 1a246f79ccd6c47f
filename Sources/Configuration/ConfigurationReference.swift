import Basics
import Options

/// The reference of whalebook.yaml in Markdown, generated from the declarations.
public struct ConfigurationReference {
    /// The options that each stage reads, as dotted paths; a path includes everything below it.
    private let readers: [(stage: String, options: [String])]
    /// Where a section that appears in several places is listed, such as a member's own pooling.
    private var places: [String: String] = [:]

    private static let opening = """
        # Configuration reference

        Every option of `whalebook.yaml`, generated from the declarations in `Sources/`; a test keeps this page current.
        [`configuration.md`](configuration.md) is the guide. An entry begins with the option and its default. "Stale"
        names the stages that a change makes stale directly; later stages run again only if their input changes. In
        headings, `*` is any entry of a list.

        """

    /// Creates a reference.
    ///
    /// - Parameter readers: The options that each stage reads, as dotted paths.
    public init(readers: [(stage: String, options: [String])]) {
        self.readers = readers
        for placed in Settings.optionKind.options() {
            guard let section = Section(placed.option, at: placed.path) else { continue }
            // A section of its own comes before the same section in the entries of a list.
            let isFirst = places[section.key].map { $0.contains("*") && !section.path.contains("*") } ?? true
            if isFirst { places[section.key] = section.path }
        }
    }

    /// The page.
    public var text: String {
        let options = Settings.optionKind.section ?? []
        return Self.opening + "\n## Top level\n\n" + items(options, below: "") + sections(options, below: "")
    }

    private func items(_ options: [OptionDeclaration], below path: String) -> String {
        options.map { option in
            if case .section = option.kind { "" } else { item(option, at: path + option.name) }
        }.joined()
    }

    private func sections(_ options: [OptionDeclaration], below path: String) -> String {
        options.map { option in
            guard let section = Section(option, at: path + option.name), places[section.key] == section.path else {
                return ""
            }
            let meaning = section.isEntry ? "An entry of `\(path + option.name)`." : option.meaning
            return "\n## `\(section.path)`\n\n\(meaning)\n\n" + items(section.options, below: section.path + ".")
                + sections(section.options, below: section.path + ".")
        }.joined()
    }

    private func item(_ option: OptionDeclaration, at path: String) -> String {
        let value = option.defaultValue.map { ": \(Self.yaml(option.kind.pruned($0), option.kind))" } ?? ""
        let held = expectation(of: option.kind)
        var facts = held.prefix(1).uppercased() + held.dropFirst() + (option.defaultValue == nil ? "; required." : ".")
        let conditions = option.conditions.map { condition in
            let choices = ["\(condition.option): \(condition.choices[0])"] + condition.choices.dropFirst()
            return Self.alternatives(choices)
        }
        if !conditions.isEmpty { facts += " Only with \(conditions.joined(separator: ", and "))." }
        let stages = readers.filter { $0.options.contains { path == $0 || path.hasPrefix($0 + ".") } }
        if !stages.isEmpty { facts += " Stale: \(stages.map { "`\($0.stage)`" }.joined(separator: ", "))." }
        return "- **`\(option.name)\(value)`** \(option.meaning)\\\n  \(facts)\n"
    }

    /// The values that an option accepts.
    private func expectation(of kind: OptionKind) -> String {
        switch kind {
        case .text: "text"
        case .flag: "`true` or `false`"
        case .integer(let range):
            "a whole number from \(Self.grouped("\(range.lowerBound)")) to \(Self.grouped("\(range.upperBound)"))"
        case .number(let range):
            "a number from \(Self.grouped(range.lowerBound.optionJSON.canonicalText)) to "
                + Self.grouped(range.upperBound.optionJSON.canonicalText)
        case .choice(let names): Self.alternatives(names)
        case .form(let form): form.expectation.replacing("*", with: "\\*")
        case .section(let options): "the options of `\(places[Section.key(of: options)] ?? "")`"
        case .list(.section(let options), _): "a list, each entry with \(expectation(of: .section(options)))"
        case .list(let entry, _): "a list, each entry \(expectation(of: entry))"
        case .either(.list(let entry, _), let single) where entry.expectation == single.expectation:
            "\(expectation(of: single)), or a list of them"
        case .either(let first, let second): "\(expectation(of: first)), or \(expectation(of: second))"
        }
    }

    /// `a`, `b` or `c`.
    private static func alternatives(_ names: [String]) -> String {
        let quoted = names.map { "`\($0)`" }
        return quoted.count < 2
            ? quoted.joined() : quoted.dropLast().joined(separator: ", ") + " or " + (quoted.last ?? "")
    }

    /// A number's digits with a comma before every three.
    private static func grouped(_ digits: String) -> String {
        guard !digits.contains(".") else { return digits }
        let groups = stride(from: digits.count, to: 0, by: -3).map { digits.prefix($0).suffix(3) }
        return groups.reversed().joined(separator: ",")
    }

    /// A value in YAML, on one line.
    private static func yaml(_ value: JSONValue, _ kind: OptionKind) -> String {
        switch value {
        case .object(let members):
            let options = Section.options(of: kind)?.options ?? []
            let pairs = options.compactMap { option in
                members[option.name].map { "\(option.name): \(yaml($0, option.kind))" }
            }
            return "{\(pairs.joined(separator: ", "))}"
        case .array(let entries): return "[\(entries.map { yaml($0, kind) }.joined(separator: ", "))]"
        case .string(let text) where !text.isEmpty && !text.contains { " :#,[]{}\"'*".contains($0) }: return text
        default: return value.canonicalText
        }
    }

    /// The options of a section.
    private struct Section {
        let options: [OptionDeclaration]
        /// Whether the section is an entry of a list.
        let isEntry: Bool
        let path: String
        var key: String { Self.key(of: options) }

        init?(_ option: OptionDeclaration, at path: String) {
            guard let found = Self.options(of: option.kind) else { return nil }
            (options, isEntry) = found
            self.path = path + (isEntry ? ".*" : "")
        }

        static func options(of kind: OptionKind) -> (options: [OptionDeclaration], isEntry: Bool)? {
            switch kind {
            case .section(let options): (options, false)
            case .list(let entry, _): options(of: entry).map { ($0.options, true) }
            case .either(let first, let second): options(of: first) ?? options(of: second)
            default: nil
            }
        }

        /// A key that equal sections share.
        static func key(of options: [OptionDeclaration]) -> String {
            options.map { "\($0.name) \($0.meaning) \($0.defaultValue?.canonicalText ?? "")" }.joined(separator: "\n")
        }
    }
}
