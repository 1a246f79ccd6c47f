/// Words that stand where an animal's name would, and mean nobody.
enum NobodyNames {
    private static let words: Set<String> = [
        "", "na", "n/a", "nan", "nil", "none", "null", "nobody", "unknown", "unidentified", "unnamed", "?", "-", "--",
        "____",
    ]

    /// Whether a name means nobody, whatever its case and the blanks around it.
    static func contains(_ name: String) -> Bool { words.contains(name.trimmed.lowercased()) }
}

extension String {
    /// The text without white space at its ends.
    fileprivate var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
