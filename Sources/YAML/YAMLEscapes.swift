import CYaml

/// Finds escapes in double-quoted YAML that make a control character or a no-break space.
///
/// Captions with formulas are their usual source: in double quotes, `\alpha` begins with a bell and `\theta` with a tab.
/// A line break, `\n`, is allowed unless a command of LaTeX begins there.
struct YAMLEscapes {
    /// The text's characters: libyaml counts positions in them.
    private let scalars: [Unicode.Scalar]

    /// Commands of LaTeX that begin with `n` and are not also the rest of a line in a common language.
    private static let commands: Set<String> = [
        "nabla", "natural", "nearrow", "neg", "neq", "newcommand", "newline", "newpage", "nexists", "ngeq", "nleq",
        "nmid", "nocite", "noindent", "nolimits", "nonumber", "normalsize", "not", "notin", "nparallel", "nsim",
        "nsubseteq", "nu", "nwarrow",
    ]
    /// What may follow a backslash without making such a character. Numbers (`\x1B`) may make one: nobody writes them
    /// by accident, and `init` writes the names of odd folders so.
    private static let harmless: Set<Unicode.Scalar> = ["\\", "\"", "/", " ", "\t", "\n", "\r", "x", "u", "U"]

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// The first such escape of an event, with the word that it begins; nil if there is none.
    func flaw(of event: yaml_event_t) -> String? {
        guard event.type == YAML_SCALAR_EVENT, event.data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE else {
            return nil
        }
        let end = min(event.end_mark.index, scalars.count)
        var position = event.start_mark.index
        while position + 1 < end {
            guard scalars[position] == "\\" else {
                position += 1
                continue
            }
            let escaped = scalars[position + 1]
            let word = word(at: position + 1, before: end)
            let isFlaw = escaped == "n" ? Self.commands.contains(word) : !Self.harmless.contains(escaped)
            if isFlaw { return "\\" + (word.isEmpty ? String(escaped) : word) }
            position += 2
        }
        return nil
    }

    private func word(at start: Int, before end: Int) -> String {
        var word = String.UnicodeScalarView()
        for scalar in scalars[start..<end].prefix(40) {
            guard scalar.isASCII, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) else { break }
            word.append(scalar)
        }
        return String(word)
    }

    /// The first escape on a line that YAML does not know; nil if there is none.
    static func first(on line: Int, of text: String) -> String? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1) else { return nil }
        let known = "0abtnvfre \"/\\N_LPxuU\t"
        var rest = lines[line - 1][...]
        while let slash = rest.firstIndex(of: "\\") {
            let behind = rest[rest.index(after: slash)...]
            guard let next = behind.first else { return nil }
            if !known.contains(next) {
                let word = behind.prefix { $0.isLetter }
                return "\\" + (word.isEmpty ? String(next) : String(word.prefix(40)))
            }
            rest = behind.dropFirst()
        }
        return nil
    }
}
