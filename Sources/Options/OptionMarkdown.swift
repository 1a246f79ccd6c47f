import Basics

/// Options in Markdown, for the generated references.
extension OptionDeclaration {
    /// The default in YAML, on one line; nil for an option that a file must give.
    public var defaultYAML: String? { defaultValue.map { kind.yaml(kind.pruned($0)) } }
}

extension OptionKind {
    /// The values that it accepts, in Markdown; `section` describes a section of options.
    public func markdown(section: ([OptionDeclaration]) -> String = { _ in "a section of options" }) -> String {
        switch self {
        case .text: "text"
        case .flag: "`true` or `false`"
        case .integer(let range):
            "a whole number from \(Self.grouped("\(range.lowerBound)")) to \(Self.grouped("\(range.upperBound)"))"
        case .number(let range):
            "a number from \(Self.grouped(range.lowerBound.optionJSON.canonicalText)) to "
                + Self.grouped(range.upperBound.optionJSON.canonicalText)
        case .choice(let names): Self.alternatives(names)
        case .form(let form): form.expectation.replacing("*", with: "\\*")
        case .section(let options): section(options)
        case .list(.section(let options), _): "a list, each entry with \(section(options))"
        case .list(let entry, _): "a list, each entry \(entry.markdown(section: section))"
        case .either(.list(let entry, _), let single) where entry.expectation == single.expectation:
            "\(single.markdown(section: section)), or a list of them"
        case .either(let first, let second):
            "\(first.markdown(section: section)), or \(second.markdown(section: section))"
        }
    }

    /// `a`, `b` or `c`.
    public static func alternatives(_ names: [String]) -> String {
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
    fileprivate func yaml(_ value: JSONValue) -> String {
        switch value {
        case .object(let members):
            let pairs = (innerSection ?? []).compactMap { option in
                members[option.name].map { "\(option.name): \(option.kind.yaml($0))" }
            }
            return "{\(pairs.joined(separator: ", "))}"
        case .array(let entries): return "[\(entries.map { yaml($0) }.joined(separator: ", "))]"
        case .string(let text) where !text.isEmpty && !text.contains { " :#,[]{}\"'*".contains($0) }: return text
        default: return value.canonicalText
        }
    }

    /// Its options, or those of its entries.
    private var innerSection: [OptionDeclaration]? {
        switch self {
        case .section(let options): options
        case .list(let entry, _): entry.innerSection
        case .either(let first, let second): first.innerSection ?? second.innerSection
        default: nil
        }
    }
}
