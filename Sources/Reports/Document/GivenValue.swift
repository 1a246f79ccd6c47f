import Basics
import Options

extension OptionDeclaration {
    /// The value that a document gives, in the form that the option reads; `texts` are the value, or the entries of a
    /// list, as written.
    ///
    /// - Throws: ``ValueError`` that names the option, the value, and the values that the option accepts.
    func checked(_ value: JSONValue, texts: [String]? = nil) throws(ValueError) -> JSONValue {
        if let accepted = kind.accepted(value, texts) { return accepted }
        if case .form(let form) = kind, let flaw = value.string.flatMap(form.flaw) {
            throw ValueError(flaw.problem, flaw.remedy)
        }
        let found = value.string.map { "\(quoted: $0)" } ?? value.canonicalText.shortened()
        throw ValueError("\(quoted: name) is \(found) but must be \(kind.expectation)", remedy(for: value))
    }

    /// The same for a piece of YAML: a text counts as written, whatever type YAML would give it.
    func checked(_ value: YAMLValue) throws(ValueError) -> JSONValue {
        if let accepted = value.scalarText.flatMap({ kind.accepted(.string($0), nil) }) { return accepted }
        return try checked(value.json)
    }

    private func remedy(for value: JSONValue) -> String {
        if case .choice(let names) = kind, let near = value.string.flatMap({ Spelling.nearest(to: $0, among: names) }) {
            return "Did you mean \(quoted: near)?"
        }
        return defaultValue == nil ? "Correct it." : "Correct it, or delete the line to use the default."
    }
}

extension OptionKind {
    /// YAML 1.1's words for truth values, which are texts where an option is no flag.
    private static let flags = ["true": true, "false": false, "yes": true, "no": false, "on": true, "off": false]

    /// The value as an option of this kind reads it; nil if it does not accept the value.
    fileprivate func accepted(_ value: JSONValue, _ texts: [String]?) -> JSONValue? {
        switch self {
        case .text:
            // `007`, `1e3` and `NO` may be names: what is written counts.
            guard value.double != nil || value.bool != nil else { return value.string.map(JSONValue.string) }
            return .string(texts?.first ?? value.double.map(NumberText.shortest) ?? value.canonicalText)
        case .flag: return (value.bool ?? value.string.flatMap { Self.flags[$0.lowercased()] }).map(JSONValue.bool)
        case .integer(let range):
            guard let number = value.integer, range.contains(number) else { return nil }
            return value
        case .number(let range):
            guard let number = value.double, range.contains(number) else { return nil }
            return value
        case .choice(let names):
            guard let name = value.string, names.contains(name) else { return nil }
            return value
        case .form(let form):
            guard let text = value.string, form.flaw(text) == nil else { return nil }
            return value
        case .list(let kind, let allowsEmpty):
            guard let entries = value.array, allowsEmpty || !entries.isEmpty else { return nil }
            let written = texts.flatMap { $0.count == entries.count ? $0.map { [$0] } : nil }
            let accepted = entries.enumerated().compactMap { kind.accepted($1, written?[$0]) }
            return accepted.count == entries.count ? JSONValue.array(accepted) : Optional.none
        case .either(let first, let second): return first.accepted(value, texts) ?? second.accepted(value, texts)
        // Neither a cell's options nor its parameters have sections.
        case .section: return nil
        }
    }
}
