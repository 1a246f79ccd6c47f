import Basics

/// Lays blocks out on pages that GitHub shows in full.
struct Pages {
    /// The document's name, from which further pages build theirs.
    let stem: String
    /// Maximum bytes of Markdown per page; nil for no limit.
    let limit: Int?
    /// Whether galleries carry the facets for a filter.
    var isInteractive = false

    /// One page: its file's name without ending, and its Markdown.
    struct Page: Equatable {
        let stem: String
        let markdown: String
    }

    /// Bytes kept free on every page for links between pages.
    private static let reserve = 2_000

    /// The pages of a document; only pieces of galleries move to further pages.
    func laidOut(_ blocks: [RenderedBlock], title: String) -> [Page] {
        let fixed = blocks.reduce(0) { size, block in
            guard case .markdown(let text) = block else { return size }
            return size + text.utf8.count + 2
        }
        var free = limit.map { max($0 - fixed - Self.reserve, 0) } ?? .max
        var texts: [String] = []
        var further: [[GalleryPiece]] = []
        var sizes: [Int] = []
        var plans: [(gallery: [GalleryPiece], here: Int, pages: [Int])] = []
        for case .gallery(let pieces, _) in blocks {
            free -= pieces.reduce(0) { $0 + $1.title.utf8.count * 2 + $1.anchor.utf8.count * 2 + stem.utf8.count + 32 }
            var here = 0
            for piece in pieces {
                let size = piece.size
                guard size <= free else { break }
                free -= size
                here += 1
            }
            var pages: [Int] = []
            for piece in pieces.dropFirst(here) {
                if further.isEmpty || (sizes.last ?? 0) + piece.size > (limit ?? .max) - Self.reserve {
                    further.append([])
                    sizes.append(0)
                }
                further[further.count - 1].append(piece)
                sizes[sizes.count - 1] += piece.size
                pages.append(further.count)
            }
            plans.append((pieces, here, pages))
            free = pages.isEmpty ? free : 0
        }
        var next = 0
        for block in blocks {
            switch block {
            case .markdown(let text): texts.append(text)
            case .gallery(_, let facets):
                let plan = plans[next]
                next += 1
                let links = index(of: plan.gallery, here: plan.here, pages: plan.pages)
                let pieces = plan.gallery.prefix(plan.here)
                texts +=
                    isInteractive && !facets.isEmpty
                    ? GalleryFilter.marked(pieces, index: links, facets: facets) : [links] + pieces.map(\.text)
                let numbers = Set(plan.pages).sorted()
                if !numbers.isEmpty {
                    let links = numbers.map { "[page \($0 + 1)](\(name($0 + 1)).md)" }
                    texts.append("More on \(links.joined(separator: ", ")).")
                }
            }
        }
        let first = Page(stem: stem, markdown: texts.joined(separator: "\n\n") + "\n")
        return [first]
            + further.enumerated().map { position, pieces in
                page(position + 2, of: further.count + 1, title: title, pieces: pieces)
            }
    }

    /// Links to every piece, so that a reader finds an animal without paging.
    private func index(of pieces: [GalleryPiece], here: Int, pages: [Int]) -> String {
        let links = pieces.enumerated().compactMap { position, piece -> String? in
            guard !piece.anchor.isEmpty else { return nil }
            let page = position < here ? "" : "\(name(pages[position - here] + 1)).md"
            return "[\(MarkdownText.escaped(piece.title))](\(MarkdownText.target(page))#\(piece.anchor))"
        }
        return links.joined(separator: " · ")
    }

    private func name(_ page: Int) -> String { "\(stem)-page-\(page)" }

    /// The name of the first page of the document that a page belongs to.
    static func firstStem(of name: String) -> String { name.replacing(#/-page-[0-9]+$/#, with: "") }

    private func page(_ number: Int, of count: Int, title: String, pieces: [GalleryPiece]) -> Page {
        var links = ["[first page](\(MarkdownText.target(stem)).md)"]
        if number > 2 { links.append("[previous page](\(MarkdownText.target(name(number - 1))).md)") }
        if number < count { links.append("[next page](\(MarkdownText.target(name(number + 1))).md)") }
        let head = "# \(title), page \(number) of \(count)\n\n\(links.joined(separator: " · "))"
        return Page(
            stem: name(number),
            markdown: ([head] + pieces.map(\.text) + [links.joined(separator: " · ")]).joined(separator: "\n\n") + "\n")
    }
}

extension GalleryPiece {
    /// The piece with its anchor.
    var text: String {
        anchor.isEmpty ? markdown : MarkdownText.anchor(anchor) + "\n\n" + markdown
    }

    fileprivate var size: Int { text.utf8.count + 2 }
}

/// The filter by which the reader of a web page chooses among the pieces of a gallery.
///
/// Without scripts the whole gallery is shown.
enum GalleryFilter {
    /// A gallery's Markdown with the cases of each piece as attributes.
    static func marked(_ pieces: ArraySlice<GalleryPiece>, index: String, facets: [String]) -> [String] {
        func attribute(_ value: JSONValue) -> String { MarkdownText.html(value.canonicalText.visibleJSON) }
        func list(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        let marked = pieces.map { piece in
            let cases = JSONValue.array(piece.cases.map(list))
            return "<section data-cases=\"\(attribute(cases))\">\n\n\(piece.text)\n\n</section>"
        }
        return ["<div class=\"gallery\" data-facets=\"\(attribute(list(facets)))\">", index] + marked + ["</div>"]
    }

    /// The script, if a page has a gallery to filter.
    static func script(for html: String) -> String {
        html.contains("<div class=\"gallery\"") ? "\n<script>\n\(source)</script>" : ""
    }

    private static let source = String(decoding: PackageResources.gallery_js, as: UTF8.self)
}
