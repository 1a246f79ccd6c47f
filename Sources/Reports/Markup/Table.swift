/// A table of a report, independent of the form it is written in.
struct Table: Equatable, Sendable {
    enum Alignment { case left, right, centre }

    /// The content of one field.
    indirect enum Cell: Equatable, ExpressibleByStringLiteral {
        case text(String)
        case strong(String)
        case code(String)
        /// The target is written unchanged.
        case link(String, to: String)
        /// Markdown, written as it is.
        case markdown(String)
        case list([Cell])
        /// The name of an animal, with a link to its place if the document has one.
        case animal(String)

        init(stringLiteral value: String) { self = .text(value) }

        var markdown: String {
            switch self {
            case .text(let text): MarkdownText.escaped(text)
            case .strong(let text): "**\(MarkdownText.escaped(text))**"
            case .code(let text): MarkdownText.code(text, isInTable: true)
            case .link(let text, let target): "[\(MarkdownText.escaped(text))](\(target))"
            case .markdown(let text): text
            case .animal(let name): AnimalLink.markdown(name)
            case .list(let cells): cells.map(\.markdown).joined(separator: ", ")
            }
        }
    }

    struct Column: Equatable {
        let title: String
        let alignment: Alignment

        init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    let columns: [Column]
    var rows: [[Cell]]

    /// The table in GitHub's syntax.
    var markdown: String {
        func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
        let rule = columns.map { column in
            switch column.alignment {
            case .left: ":--"
            case .right: "--:"
            case .centre: ":-:"
            }
        }
        return
            ([line(columns.map { MarkdownText.escaped($0.title) }), line(rule)]
            + rows.map { line($0.map(\.markdown)) }).joined(separator: "\n")
    }
}
