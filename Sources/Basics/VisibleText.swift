extension String {
    /// The text with every character escaped that could act on a terminal or mislead a reader: `\u{1B}`.
    ///
    /// These are control characters including line breaks, and characters that change the text's direction or have no
    /// width. A joiner between non-ASCII letters stays: Persian and composed emoji need it.
    public var visible: String {
        if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
        return escaping { "\\u{\(String($0.value, radix: 16, uppercase: true))}" }
    }

    /// JSON text with the same characters escaped as in JSON, so that its values do not change.
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
    /// Human-readable lines, each terminated and escaped as in ``Swift/String/visible``, so a line break in a value
    /// starts no new line.
    public var visibleLines: String { map { $0.visible + "\n" }.joined() }
}

extension Unicode.Scalar {
    /// U+200C and U+200D.
    fileprivate var isJoiner: Bool { value == 0x200C || value == 0x200D }

    /// Whether it acts on the text instead of showing something.
    fileprivate var isTreacherous: Bool {
        switch value {
        case 0x20..<0x7F: false
        case 0x00..<0x20, 0x7F..<0xA0: true
        // Without width: Mongolian separators, joiners, invisible operators, the byte-order mark, annotations.
        case 0x180E, 0x200B...0x200D, 0x2060...0x2065, 0xFEFF, 0xFFF9...0xFFFB: true
        case 0x2028, 0x2029: true
        default: properties.isBidiControl || (0xE0000...0xE007F).contains(value)
        }
    }
}

/// An error with a message of several lines.
public protocol ErrorWithLines: Error {
    /// The lines of the message.
    var lines: [String] { get }
}

/// An error's message, safe for a terminal: no value contains a control character or starts a new line, and no line is
/// longer than ``Bounds/lineLength``.
public func visibleLines(of error: any Error) -> String {
    ((error as? any ErrorWithLines)?.lines ?? ["\(error)"]).map { $0.shortened(to: Bounds.lineLength).visible }
        .joined(separator: "\n")
}

extension StringProtocol {
    /// The text, cut to `length` characters with an ellipsis if it is longer.
    ///
    /// Text from a file can have any length, but a message that quotes it must not. Counts Unicode scalars, because a
    /// visible character can consist of any number of them.
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
    /// The first texts in a list, each shortened, and the number of others.
    public func listed(_ most: Int = 20, by separator: String = ", ") -> String {
        let rest = count - Swift.min(most, count)
        return prefix(most).map { $0.shortened() }.joined(separator: separator) + (rest > 0 ? " and \(rest) more" : "")
    }
}

extension DefaultStringInterpolation {
    /// A shortened value in quotes, for messages.
    public mutating func appendInterpolation(quoted value: some StringProtocol) {
        appendLiteral("'")
        appendInterpolation(value.shortened())
        appendLiteral("'")
    }
}

extension String {
    /// Replaces single scalars of the text.
    ///
    /// For escapes, where `replacing` fails: it sees a quote and a following combining mark as one character, which is
    /// not a quote, but a program that reads the bytes sees the quote.
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

/// Text in a CSV file for a spreadsheet, which would run a cell such as `=cmd()` as a formula.
///
/// Only files for people to fill in use this form; files exchanged by programs keep their values unchanged.
public enum SpreadsheetText {
    private static let apostrophe: Unicode.Scalar = "'"
    private static let starts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r"]

    /// The text, with an apostrophe before anything a spreadsheet would read as a formula.
    public static func harmless(_ text: String) -> String { isMeant(text[...]) ? "'" + text : text }

    /// The original text of a ``harmless(_:)`` one.
    public static func plain(_ text: String) -> String {
        guard text.unicodeScalars.first == apostrophe else { return text }
        let rest = Substring(text.unicodeScalars.dropFirst())
        return isMeant(rest) ? String(rest) : text
    }

    /// Whether the first character after any apostrophes begins a formula, so that a text with its own apostrophes
    /// comes back unchanged.
    private static func isMeant(_ text: Substring) -> Bool {
        text.unicodeScalars.first { $0 != apostrophe }.map(starts.contains) ?? false
    }
}
