/// Swift source with the insides of strings, comments and regular expressions blanked out.
///
/// What is left can be read by its braces and words alone. Every byte keeps its place and every line its number.
struct SwiftMask {
    /// The source's bytes.
    let source: [UInt8]
    /// As long as ``source``; blanked bytes are spaces, line ends stay.
    private(set) var code: [UInt8]
    private var position = 0
    /// The last byte of code that is no blank, to tell a regular expression from a division.
    private var previous: UInt8 = 0x0A

    init(_ source: [UInt8]) {
        self.source = source
        code = source
        scan(untilClosing: false)
    }

    private static let quote = UInt8(ascii: "\""), hash = UInt8(ascii: "#"), slash = UInt8(ascii: "/")
    private static let star = UInt8(ascii: "*"), backslash = UInt8(ascii: "\\"), newline = UInt8(ascii: "\n")
    private static let open = UInt8(ascii: "("), close = UInt8(ascii: ")")

    private func byte(_ offset: Int = 0) -> UInt8 {
        position + offset < source.count ? source[position + offset] : 0
    }

    private mutating func blank(_ count: Int = 1) {
        for place in position..<min(position + count, source.count) where code[place] != Self.newline {
            code[place] = 0x20
        }
        position += count
    }

    private mutating func keep() {
        if !byte().isBlank { previous = byte() }
        position += 1
    }

    /// Reads code up to the end, or up to the bracket that closes an interpolation.
    private mutating func scan(untilClosing: Bool) {
        var depth = 0
        while position < source.count {
            switch byte() {
            case Self.slash where byte(1) == Self.slash: lineComment()
            case Self.slash where byte(1) == Self.star: blockComment()
            case Self.slash where beginsRegex(hashes: 0): regex(hashes: 0)
            case Self.quote: string(hashes: 0)
            case Self.hash:
                let hashes = source[position...].prefix { $0 == Self.hash }.count
                if byte(hashes) == Self.quote {
                    blank(hashes)
                    string(hashes: hashes)
                } else if byte(hashes) == Self.slash {
                    regex(hashes: hashes)
                } else {
                    keep()
                }
            case Self.open where untilClosing:
                depth += 1
                keep()
            case Self.close where untilClosing:
                if depth == 0 { return }
                depth -= 1
                keep()
            default: keep()
            }
        }
    }

    private mutating func lineComment() {
        while position < source.count, byte() != Self.newline { blank() }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if byte() == Self.slash, byte(1) == Self.star {
                depth += 1
                blank(2)
            } else if byte() == Self.star, byte(1) == Self.slash {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && position < source.count
    }

    /// Reads a string from its first quote on; code in interpolations is read as code and then blanked too.
    private mutating func string(hashes: Int) {
        let isMultiline = byte(1) == Self.quote && byte(2) == Self.quote
        let quotes = isMultiline ? 3 : 1
        previous = Self.quote
        if !isMultiline, hashes == 0, byte(1) == Self.quote { return blank(2) }
        blank(quotes)
        while position < source.count {
            if byte() == Self.quote, closes(quotes: quotes, hashes: hashes) { return blank(quotes + hashes) }
            if byte() == Self.newline, !isMultiline { return }
            if byte() == Self.backslash, has(hashes, from: 1) {
                if byte(1 + hashes) == Self.open {
                    blank(2 + hashes)
                    let start = position
                    scan(untilClosing: true)
                    for place in start..<min(position, source.count) where code[place] != Self.newline {
                        code[place] = 0x20
                    }
                    blank()
                } else {
                    blank(1 + hashes)
                    blank(byte() == Self.newline ? 0 : 1)
                    if byte() == Self.newline { blank() }
                }
            } else {
                blank()
            }
        }
    }

    private func closes(quotes: Int, hashes: Int) -> Bool {
        (0..<quotes).allSatisfy { byte($0) == Self.quote } && has(hashes, from: quotes)
    }

    private func has(_ hashes: Int, from offset: Int) -> Bool {
        (0..<hashes).allSatisfy { byte(offset + $0) == Self.hash }
    }

    /// A slash opens a regular expression where no value can stand before it and another slash ends it on the line.
    private func beginsRegex(hashes: Int) -> Bool {
        guard !byte(1).isBlank, "(,=:[{!&|?;\n~>".utf8.contains(previous) else { return false }
        var place = position + 1
        while place < source.count, source[place] != Self.newline {
            if source[place] == Self.backslash {
                place += 2
            } else if source[place] == Self.slash {
                return true
            } else {
                place += 1
            }
        }
        return false
    }

    private mutating func regex(hashes: Int) {
        blank(hashes + 1)
        while position < source.count {
            if byte() == Self.backslash {
                blank(2)
            } else if byte() == Self.slash, has(hashes, from: 1) {
                blank(1 + hashes)
                previous = Self.quote
                return
            } else {
                blank()
            }
        }
    }
}

extension UInt8 {
    /// A blank or a line end.
    var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
    /// What a Swift name may consist of; bytes above ASCII belong to letters.
    var isWord: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) || self == 0x5F
            || self >= 0x80
    }
}
