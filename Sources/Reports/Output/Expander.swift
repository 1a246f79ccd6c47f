import Basics

/// Puts values and references into prose.
struct Expander {
    let values: Values
    let references: References
    var log: RenderLog

    /// Stands behind a value that was read from a stale result.
    static let staleMark = "<sup>†</sup>"

    /// Replaces the inline values and references of Markdown; what fails is marked in place and logged.
    ///
    /// - Parameters:
    ///   - line: The line of the document on which the text begins.
    ///   - local: Values that only the present cell knows.
    mutating func markdown(_ text: String, line: Int, local: [String: JSONValue] = [:]) -> String {
        let tokens = InlineToken.tokens(of: text)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var result = ""
        for (position, token) in tokens.enumerated() {
            switch token {
            case .text(let text): result += text
            case .value(let expression, let offset):
                // Bars elsewhere on the line make it a row of a table, where a bar inside code needs a backslash.
                let isInTable = offset < lines.count && Self.hasBar(lines[offset])
                let value = self.value(expression, line: line + offset, isInTable: isInTable, local: local)
                let following: Character? =
                    if tokens.indices.contains(position + 1), case .text(let next) = tokens[position + 1] {
                        next.first
                    } else { nil }
                result += Self.protected(value, after: result, before: following)
            case .reference(let label, let offset): result += reference(label, line: line + offset)
            }
        }
        return result
    }

    /// Like ``markdown(_:line:local:)`` for a text of one line, such as a caption.
    mutating func caption(_ text: String, line: Int, local: [String: JSONValue] = [:]) -> String {
        markdown(text.split(whereSeparator: \.isNewline).joined(separator: " "), line: line, local: local)
    }

    /// The value that a text consists of as a whole, or the text itself.
    mutating func whole(_ text: String) throws -> JSONValue {
        guard case .value(let source, _)? = InlineToken.tokens(of: text).first, InlineToken.tokens(of: text).count == 1
        else { return .string(text) }
        return try values.value(at: InlineExpression(source).path).value
    }

    private mutating func value(
        _ source: String, line: Int, isInTable: Bool, local: [String: JSONValue]
    ) -> String {
        do {
            let expression = try InlineExpression(source)
            let resolved = try values.value(at: expression.path, local: local)
            let isAuthors = Values.authorsNames.contains(expression.path.root) && local[expression.path.root] == nil
            if isAuthors, resolved.value.isLeftEmpty, !expression.hasFallback {
                log.addGap(expression.path.text, line: line)
                return RenderGap.markdown(expression.path.text)
            }
            let text: (text: String, isCode: Bool)
            do {
                text = try expression.text(of: resolved.value)
            } catch {
                throw resolved.absence
                    ?? ValueError("'\(expression.path.text)': \(error.problem)", error.remedy)
            }
            let mark = log.addStale(resolved.nodes, isCell: false).isEmpty ? "" : Self.staleMark
            return
                (text.isCode
                ? MarkdownText.code(text.text, isInTable: isInTable) : MarkdownText.escaped(text.text)) + mark
        } catch {
            return mark(error, line: line)
        }
    }

    private mutating func reference(_ label: String, line: Int) -> String {
        do {
            let target = try references.target(label)
            return "[\(MarkdownText.escaped(target.text))](#\(label))"
        } catch {
            return mark(error, line: line)
        }
    }

    private mutating func mark(_ error: any Error, line: Int) -> String {
        let logged = log.add(error, line: line)
        return "\(MarkdownText.anchor(logged.anchor))**⚠ \(MarkdownText.escaped(logged.message))**"
    }

    private static func hasBar(_ line: Substring) -> Bool {
        InlineToken.tokens(of: String(line)).contains { token in
            if case .text(let text) = token { text.replacing("\\|", with: "").contains("|") } else { false }
        }
    }

    /// Keeps a value that begins a line from becoming a list or a rule.
    private static func protected(_ value: String, after text: String, before following: Character?) -> String {
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
        guard let first = value.first, line.allSatisfy(\.isWhitespace) else { return value }
        if "-+=".contains(first) { return "\\" + value }
        if value.allSatisfy({ ("0"..."9").contains($0) }), following == "." || following == ")",
            let code = first.asciiValue
        {
            return "&#\(code);" + value.dropFirst()
        }
        return value
    }
}
