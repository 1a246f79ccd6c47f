import Basics

/// Puts values and references into prose.
struct Expander {
    let values: Values
    let references: References
    var log: RenderLog

    /// Inline values and references so far.
    private var expanded = 0

    init(values: Values, references: References, log: RenderLog) {
        self.values = values
        self.references = references
        self.log = log
    }

    /// Follows a value that was read from a stale result.
    static let staleMark = "<sup>†</sup>"

    /// Replaces the inline values and references of Markdown that begins on a line of the document; a failure is marked
    /// in place and logged.
    ///
    /// `local` has values that only the present cell has.
    mutating func markdown(_ text: String, line: Int, local: [String: JSONValue] = [:]) -> String {
        let text = withFormulasChecked(text, line: line)
        let tokens = InlineToken.tokens(of: text)
        var rows = TableRows(text)
        var result = LinedText()
        for (position, token) in tokens.enumerated() {
            switch token {
            case .text(let text): result.append(text)
            case .value(let expression, let offset):
                guard count(line: line + offset) else {
                    result.append(MarkdownText.code("{wb} \(expression)", isInTable: rows.hasBar(offset)))
                    continue
                }
                let value = self.value(
                    expression, line: line + offset, isInTable: rows.hasBar(offset), local: local)
                let following: Character? =
                    if tokens.indices.contains(position + 1), case .text(let next) = tokens[position + 1] {
                        next.first
                    } else { nil }
                result.append(Self.protected(value, after: result.line, before: following))
            case .reference(let label, let offset):
                let isCounted = count(line: line + offset)
                result.append(isCounted ? reference(label, line: line + offset) : "@\(label)")
            }
        }
        return result.text
    }

    /// The text with a mark in place of each formula that cannot be shown.
    private mutating func withFormulasChecked(_ text: String, line: Int) -> String {
        MathSpans.replacing(in: text) { tex, isDisplay, offset in
            do {
                _ = try Mathematics(tex: tex)
                let sign = isDisplay ? "$$" : "$"
                return sign + tex + sign
            } catch {
                return mark(error, line: line + offset)
            }
        }
    }

    /// Counts an inline value or a reference; false after ``Bounds/inlineValues``, for those that stay as written.
    private mutating func count(line: Int) -> Bool {
        expanded += 1
        if expanded == Bounds.inlineValues + 1 {
            let problem =
                "the document has more than \(Bounds.inlineValues) inline values and references; the rest stays as "
                + "written"
            let remedy = "Split the document, or show the values in a cell."
            _ = log.add(FileProblem(path: log.path, line: line, problem: problem, remedy: remedy), line: line)
        }
        return expanded <= Bounds.inlineValues
    }

    /// Like ``markdown(_:line:local:)`` for a text of one line, such as a caption.
    mutating func caption(_ text: String, line: Int, local: [String: JSONValue] = [:]) -> String {
        markdown(text.split(whereSeparator: \.isNewline).joined(separator: " "), line: line, local: local)
    }

    /// The value, if the text is a single inline value, else the text itself.
    mutating func whole(_ text: String) throws -> JSONValue {
        let tokens = InlineToken.tokens(of: text)
        guard tokens.count == 1, case .value(let source, _) = tokens[0] else { return .string(text) }
        let expression = try InlineExpression(source)
        let resolved = try values.value(at: expression.path)
        guard let absence = resolved.absence else { return resolved.value }
        guard expression.hasFallback else { throw absence }
        return .string(try expression.text(of: .null).text)
    }

    private mutating func value(
        _ source: String, line: Int, isInTable: Bool, local: [String: JSONValue]
    ) -> String {
        do {
            let expression = try InlineExpression(source)
            let resolved = try values.value(at: expression.path, local: local)
            let isAuthors =
                PlainRoot(rawValue: expression.path.root)?.isAuthors == true && local[expression.path.root] == nil
            if isAuthors, resolved.value.isLeftEmpty, !expression.hasFallback {
                log.addGap(expression.path.text, line: line)
                return RenderGap.markdown(expression.path.text, hint: expression.hint)
            }
            let text: (text: String, isCode: Bool)
            do {
                text = try expression.text(of: resolved.value)
            } catch {
                throw resolved.absence
                    ?? ValueError("\(quoted: expression.path.text): \(error.problem)", error.remedy)
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

    /// Keeps a value that begins a line from becoming a list or a rule with the text around it;
    /// ``MarkdownText/escaped(_:)`` handles the value by itself.
    private static func protected(_ value: String, after line: String, before following: Character?) -> String {
        guard let first = value.first else { return value }
        if first == "." || first == ")", !line.isEmpty,
            line.allSatisfy({ ("0"..."9").contains($0) || $0.isWhitespace })
        {
            return "\\" + value
        }
        guard line.allSatisfy(\.isWhitespace) else { return value }
        if "-+=".contains(first) { return "\\" + value }
        if value.allSatisfy({ ("0"..."9").contains($0) }), following == "." || following == ")",
            let code = first.asciiValue
        {
            return "&#\(code);" + value.dropFirst()
        }
        return value
    }
}

/// Text under construction, with its last line.
private struct LinedText {
    private(set) var text = ""
    private(set) var line = ""

    mutating func append(_ piece: String) {
        text += piece
        if let newline = piece.lastIndex(of: "\n") {
            line = String(piece[piece.index(after: newline)...])
        } else {
            line += piece
        }
    }
}

/// Which lines of a text are table rows; each line is checked once, on demand.
private struct TableRows {
    private let lines: [Substring]
    private var known: [Int: Bool] = [:]

    init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// Whether a line has bars outside its values: it is then a row, where a bar inside code needs a backslash.
    mutating func hasBar(_ line: Int) -> Bool {
        guard lines.indices.contains(line) else { return false }
        if let known = known[line] { return known }
        let answer = InlineToken.tokens(of: String(lines[line])).contains { token in
            if case .text(let text) = token { text.replacing("\\|", with: "").contains("|") } else { false }
        }
        known[line] = answer
        return answer
    }
}
