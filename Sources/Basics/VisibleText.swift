extension String {
    /// The text with everything escaped that a terminal or a reader could take for more than text: `\u{1B}`.
    ///
    /// Escaped are control characters, line breaks among them, and what changes the direction of the text or has no
    /// width. A joiner stays between letters that are not ASCII: Persian and composed emoji need it.
    public var visible: String {
        if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
        return escaping { "\\u{\(String($0.value, radix: 16, uppercase: true))}" }
    }

    /// JSON text with the same characters escaped inside its strings, as JSON writes them: the values stay.
    public var visibleJSON: String {
        if utf8.allSatisfy({ $0 == 0x0A || (0x20..<0x7F).contains($0) }) { return self }
        return split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line).escaping { scalar in
                String(scalar).utf16.map { unit in
                    let digits = String(unit, radix: 16)
                    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }.joined()
            }
        }.joined(separator: "\n")
    }

    private func escaping(_ escape: (Unicode.Scalar) -> String) -> String {
        var result = ""
        var before: Unicode.Scalar = "a"
        var rest = unicodeScalars[...]
        while let scalar = rest.popFirst() {
            let joins = scalar.isJoiner && !before.isASCII && !(rest.first?.isASCII ?? true)
            if scalar.isTreacherous, !joins {
                result += escape(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
            before = scalar
        }
        return result
    }
}

extension Sequence<String> {
    /// Lines for people, each ended and with what is no text in it escaped; a line break in a value makes no new line.
    public var visibleLines: String { map { $0.visible + "\n" }.joined() }
}

extension Unicode.Scalar {
    /// U+200C and U+200D.
    fileprivate var isJoiner: Bool { value == 0x200C || value == 0x200D }

    /// Whether it does something instead of showing something.
    fileprivate var isTreacherous: Bool {
        switch value {
        case 0x20..<0x7F: false
        case 0x00..<0x20, 0x7F..<0xA0: true
        // No width: Mongolian separators, joiners, invisible operators, the byte-order mark, annotations.
        case 0x180E, 0x200B...0x200D, 0x2060...0x2065, 0xFEFF, 0xFFF9...0xFFFB: true
        case 0x2028, 0x2029: true
        default: properties.isBidiControl || (0xE0000...0xE007F).contains(value)
        }
    }
}

/// An error that is told on several lines.
public protocol ErrorWithLines: Error {
    /// What is told, a line each.
    var lines: [String] { get }
}

/// An error as a terminal shows it: no character of a value acts on the terminal, none begins a line of its own, and no
/// line is longer than ``Bounds/lineLength``.
public func visibleLines(of error: any Error) -> String {
    ((error as? any ErrorWithLines)?.lines ?? ["\(error)"]).map { $0.shortened(to: Bounds.lineLength).visible }
        .joined(separator: "\n")
}

extension StringProtocol {
    /// The text, or the beginning of one that is longer than `length` characters, with an ellipsis.
    ///
    /// What comes out of a file may be of any length, and a message that quotes it must not be. Characters are counted as
    /// Unicode has them, since one that a reader sees may be made of any number.
    ///
    /// - Complexity: O(length).
    public func shortened(to length: Int = Bounds.quotedLength) -> String {
        let scalars = unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: length, limitedBy: scalars.endIndex),
            end != scalars.endIndex
        else { return String(self) }
        return String(self[..<end]) + "…"
    }
}

extension Collection<String> {
    /// The first texts in a row, each shortened, and how many more there are.
    public func listed(_ most: Int = 20, by separator: String = ", ") -> String {
        let rest = count - Swift.min(most, count)
        return prefix(most).map { $0.shortened() }.joined(separator: separator) + (rest > 0 ? " and \(rest) more" : "")
    }
}

extension DefaultStringInterpolation {
    /// A value between quotes, shortened: the form in which a message shows what it was given.
    public mutating func appendInterpolation(quoted value: some StringProtocol) {
        appendLiteral("'")
        appendInterpolation(value.shortened())
        appendLiteral("'")
    }
}

extension String {
    /// The text with some scalars written otherwise, one by one.
    ///
    /// For escapes, where `replacing` will not do: to it a quote and a combining mark behind it are one character, which
    /// is no quote. Whoever reads the bytes sees one.
    public func replacingScalars(_ replacements: [Unicode.Scalar: String]) -> String {
        var result = ""
        for scalar in unicodeScalars {
            if let replacement = replacements[scalar] {
                result += replacement
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

/// Text in a CSV file that people open in a spreadsheet, which would run a cell such as `=cmd()` as a formula.
///
/// Files that programs exchange have their values as they are; only a file for people to fill in takes this form.
public enum SpreadsheetText {
    private static let apostrophe: Unicode.Scalar = "'"
    private static let starts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r"]

    /// The text with an apostrophe before what a spreadsheet would take for a formula.
    public static func harmless(_ text: String) -> String { isMeant(text[...]) ? "'" + text : text }

    /// The text that ``harmless(_:)`` was given.
    public static func plain(_ text: String) -> String {
        guard text.unicodeScalars.first == apostrophe else { return text }
        let rest = Substring(text.unicodeScalars.dropFirst())
        return isMeant(rest) ? String(rest) : text
    }

    /// Whether the first character after any apostrophes begins a formula: so a text that has apostrophes of its own
    /// comes back whole.
    private static func isMeant(_ text: Substring) -> Bool {
        text.unicodeScalars.first { $0 != apostrophe }.map(starts.contains) ?? false
    }
}
