import Basics

/// What stands between `{wb}` and the closing backtick: a path and formatters.
struct InlineExpression: Equatable {
    let path: ValuePath
    let formatters: [Formatter]

    /// Parses the expression.
    init(_ text: String) throws(ValueError) {
        guard text.count <= Bounds.expressionLength else {
            throw ValueError(
                "an inline value has \(text.count) characters, more than \(Bounds.expressionLength): \(quoted: text)",
                "Close it with a backtick where it ends.")
        }
        let parts = Self.parts(of: text)
        path = try ValuePath(parts[0])
        var formatters: [Formatter] = []
        for part in parts.dropFirst() { formatters.append(try Formatter(part)) }
        let shaping = formatters.filter { $0 != .code && !$0.isFallback }
        guard shaping.count <= 1 else {
            throw ValueError(
                "\(quoted: text) has \(shaping.count) formatters that each want the value",
                "Keep one; 'code' and 'or' may stand beside it.")
        }
        self.formatters = formatters
    }

    /// Parts at the bars that are outside quotes and brackets.
    private static func parts(of text: String) -> [String] {
        var parts = [""]
        var isQuoted = false
        var depth = 0
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if !isQuoted, character == "(" { depth += 1 }
            if !isQuoted, character == ")" { depth -= 1 }
            if character == "|", !isQuoted, depth == 0 {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts.map { $0.trimming(while: \.isWhitespace) }
    }

    /// What stands for a value that is null or empty.
    private var fallback: String? {
        for formatter in formatters { if case .or(let text) = formatter { return text } }
        return nil
    }

    /// Whether something stands for a value that is null or empty.
    var hasFallback: Bool { fallback != nil }

    /// The text of the value, not yet escaped; never empty.
    func text(of value: JSONValue) throws(ValueError) -> (text: String, isCode: Bool) {
        let isCode = formatters.contains(.code)
        if value == .null, let fallback { return (fallback, isCode) }
        let shaping = formatters.first { $0 != .code && !$0.isFallback }
        var text = ""
        if let shaping { text = try shaping.text(of: value, at: path) } else { text = try Formatter.plain(value) }
        guard text.isEmpty else { return (text, isCode) }
        guard let fallback else {
            throw ValueError("the value is empty", "Say what then stands there: | or(none).")
        }
        return (fallback, isCode)
    }
}

extension Formatter {
    fileprivate var isFallback: Bool { if case .or = self { true } else { false } }
}
