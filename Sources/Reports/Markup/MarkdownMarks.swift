/// What would make a list, a rule, a heading or a table of a text that stands at the start of a line.
enum BlockMarker {
    /// The position of the character to put a backslash before, or nil for a text that is just text.
    ///
    /// `*`, `_`, `#`, `>`, `|`, backticks and tildes need none: ``MarkdownText`` escapes them wherever they stand.
    ///
    /// Source: CommonMark 0.29, sections 4.1, 4.3 and 5.2; GitHub's extension for tables.
    static func position(in text: [Unicode.Scalar]) -> Int? {
        guard let first = text.first else { return nil }
        switch first {
        case "+": return text.count == 1 || text[1] == " " ? 0 : nil
        case "-":
            return text.count == 1 || text[1] == " " || text.allSatisfy { "-: ".unicodeScalars.contains($0) } ? 0 : nil
        case ":": return text.count > 1 && text.allSatisfy { "-: ".unicodeScalars.contains($0) } ? 0 : nil
        case "=": return text.allSatisfy { $0 == "=" || $0 == " " } ? 0 : nil
        case "0"..."9":
            let digits = text.prefix { ("0"..."9").contains($0) }.count
            guard digits <= 9, digits < text.count, text[digits] == "." || text[digits] == ")" else { return nil }
            return digits + 1 == text.count || text[digits + 1] == " " ? digits : nil
        default: return nil
        }
    }
}

/// Mail addresses, of which GitHub makes links.
enum MailAddress {
    /// The positions of the `@` of every address.
    ///
    /// Source: GitHub Flavored Markdown 0.29, section 6.9.
    static func signs(in text: [Unicode.Scalar]) -> Set<Int> {
        var result: Set<Int> = []
        /// Whether a point follows in the same word.
        var hasPoint = false
        for position in text.indices.reversed() {
            let scalar = text[position]
            if scalar == "@" {
                if hasPoint, position > 0, isOfName(text[position - 1]) { result.insert(position) }
            } else if scalar == "." {
                hasPoint = true
            } else if !isOfName(scalar) {
                hasPoint = false
            }
        }
        return result
    }

    private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            || ".+-_".unicodeScalars.contains(scalar)
    }
}
