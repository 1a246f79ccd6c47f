/// Pages around the documents, with their looks.
public enum SitePage {
    /// The list of documents.
    ///
    /// - Parameter documents: Each with its file and its title, one line of Markdown.
    public static func index(_ documents: [(file: String, title: String)]) -> String {
        let items = documents.map { "- [\($0.title)](\(MarkdownText.target($0.file)))" }
        return page((["# Reports", ""] + items).joined(separator: "\n"))
    }

    /// What is said where there is no document, in plain text of one or more lines.
    public static func notice(title: String, text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline).map { MarkdownText.escaped(String($0)) }
        return page("# \(MarkdownText.escaped(title))\n\n\(lines.joined(separator: "\n\n"))")
    }

    private static func page(_ markdown: String) -> String {
        HTMLPage(markdown: markdown, frontMatter: FrontMatter(), pictures: [:]).text
    }
}
