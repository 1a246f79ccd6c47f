import Basics

/// Plain text as Markdown that shows just this text.
enum MarkdownText {
    private static let special: Set<Unicode.Scalar> = [
        "\\", "`", "*", "_", "[", "]", "<", ">", "&", "#", "|", "~", "$",
    ]

    /// With everything escaped that could mean something; one line.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if Character(scalar).isNewline {
                result += " "
            } else {
                if special.contains(scalar) { result += "\\" }
                result.unicodeScalars.append(scalar)
            }
        }
        // GitHub makes links of bare addresses.
        return result.replacing("://", with: "&#58;//").replacing("www.", with: "www&#46;")
    }

    /// As a code span, with as many backticks as the text needs.
    ///
    /// - Parameter isInTable: Whether a bar would end the table's cell.
    static func code(_ text: String, isInTable: Bool) -> String {
        let plain = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        let scalars = plain.unicodeScalars
        let runs = scalars.split { $0 != "`" }.map(\.count)
        let fence = String(repeating: "`", count: (1...(runs.count + 1)).first { !runs.contains($0) } ?? 1)
        let pad = scalars.first == "`" || scalars.last == "`" || plain.isEmpty ? " " : ""
        let content = isInTable ? plain.replacingScalars(["|": "\\|"]) : plain
        return fence + pad + content + pad + fence
    }

    /// A fenced block of code.
    static func block(_ text: String, language: String) -> String {
        let runs = text.unicodeScalars.split { $0 != "`" }.map(\.count)
        let fence = String(repeating: "`", count: max(3, (runs.max() ?? 0) + 1))
        return "\(fence)\(language)\n\(text)\n\(fence)"
    }

    /// Markdown that unfolds when asked for; the summary is plain text.
    static func folded(summary: String, content: String) -> String {
        "<details>\n<summary>\(html(summary))</summary>\n\n\(content)\n\n</details>"
    }

    /// A place to link to; GitHub keeps nothing but the id of it.
    static func anchor(_ id: String) -> String { "<a id=\"\(id)\"></a>" }

    /// A relative path as a link's target: what would end or change it is percent-encoded.
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

    /// Text for an HTML attribute or element.
    static func html(_ text: String) -> String {
        text.replacingScalars(["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"])
    }
}
