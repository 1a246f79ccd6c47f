import Foundation

/// How a spreadsheet saved a table as text.
struct SheetForm {
    /// The byte between cells.
    let separator: UInt8
    /// The position of the header: after a line `sep=;`, else 0.
    let start: Int

    private static let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    private static let declaration = Array("sep=".utf8)
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Finds the form of a file: the separator is the commonest candidate in the header, outside quotes.
    init(_ data: Data) {
        let bytes = data.starts(with: Self.mark) ? data.dropFirst(Self.mark.count) : data
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        if text.count == Self.declaration.count + 1, let separator = text.last,
            text.map({ Self.isUpper($0) ? $0 + 32 : $0 }).starts(with: Self.declaration)
        {
            self.separator = separator
            start = min(line.endIndex + 1, bytes.endIndex) - data.startIndex
            return
        }
        start = 0
        var counts = [UInt8: Int]()
        var isQuoted = false
        for byte in line {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, Self.candidates.contains(byte) { counts[byte, default: 0] += 1 }
        }
        separator = Self.candidates.reduce(Self.candidates[0]) { best, next in
            counts[next, default: 0] > counts[best, default: 0] ? next : best
        }
    }

    private static func isUpper(_ byte: UInt8) -> Bool { (65...90).contains(byte) }

    /// The name of an encoding of two or four bytes a character; nil for any other.
    ///
    /// Without a byte-order mark, ASCII letters show it by their zero bytes.
    static func otherEncoding(of data: Data) -> String? {
        let head = Array(data.prefix(64))
        if head.starts(with: [0xFF, 0xFE, 0, 0]) || head.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
        let zeros = head.count { $0 == 0 }
        return head.count > 3 && 3 * zeros > head.count ? "UTF-16" : nil
    }
}

extension StringProtocol {
    /// Whether the text has nothing that is seen: only white space and characters without width, or nothing at all.
    public var isBlank: Bool { unicodeScalars.allSatisfy(\.isBlank) }

    /// The text without white space, and characters without width, at its ends.
    public var trimmingBlanks: String {
        var rest = String(self).unicodeScalars[...]
        while let first = rest.first, first.isBlank { rest.removeFirst() }
        while let last = rest.last, last.isBlank { rest.removeLast() }
        return String(Substring(rest))
    }
}

extension Unicode.Scalar {
    /// Whether it is white space, no-break spaces included, or has no width.
    fileprivate var isBlank: Bool {
        properties.isWhitespace || [0x200B, 0x2060, 0xFEFF].contains(value)
    }
}

extension Int {
    /// A whole number in a cell, with blanks around it or zeros after a decimal point, such as `72.0` from a
    /// spreadsheet or a data frame; nil for any other text, also for `1.000` and `1,000`, which can be a thousand.
    public init?(wholeNumber text: String) {
        let parts = text.trimmingBlanks.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        guard let first = parts.first, let number = Int(first),
            parts.count < 2 || parts[1].count != 3 && parts[1].allSatisfy({ $0 == "0" })
        else { return nil }
        self = number
    }
}
