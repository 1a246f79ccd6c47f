import Basics

/// Writes plain text as Markdown that shows exactly this text.
enum MarkdownText {
    private static let special: Set<Unicode.Scalar> = [
        "\\", "`", "*", "_", "[", "]", "<", ">", "&", "#", "|", "~", "$",
    ]

    /// One line with every character escaped that could be markup, also at the start of a line.
    ///
    /// In a label, which names a picture, no address becomes a link.
    static func escaped(_ text: String, isLabel: Bool = false) -> String {
        let scalars = Array(line(text).unicodeScalars)
        let marker = BlockMarker.position(in: scalars)
        let addresses = isLabel ? [] : MailAddress.signs(in: scalars)
        var result = ""
        for (position, scalar) in scalars.enumerated() {
            if scalar == " ", position == 0 || position == scalars.count - 1 {
                // Blanks at the start would indent; two at the end would break the line.
                result += "&#32;"
                continue
            }
            if special.contains(scalar) || position == marker { result += "\\" }
            // A comment is invisible and breaks up what would become a link.
            if addresses.contains(position) { result += "<!-- -->" }
            result.unicodeScalars.append(scalar)
        }
        // GitHub turns bare addresses into links.
        return result.replacing("://", with: "&#58;//").replacing("www.", with: "www&#46;")
    }

    /// One line, with characters that control a terminal or the text direction made visible.
    private static func line(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isBlank = scalar == "\t" || Character(scalar).isNewline
            result.unicodeScalars.append(isBlank ? " " : scalar)
        }
        return result.visible
    }

    /// A code span, with as many backticks as the text needs; in a table, a bar is escaped, since it would end the
    /// cell.
    static func code(_ text: String, isInTable: Bool) -> String {
        let plain = line(text.split(whereSeparator: \.isNewline).joined(separator: " "))
        let scalars = plain.unicodeScalars
        let runs = Set(scalars.split { $0 != "`" }.map(\.count))
        let fence = String(repeating: "`", count: (1...(runs.count + 1)).first { !runs.contains($0) } ?? 1)
        // Markdown strips one blank from each end of a span that has one at both.
        let ends = [scalars.first, scalars.last]
        let pad = ends.contains("`") || plain.isEmpty || ends == [" ", " "] ? " " : ""
        let content = isInTable ? plain.replacingScalars(["|": "\\|"]) : plain
        return fence + pad + content + pad + fence
    }

    /// A fenced block of code.
    static func block(_ text: String, language: String) -> String {
        let runs = text.unicodeScalars.split { $0 != "`" }.map(\.count)
        let fence = String(repeating: "`", count: max(3, (runs.max() ?? 0) + 1))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).visible }
                .joined(separator: "\t")
        }
        return "\(fence)\(language)\n\(lines.joined(separator: "\n"))\n\(fence)"
    }

    /// Markdown in a block that the reader unfolds; the summary is plain text.
    static func folded(summary: String, content: String) -> String {
        "<details>\n<summary>\(html(summary))</summary>\n\n\(content)\n\n</details>"
    }

    /// An anchor; GitHub keeps only its id.
    static func anchor(_ id: String) -> String { "<a id=\"\(id)\"></a>" }

    /// A relative path as a link's target: characters that would end or change it are percent-encoded.
    static func target(_ path: String) -> String {
        var result = ""
        for byte in path.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain = byte < 0x80 && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte))
            if isPlain || "-._~/".unicodeScalars.contains(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }

    /// Text for an HTML attribute or element; one line, because a blank line would end the HTML within Markdown.
    static func html(_ text: String) -> String {
        line(text).replacingScalars(["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"])
    }
}

/// Text that would become a list, a rule, a heading or a table at the start of a line.
enum BlockMarker {
    /// The position of the character to escape with a backslash; nil if none needs it.
    ///
    /// `*`, `_`, `#`, `>`, `|`, backticks and tildes need none: ``MarkdownText`` escapes them everywhere.
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

/// Mail addresses, which GitHub turns into links.
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
