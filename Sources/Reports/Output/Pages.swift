import Basics

/// Lays a document out in a format: its text, and the pages of animals.
struct Pages {
    /// The document's name.
    let stem: String
    let format: FrontMatter.Format

    /// One page: its file relative to the document's folder, and its Markdown.
    struct Page: Equatable {
        let path: String
        let markdown: String
    }

    /// The document, and then the pages of animals; plain text has them in place.
    func laidOut(_ blocks: [RenderedBlock]) -> [Page] {
        var places: [String: AnimalPart] = [:]
        for case .pages(let parts) in blocks {
            for part in parts where places[part.animal.fileStem] == nil { places[part.animal.fileStem] = part }
        }
        var pages: [Page] = []
        let texts = blocks.flatMap { block -> [String] in
            switch block {
            case .markdown(let text): return [text]
            case .filtered(let text, let filter): return format == .html ? filter.marked(text) : [text]
            case .pages(let parts):
                if format == .text { return parts.map(Self.section) }
                pages += parts.indices.map { page(parts, $0, places: places) }
                return []
            }
        }
        let text = texts.joined(separator: "\n\n") + "\n"
        return [Page(path: file(stem), markdown: linked(text, from: "", to: places))] + pages
    }

    /// The file of a page, by its path without ending.
    private func file(_ path: String) -> String { "\(path).\(format.fileExtension)" }

    private static func section(_ part: AnimalPart) -> String {
        "### \(MarkdownText.escaped(part.animal))\n\n\(part.markdown)"
    }

    /// The page of an animal, with links to the index and to the animals before and after it.
    private func page(_ parts: [AnimalPart], _ place: Int, places: [String: AnimalPart]) -> Page {
        let part = parts[place]
        func neighbour(_ word: String, _ place: Int) -> String? {
            guard parts.indices.contains(place) else { return nil }
            let name = parts[place].animal
            return "\(word): [\(MarkdownText.escaped(name))](\(MarkdownText.target(file(name.fileStem))))"
        }
        let up = String(repeating: "../", count: part.folder.split(separator: "/").count)
        let index = "[All animals](\(up)\(MarkdownText.target(file(stem)))\(part.index.map { "#\($0)" } ?? ""))"
        let neighbours = [neighbour("previous", place - 1), neighbour("next", place + 1)].compactMap(\.self)
        let links = index + (neighbours.isEmpty ? "" : " · " + neighbours.joined(separator: " · "))
        let texts = ["# \(MarkdownText.escaped(part.animal))", links, part.markdown, links]
        return Page(
            path: "\(part.folder)/\(file(part.animal.fileStem))",
            markdown: linked(texts.joined(separator: "\n\n") + "\n", from: part.folder, to: places, own: part.animal))
    }

    /// The Markdown of a page in a folder, with the names of animals as links to their pages, except its own.
    private func linked(
        _ markdown: String, from folder: String, to places: [String: AnimalPart], own: String? = nil
    ) -> String {
        AnimalLink.resolved(markdown) { stem in
            guard format != .text, stem != own?.fileStem, let place = places[stem] else { return nil }
            if place.folder == folder { return MarkdownText.target(file(stem)) }
            let up = String(repeating: "../", count: folder.split(separator: "/").count)
            return up + MarkdownText.target("\(place.folder)/\(file(stem))")
        }
    }
}

extension RowFilter {
    /// Markdown with the cases of its tables' rows as attributes, for the page's script. Without it, all rows are shown.
    func marked(_ markdown: String) -> [String] {
        func attribute(_ value: JSONValue) -> String { MarkdownText.html(value.canonicalText.visibleJSON) }
        func list(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        let cases = JSONValue.array(cases.map { .array($0.map(list)) })
        return [
            "<div class=\"gallery\" data-facets=\"\(attribute(list(facets)))\" data-cases=\"\(attribute(cases))\">",
            markdown, "</div>",
        ]
    }
}
