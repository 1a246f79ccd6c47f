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
