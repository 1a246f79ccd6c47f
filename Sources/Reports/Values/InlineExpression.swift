import Basics

/// The text between `{wb}` and the closing backtick: a path and formatters.
struct InlineExpression: Equatable {
    let path: ValuePath
    let formatters: [Formatter]

    /// Parses the expression.
    init(_ text: String) throws(ValueError) {
        guard text.count <= Bounds.expressionLength else {
            throw ValueError(
                "an inline value has \(text.count) characters, more than \(Bounds.expressionLength): \(quoted: text)",
                "Close it with a backtick.")
        }
        let parts = Self.parts(of: text)
        path = try ValuePath(parts[0])
        var formatters: [Formatter] = []
        for part in parts.dropFirst() { formatters.append(try Formatter(part)) }
        let shaping = formatters.filter(\.isShaping)
        guard shaping.count <= 1 else {
            throw ValueError(
                "\(quoted: text) has \(shaping.count) formatters of the value",
                "Keep one; only 'code', 'or' and 'hint' combine with it.")
        }
        self.formatters = formatters
    }

    /// Splits at the bars outside quotes and brackets.
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

    /// The replacement of a null or empty value.
    private var fallback: String? {
        for formatter in formatters { if case .or(let text) = formatter { return text } }
        return nil
    }

    /// What belongs into an empty field of the author.
    var hint: String? {
        for formatter in formatters { if case .hint(let text) = formatter { return text } }
        return nil
    }

    /// Whether there is a replacement for a null or empty value.
    var hasFallback: Bool { fallback != nil }

    /// The text of the value, not yet escaped; never empty.
    func text(of value: JSONValue) throws(ValueError) -> (text: String, isCode: Bool) {
        let isCode = formatters.contains(.code)
        if value == .null, let fallback { return (fallback, isCode) }
        let shaping = formatters.first(where: \.isShaping)
        var text = ""
        if let shaping { text = try shaping.text(of: value, at: path) } else { text = try Formatter.plain(value) }
        guard text.isEmpty else { return (text, isCode) }
        guard let fallback else {
            throw ValueError("the value is empty", "Add a fallback: | or(none).")
        }
        return (fallback, isCode)
    }
}

extension Formatter {
    /// Whether it formats the value itself.
    fileprivate var isShaping: Bool {
        switch self {
        case .code, .or, .hint: false
        default: true
        }
    }
}

/// A piece of Markdown prose, with respect to values and references.
enum InlineToken: Equatable {
    /// Unchanged text: prose, code spans, comments.
    case text(String)
    /// An inline value, `{wb} …`: the text after the mark, with its line counted from the text's first.
    case value(String, line: Int)
    /// `@fig-…`, `@tbl-…`, `@sec-…`: the label.
    case reference(String, line: Int)

    /// Splits prose into tokens; code spans and comments are not searched.
    static func tokens(of text: String) -> [InlineToken] {
        var scanner = InlineScanner(text)
        return scanner.tokens()
    }
}

private struct InlineScanner {
    private let characters: [Character]
    private var ends: SpanEnds
    private var position = 0
    private var line = 0
    private var plain = ""
    private var result: [InlineToken] = []

    init(_ text: String) {
        characters = Array(text)
        ends = SpanEnds(characters)
    }

    mutating func tokens() -> [InlineToken] {
        while position < characters.count {
            switch characters[position] {
            case "\\" where position + 1 < characters.count: take(2)
            case "`": backticks()
            case "<" where text(at: position, "<!--"): comment()
            case "@": reference()
            default: take(1)
            }
        }
        flush()
        return result
    }

    private mutating func take(_ count: Int) {
        for character in characters[position..<(position + count)] {
            plain.append(character)
            if character == "\n" { line += 1 }
        }
        position += count
    }

    private mutating func flush() {
        if !plain.isEmpty { result.append(.text(plain)) }
        plain = ""
    }

    private func text(at start: Int, _ text: String) -> Bool {
        characters[start...].starts(with: text)
    }

    private func run(at start: Int) -> Int { characters[start...].prefix { $0 == "`" }.count }

    private mutating func backticks() {
        let count = run(at: position)
        guard let end = ends.closing(count, from: position + count) else { return take(count) }
        let content = String(characters[(position + count)..<end])
        if count == 1, content.hasPrefix("{wb}") {
            flush()
            result.append(.value(content.dropFirst(4).trimming(while: \.isWhitespace), line: line))
            line += content.count { $0 == "\n" }
            position = end + 1
        } else {
            take(end + count - position)
        }
    }

    private mutating func comment() {
        var end = position + 4
        while end < characters.count, !text(at: end, "-->") { end += 1 }
        take(min(end + 3, characters.count) - position)
    }

    private mutating func reference() {
        let isWord = position > 0 && (characters[position - 1].isLetter || characters[position - 1].isNumber)
        let name = characters[(position + 1)...].prefix {
            $0.isASCII && ($0.isLetter || $0.isNumber) || "-_".contains($0)
        }
        let label = String(name).trimmingTrailingDashes
        guard !isWord, ["fig-", "tbl-", "sec-"].contains(where: { label.hasPrefix($0) && label != $0 }) else {
            return take(1)
        }
        flush()
        result.append(.reference(label, line: line))
        position += 1 + label.count
    }
}

/// The ends of code spans, found in one pass, so that spans without an end cost no search each.
private struct SpanEnds {
    /// The starts of the runs of backticks, ascending, by their lengths.
    private var runs: [Int: ArraySlice<Int>] = [:]
    /// The line breaks after which a paragraph ends, ascending.
    private var paragraphs: ArraySlice<Int> = []

    init(_ characters: [Character]) {
        var starts: [Int: [Int]] = [:]
        var breaks: [Int] = []
        var start = 0
        /// The last line break, if only blanks follow it so far.
        var newline: Int?
        for (place, character) in characters.enumerated() {
            if character == "`" {
                if place == 0 || characters[place - 1] != "`" { start = place }
                if place + 1 == characters.count || characters[place + 1] != "`" {
                    starts[place + 1 - start, default: []].append(start)
                }
            }
            if character == "\n" {
                if let newline { breaks.append(newline) }
                newline = place
            } else if character != " ", character != "\t" {
                newline = nil
            }
        }
        runs = starts.mapValues { $0[...] }
        paragraphs = breaks[...]
    }

    /// The start of the next run of exactly `count` backticks in the same paragraph; `place` is not before that of an
    /// earlier call.
    mutating func closing(_ count: Int, from place: Int) -> Int? {
        paragraphs = paragraphs.drop { $0 < place }
        runs[count] = runs[count]?.drop { $0 < place }
        guard let run = runs[count]?.first, run < paragraphs.first ?? .max else { return nil }
        return run
    }
}

extension String {
    fileprivate var trimmingTrailingDashes: String {
        String(self[..<(lastIndex { $0 != "-" && $0 != "_" }.map(index(after:)) ?? startIndex)])
    }
}
