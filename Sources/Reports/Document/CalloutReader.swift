import Basics

/// Reads the lines that open and close a box in Quarto's syntax: `::: {.callout-note title="…"}` and `:::`.
struct CalloutReader {
    /// A line of colons.
    enum Fence: Equatable {
        case opening(attributes: String)
        case closing

        /// Reads a line; nil if it is not such a line.
        init?(_ line: Substring) {
            let colons = line.prefix { $0 == ":" }
            guard colons.count >= 3 else { return nil }
            let rest = line.dropFirst(colons.count).trimming { $0 == " " || $0 == "\t" }
            if rest.isEmpty {
                self = .closing
            } else if rest.hasPrefix("{"), rest.hasSuffix("}") {
                self = .opening(attributes: String(rest.dropFirst().dropLast()))
            } else {
                return nil
            }
        }
    }

    private static let kinds = ["note", "tip", "important", "warning", "caution"]
    /// The line of the open box; nil outside of boxes.
    private(set) var open: Int?

    /// Reads the attributes of a box that opens; nil, with a problem, if there is no such box.
    mutating func callout(_ attributes: String, line: Int, problems: inout ProblemCollector) -> Document.Callout? {
        if let open {
            problems.add(
                line, "a callout opens within the one of line \(open)", "Close that with a line ':::' before it.")
            return nil
        }
        open = line
        var rest = attributes[...]
        var kind: String?
        var title: String?
        while let first = rest.first {
            if first.isWhitespace {
                rest = rest.dropFirst()
            } else if let match = rest.prefixMatch(of: #/title="([^"]*)"/#) {
                title = String(match.1)
                rest = rest[match.range.upperBound...]
            } else {
                let word = rest.prefix { !$0.isWhitespace }
                rest = rest[word.endIndex...]
                if let known = Self.kinds.first(where: { word == ".callout-\($0)" }) {
                    kind = known
                } else {
                    problems.addUnknown(
                        String(word), line, what: "attribute of a callout",
                        known: Self.kinds.map { ".callout-\($0)" } + ["title=\"…\""])
                }
            }
        }
        return Document.Callout(kind: kind ?? "note", title: title, line: line)
    }

    /// Reads a closing line.
    mutating func close() -> Bool {
        defer { open = nil }
        return open != nil
    }
}
