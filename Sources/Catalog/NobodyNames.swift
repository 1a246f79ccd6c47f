/// Words that stand where an animal's name would, and mean nobody.
enum NobodyNames {
    private static let words: Set<String> = [
        "", "na", "n/a", "nan", "nil", "none", "null", "nobody", "unknown", "unidentified", "unnamed", "?", "-", "--",
        "____",
    ]

    /// Whether a name means nobody, whatever its case and the blanks around it.
    static func contains(_ name: String) -> Bool { words.contains(name.trimmed.lowercased()) }

    /// The animal's name; nil where there is none, or it means nobody.
    static func animal(_ name: String?) -> String? { name.flatMap { contains($0) ? nil : $0 } }
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
