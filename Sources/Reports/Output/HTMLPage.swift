import Basics
import Foundation

/// A rendered document as one web page.
struct HTMLPage {
    let text: String
    let weight: PageWeight

    /// The landmark that the first link leads to.
    private static let mainID = "whalebook-text"
    /// Bytes kept free for the note on the page's weight.
    private static let reserve = 600

    /// Makes the page of a document. `documents` are the names of those that have a page in the same folder.
    init(
        markdown: String, frontMatter: FrontMatter, pictures: PagePictures = PagePictures(PageResources()),
        documents: Set<String> = []
    ) {
        self.init(markdown: markdown, frontMatter: frontMatter, pictures: pictures) { Self.linked($0, to: documents) }
    }

    /// Makes the page of an animal, which is among the files next to the document: its pictures are there already.
    init(ofAnimal markdown: String, pictures: PagePictures) {
        var frontMatter = FrontMatter()
        frontMatter.hasContents = false
        frontMatter.embedsResources = false
        self.init(markdown: markdown, frontMatter: frontMatter, pictures: pictures) { $0 }
    }

    private init(
        markdown: String, frontMatter: FrontMatter, pictures: PagePictures, linked: (String) -> String
    ) {
        guard let document = CommonMark(MathSpans.asMathML(markdown)) else {
            (text, weight) = ("", PageWeight())
            return
        }
        let title = document.title ?? "Report"
        let contents = PageContents(document.headings(addingAnchors: true))
        let hasContents = frontMatter.hasContents ?? (contents.sections >= 3)
        var body = linked(Self.finished(document.html))
        if hasContents { body = Self.placing(contents.folded, in: body) }
        let scripts = PageScripts.elements(for: body, pictures: pictures)
        let head = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="generator" content="Whalebook" />
            <title>\(MarkdownText.html(title))</title>
            <style>
            \(PageScripts.stylesheet)</style>
            </head>
            <body>
            <a class="skip" href="#\(Self.mainID)">Skip to the text</a>
            <div class="page">
            \(hasContents ? contents.beside : "")<main id="\(Self.mainID)" tabindex="-1">

            """
        let fixed = head.utf8.count + scripts.utf8.count + Self.reserve
        let limit = frontMatter.embedsResources ? Int(frontMatter.embedLimit * 1e6) - fixed : 0
        let placed = pictures.placed(in: body, limit: limit)
        var weight = placed.weight
        weight.page += fixed
        self.weight = weight
        let sentence = weight.sentence("This page")
        let note = sentence.map { "<footer class=\"weight\"><p>\(MarkdownText.html($0))</p></footer>\n" } ?? ""
        text = "\(head)\(placed.html)\(note)</main>\n</div>\(scripts)\n</body>\n</html>\n"
    }

    /// Puts the contents below the title and the subtitle.
    private static func placing(_ navigation: String, in html: String) -> String {
        guard let end = html.firstMatch(of: /<\/h1>\n(?:<p><em>[^\n]*<\/em><\/p>\n)?/) else { return navigation + html }
        return html[..<end.range.upperBound] + navigation + html[end.range.upperBound...]
    }

    /// Links to the Markdown of other documents lead to their pages. Links out of the folder become their text, because
    /// the readers of a page have at most its folder.
    private static func linked(_ html: String, to documents: Set<String>) -> String {
        let html = html.replacing(#/<a href="\.\.\/[^"]*">(.*?)<\/a>/#) { String($0.1) }
        guard !documents.isEmpty else { return html }
        return html.replacing(#/<a href="([^"#/:]+)\.md(#[^"]*)?"/#) { match in
            let name = String(match.1)
            guard documents.contains(name.removingPercentEncoding ?? name) else { return String(match.0) }
            return "<a href=\"\(name).html\(match.2 ?? "")\""
        }
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

/// The table of contents of a page.
///
/// It stands beside the text in a wide window and is folded above it in a narrow one: the page has both, and the style
/// sheet shows one, so that it needs no script.
struct PageContents {
    /// The number of sections of level 2.
    let sections: Int
    private let list: String

    init(_ headings: [CommonMark.AnchoredHeading]) {
        let shown = headings.filter { $0.level <= 3 }
        sections = shown.count { $0.level == 2 }
        var list = ""
        var isNested = false
        for (place, heading) in shown.enumerated() {
            let link = "<a href=\"#\(MarkdownText.html(heading.anchor))\">\(MarkdownText.html(heading.title))</a>"
            let next = shown.indices.contains(place + 1) ? shown[place + 1].level : 2
            switch (heading.level, next) {
            case (2, 3):
                list += "<li>\(link)\n<ul>\n"
                isNested = true
            case (3, 2):
                list += "<li>\(link)</li>\n"
                if isNested { list += "</ul>\n</li>\n" }
                isNested = false
            default: list += "<li>\(link)</li>\n"
            }
        }
        self.list = "<ul>\n\(list)</ul>\n"
    }

    var beside: String { "<nav class=\"contents\" aria-label=\"Contents\">\n<p>Contents</p>\n\(list)</nav>\n" }

    var folded: String {
        "<details class=\"contents\">\n<summary>Contents</summary>\n<nav aria-label=\"Contents\">\n\(list)</nav>\n</details>\n"
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
        HTMLPage(markdown: markdown, frontMatter: FrontMatter()).text
    }
}
