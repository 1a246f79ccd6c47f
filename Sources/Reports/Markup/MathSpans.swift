import Basics

/// Finds formulas in Markdown: `$…$` within a line of text and `$$…$$` on their own, as Pandoc and GitHub read them.
///
/// The opening sign has no blank after it, and the closing one has no blank before it and no digit after it, so that
/// `$5 and $10` are amounts. Code, HTML tags and `\$` are passed over.
enum MathSpans {
    /// A piece of Markdown.
    enum Piece: Equatable {
        case markdown(Substring)
        case formula(tex: String, isDisplay: Bool, offset: Int)
    }

    /// The Markdown with every formula replaced; `offset` counts the lines before it.
    static func replacing(
        in markdown: String, with replacement: (_ tex: String, _ isDisplay: Bool, _ offset: Int) -> String
    ) -> String {
        guard markdown.utf8.contains(dollar) else { return markdown }
        return pieces(of: markdown).map { piece in
            switch piece {
            case .markdown(let text): String(text)
            case .formula(let tex, let isDisplay, let offset): replacement(tex, isDisplay, offset)
            }
        }.joined()
    }

    /// MathML for a web page. A formula that cannot be shown was an error when its text was expanded.
    static func asMathML(_ markdown: String) -> String {
        replacing(in: markdown) { tex, isDisplay, _ in
            (try? Mathematics(tex: tex))?.mathML(isDisplay: isDisplay) ?? MarkdownText.code(tex, isInTable: false)
        }
    }

    /// One line of Unicode for plain text.
    static func asPlainText(_ markdown: String) -> String {
        replacing(in: markdown) { tex, _, _ in MarkdownText.escaped((try? Mathematics(tex: tex))?.plainText ?? tex) }
    }

    private static let dollar = UInt8(ascii: "$")
    private static let newline = UInt8(ascii: "\n")
    private static let backtick = UInt8(ascii: "`")

    /// - Complexity: O(length) for text without unclosed signs.
    static func pieces(of markdown: String) -> [Piece] {
        let bytes = Array(markdown.utf8)
        var pieces: [Piece] = []
        var (start, place, line) = (0, 0, 0)
        func text(_ range: Range<Int>) -> Substring { Substring(String(decoding: bytes[range], as: UTF8.self)) }
        while place < bytes.count {
            if place == 0 || bytes[place - 1] == newline, let end = fenceEnd(bytes, from: place) {
                line += bytes[place..<end].count { $0 == newline }
                place = end
                continue
            }
            switch bytes[place] {
            case newline:
                line += 1
                place += 1
            case UInt8(ascii: "\\"): place += place + 1 < bytes.count && bytes[place + 1] != newline ? 2 : 1
            case backtick:
                let end = codeEnd(bytes, from: place)
                line += bytes[place..<end].count { $0 == newline }
                place = end
            case UInt8(ascii: "<"):
                let end = tagEnd(bytes, from: place)
                line += bytes[place..<end].count { $0 == newline }
                place = end
            case dollar:
                let isDisplay = place + 1 < bytes.count && bytes[place + 1] == dollar
                guard let end = formulaEnd(bytes, from: place, isDisplay: isDisplay) else {
                    place += isDisplay ? 2 : 1
                    continue
                }
                let marks = isDisplay ? 2 : 1
                if start < place { pieces.append(.markdown(text(start..<place))) }
                let tex = text((place + marks)..<(end - marks))
                pieces.append(
                    .formula(tex: tex.split(separator: "\n").joined(separator: " "), isDisplay: isDisplay, offset: line)
                )
                line += bytes[place..<end].count { $0 == newline }
                (start, place) = (end, end)
            default: place += 1
            }
        }
        if start < bytes.count { pieces.append(.markdown(text(start..<bytes.count))) }
        return pieces
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == newline }

    /// The end of a formula that begins at a place; nil if there is none in the paragraph.
    private static func formulaEnd(_ bytes: [UInt8], from start: Int, isDisplay: Bool) -> Int? {
        let marks = isDisplay ? 2 : 1
        var place = start + marks
        guard place < bytes.count, isDisplay || !isBlank(bytes[place]), bytes[place] != dollar else { return nil }
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\\"): place += 2
            // A code span ends the formula: inline values have no place in it.
            case backtick: return nil
            case newline where place + 1 < bytes.count && bytes[place + 1] == newline: return nil
            case dollar:
                if isDisplay {
                    guard place + 1 < bytes.count, bytes[place + 1] == dollar else { return nil }
                    return place + 2
                }
                let isFollowed = place + 1 < bytes.count && (0x30...0x39).contains(bytes[place + 1])
                return isBlank(bytes[place - 1]) || isFollowed ? nil : place + 1
            default: place += 1
            }
        }
        return nil
    }

    /// The start of the line after a fenced block that begins at a place; nil if none does.
    private static func fenceEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        /// The mark at the start of a line, after blanks and the signs of quotations, with its length.
        func mark(_ place: Int) -> (mark: UInt8, length: Int, end: Int)? {
            var place = place
            while place < bytes.count, bytes[place] == 0x20 || bytes[place] == UInt8(ascii: ">") { place += 1 }
            guard place < bytes.count, bytes[place] == backtick || bytes[place] == UInt8(ascii: "~") else { return nil }
            let length = bytes[place...].prefix { $0 == bytes[place] }.count
            return length < 3 ? nil : (bytes[place], length, place + length)
        }
        func lineEnd(_ place: Int) -> Int { (bytes[place...].firstIndex(of: newline) ?? bytes.count - 1) + 1 }
        guard let opening = mark(start) else { return nil }
        var place = lineEnd(opening.end - 1)
        if opening.mark == backtick, bytes[opening.end..<place].contains(backtick) { return nil }
        while place < bytes.count {
            let end = lineEnd(place)
            if let closing = mark(place), closing.mark == opening.mark, closing.length >= opening.length {
                return end
            }
            place = end
        }
        return bytes.count
    }

    /// The end of a code span, or of the backticks if they are never closed in their paragraph.
    private static func codeEnd(_ bytes: [UInt8], from start: Int) -> Int {
        let length = bytes[start...].prefix { $0 == backtick }.count
        var place = start + length
        while place < bytes.count {
            if bytes[place] == newline, place + 1 < bytes.count, bytes[place + 1] == newline { break }
            guard bytes[place] == backtick else {
                place += 1
                continue
            }
            let run = bytes[place...].prefix { $0 == backtick }.count
            place += run
            if run == length { return place }
        }
        return start + length
    }

    /// The end of an HTML tag or comment, or the next place if the sign begins none.
    private static func tagEnd(_ bytes: [UInt8], from start: Int) -> Int {
        guard start + 1 < bytes.count else { return start + 1 }
        let next = bytes[start + 1]
        let isTag = (0x41...0x5A).contains(next & 0xDF) || next == UInt8(ascii: "/") || next == UInt8(ascii: "!")
        guard isTag else { return start + 1 }
        var quote: UInt8?
        for place in (start + 1)..<bytes.count {
            let byte = bytes[place]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return place + 1
            } else if byte == newline, place + 1 < bytes.count, bytes[place + 1] == newline {
                break
            }
        }
        return start + 1
    }
}
