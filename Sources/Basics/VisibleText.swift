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
