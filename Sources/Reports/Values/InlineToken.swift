/// A piece of Markdown prose as far as values and references are concerned.
enum InlineToken: Equatable {
    /// Text that stays as it is: prose, code spans, comments.
    case text(String)
    /// `` `{wb} …` ``: what stands behind the mark, with its line counted from the text's first.
    case value(String, line: Int)
    /// `@fig-…`, `@tbl-…`, `@sec-…`: the label.
    case reference(String, line: Int)

    /// Takes prose apart; nothing inside code spans and comments is looked at.
    static func tokens(of text: String) -> [InlineToken] {
        var scanner = InlineScanner(text)
        return scanner.tokens()
    }
}

private struct InlineScanner {
    private let characters: [Character]
    private var position = 0
    private var line = 0
    private var plain = ""
    private var result: [InlineToken] = []

    init(_ text: String) { characters = Array(text) }

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
        guard let end = closing(count) else { return take(count) }
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

    /// Where a run of as many backticks begins, within the paragraph.
    private func closing(_ count: Int) -> Int? {
        var end = position + count
        while end < characters.count {
            let length = run(at: end)
            if length == count { return end }
            if length == 0, characters[end] == "\n", endsParagraph(at: end) { return nil }
            end += max(length, 1)
        }
        return nil
    }

    private func endsParagraph(at newline: Int) -> Bool {
        characters[(newline + 1)...].first { $0 != " " && $0 != "\t" } == "\n"
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

extension String {
    fileprivate var trimmingTrailingDashes: String {
        String(self[..<(lastIndex { $0 != "-" && $0 != "_" }.map(index(after:)) ?? startIndex)])
    }
}
