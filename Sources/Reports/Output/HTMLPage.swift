import Foundation

/// A rendered document as one web page.
struct HTMLPage {
    let text: String

    private static let stylesheet = String(decoding: PackageResources.page_css, as: UTF8.self)

    /// Makes the page, with pictures embedded by their address in the Markdown.
    init(markdown: String, frontMatter: FrontMatter, pictures: [String: Data]) {
        guard let document = CommonMark(markdown) else {
            text = ""
            return
        }
        let title = document.title ?? "Report"
        let headings = frontMatter.hasContents ? document.anchorHeadings() : []
        let contents = headings.filter { $0.level == 2 }.map { heading in
            "<li><a href=\"#\(heading.anchor)\">\(MarkdownText.html(heading.title))</a></li>\n"
        }
        let navigation = contents.isEmpty ? "" : "<nav>\n<ul>\n\(contents.joined())</ul>\n</nav>\n"
        let body = Self.placing(navigation, in: Self.finished(document.html))
        text = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="generator" content="Whalebook" />
            <title>\(MarkdownText.html(title))</title>
            <style>
            \(Self.stylesheet)</style>
            </head>
            <body>
            <main>
            \(Self.embedding(pictures, in: body))</main>\(GalleryFilter.script(for: body))
            </body>
            </html>

            """
    }

    /// Embeds pictures in place of their addresses; done last, because they make the text long.
    private static func embedding(_ pictures: [String: Data], in html: String) -> String {
        guard !pictures.isEmpty else { return html }
        let mark = "<img src=\""
        let pieces = html.split(separator: mark, omittingEmptySubsequences: false)
        return pieces.dropFirst().reduce(into: String(pieces.first ?? "")) { text, piece in
            let address = piece.prefix { $0 != "\"" }
            let path = address.removingPercentEncoding ?? String(address)
            text += mark
            if let picture = pictures[path] {
                text += "data:\(type(of: path));base64,"
                text += picture.base64EncodedString()
                text += piece.dropFirst(address.count)
            } else {
                text += piece
            }
        }
    }

    private static func type(of path: String) -> String {
        path.hasSuffix(".svg") ? "image/svg+xml" : path.hasSuffix(".jpeg") ? "image/jpeg" : "image/png"
    }

    /// Puts the contents below the title and the subtitle.
    private static func placing(_ navigation: String, in html: String) -> String {
        guard !navigation.isEmpty, let end = html.firstMatch(of: /<\/h1>\n(?:<p><em>[^\n]*<\/em><\/p>\n)?/) else {
            return navigation + html
        }
        return html[..<end.range.upperBound] + navigation + html[end.range.upperBound...]
    }

    private static func finished(_ html: String) -> String {
        scrolling(Alert.marked(inHTML: html))
            // cmark's attributes without values are not XML.
            .replacing("\" data-footnotes>", with: "\" data-footnotes=\"\">")
            .replacing("\" data-footnote-ref>", with: "\" data-footnote-ref=\"\">")
            .replacing("\" data-footnote-backref ", with: "\" data-footnote-backref=\"\" ")
    }

    /// Lets wide tables scroll separately from the page.
    private static func scrolling(_ html: String) -> String {
        html.replacing("<table>", with: "<div class=\"table\">\n<table>").replacing(
            "</table>", with: "</table>\n</div>")
    }
}

/// Pages around the documents, in the same style.
public enum SitePage {
    /// The list of documents, each with its file and its title, one line of Markdown.
    public static func index(_ documents: [(file: String, title: String)]) -> String {
        let items = documents.map { "- [\($0.title)](\(MarkdownText.target($0.file)))" }
        return page((["# Reports", ""] + items).joined(separator: "\n"))
    }

    /// A page to show if there is no document; plain text of one or more lines.
    public static func notice(title: String, text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline).map { MarkdownText.escaped(String($0)) }
        return page("# \(MarkdownText.escaped(title))\n\n\(lines.joined(separator: "\n\n"))")
    }

    private static func page(_ markdown: String) -> String {
        HTMLPage(markdown: markdown, frontMatter: FrontMatter(), pictures: [:]).text
    }
}
