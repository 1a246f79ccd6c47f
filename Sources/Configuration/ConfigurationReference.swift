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
        let value = option.defaultYAML.map { ": \($0)" } ?? ""
        let held = option.kind.markdown { "the options of `\(places[Section.key(of: $0)] ?? "")`" }
        var facts = held.prefix(1).uppercased() + held.dropFirst() + (option.defaultValue == nil ? "; required." : ".")
        let conditions = option.conditions.map { condition in
            let choices = ["\(condition.option): \(condition.choices[0])"] + condition.choices.dropFirst()
            return OptionKind.alternatives(choices)
        }
        if !conditions.isEmpty { facts += " Only with \(conditions.joined(separator: ", and "))." }
        let stages = readers.filter { $0.options.contains { path == $0 || path.hasPrefix($0 + ".") } }
        if !stages.isEmpty { facts += " Stale: \(stages.map { "`\($0.stage)`" }.joined(separator: ", "))." }
        return "- **`\(option.name)\(value)`** \(option.meaning)\\\n  \(facts)\n"
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
