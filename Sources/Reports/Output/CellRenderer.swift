import Basics
import Foundation

/// A piece of a rendered document.
enum RenderedBlock {
    case markdown(String)
    /// Markdown with tables, whose rows the reader of a web page filters.
    case filtered(String, by: RowFilter)
    /// Pages of their own; plain text has them in place.
    case pages([AnimalPart])
}

/// The page of an animal.
struct AnimalPart: Equatable {
    let animal: String
    /// The page's folder, relative to the document's.
    let folder: String
    /// The anchor in the document from which the page is reached; nil for the document as a whole.
    let index: String?
    /// Links start from the folder.
    let markdown: String
}

/// Turns a cell into Markdown and figures; a failure becomes a box.
struct CellRenderer {
    let artefacts: Artefacts
    let links: Links
    let frontMatter: FrontMatter
    var expander: Expander
    var figures: FigureFiles
    /// The labels of the cells that explain how numbers are counted or pictures are read, by that text.
    private var explained: [String: String] = [:]
    /// Whether a cell has explained how its numbers are counted.
    var hasExplained: Bool { !explained.isEmpty }
    /// The number of cells with pages.
    private var paged = 0

    /// The folder of the next cell's pages.
    private var pageFolder: String { "\(figures.folder)/animals\(paged == 0 ? "" : "-\(paged + 1)")" }

    init(artefacts: Artefacts, links: Links, frontMatter: FrontMatter, expander: Expander, figures: FigureFiles) {
        self.artefacts = artefacts
        self.links = links
        self.frontMatter = frontMatter
        self.expander = expander
        self.figures = figures
    }

    /// Pixels per point of a picture if the cell has no `fig-dpi`.
    private static let scale = 1.5

    mutating func blocks(_ cell: Cell) -> [RenderedBlock] {
        var result: [RenderedBlock] = []
        if cell.options.echo, cell.options.include {
            let source = "```{\(cell.kind)}\n\(cell.source)\n```"
            result.append(.markdown(MarkdownText.block(source, language: "markdown")))
        }
        guard cell.options.eval else { return result }
        guard cell.problems.isEmpty else {
            return result + cell.problems.map { .markdown(box($0, cell: cell, line: $0.line ?? cell.line)) }
        }
        let before = figures
        do {
            let output = try output(of: cell)
            if cell.isShown { result += output } else { figures = before }
        } catch {
            figures = before
            result.append(.markdown(box(error, cell: cell, line: cell.line)))
        }
        return result
    }

    private mutating func box(_ error: any Error, cell: Cell, line: Int) -> String {
        let logged = expander.log.add(error, line: line, isExpected: cell.options.error)
        let anchors = [cell.options.label, logged.anchor].compactMap(\.self).map(MarkdownText.anchor).joined()
        return Alert.caution.markdown(
            "**`\(cell.kind)` on line \(line) has failed.** \(MarkdownText.escaped(logged.message))", anchors: anchors)
    }

    /// Whether a cell has nothing to show but remarks; false for one that fails.
    mutating func isAbsent(_ cell: Cell) -> Bool {
        guard cell.problems.isEmpty, let (configured, context) = try? configured(cell) else { return false }
        return (try? configured.content(context).isAbsent) ?? false
    }

    /// A cell with its parameters, and what it reads.
    private mutating func configured(_ cell: Cell) throws -> (any CellKind, CellContext) {
        let kind = try CellKinds.kind(cell.kind)
        var parameters: [Cell.Parameter] = []
        for parameter in cell.parameters {
            let text = parameter.value.string
            // What an inline value stands for was not written in the document.
            parameters.append(
                Cell.Parameter(
                    name: parameter.name, value: try text.map { try expander.whole($0) } ?? parameter.value,
                    texts: text == nil ? parameter.texts : nil, line: parameter.line))
        }
        let configured = try kind.init(parameters, of: cell)
        let context = try CellContext(
            cell: cell, stages: kind.stages, artefacts: artefacts, links: links,
            pageLinks: links.page(in: pageFolder), frontMatter: frontMatter)
        return (configured, context)
    }

    private mutating func output(of cell: Cell) throws -> [RenderedBlock] {
        let (configured, context) = try configured(cell)
        let content = try configured.content(context)
        // Drawn before anything is logged, so that a failing figure leaves only its box.
        var drawn = try DrawnFigure.drawing(
            content.figures, format: cell.options.figureFormat,
            scale: cell.options.figureResolution.map { $0 / 96 } ?? Self.scale)[...]
        let parts = content.parts.map { part in
            switch part {
            case .table(let table): table.markdown
            case .markdown(let text): text
            case .folded(let summary, let table): MarkdownText.folded(summary: summary, content: table.markdown)
            case .figure(let figure):
                markdown(figure, drawn.removeFirst(), cell: cell, content: content, links: links)
            }
        }
        let stale = expander.log.addStale(context.readNodes, isCell: true)
        let pages = content.pages.map { page in
            let texts = [
                Self.mark(stale), markdown(page, &drawn, cell: cell, content: content, links: context.pageLinks),
            ]
            return AnimalPart(
                animal: page.animal, folder: pageFolder, index: cell.options.label,
                markdown: texts.compactMap(\.self).joined(separator: "\n\n"))
        }
        if !pages.isEmpty, cell.isShown { paged += 1 }
        let folds = content.parts.compactMap(Self.folded) + (content.list.map { listed($0, cell: cell) } ?? [])
        for gap in content.gaps { expander.log.addGap(gap, line: cell.line) }
        let remarks = content.notes + [content.thumbnails?.note].compactMap(\.self)
        var notes = cell.options.warning ? remarks.map { MarkdownText.escaped($0) } : []
        let caption: String?
        if content.parts.isEmpty, !notes.isEmpty {
            // There is nothing to caption and there are no values for the caption, so the notes replace it.
            let number = expander.references.caption(of: cell.options.label).map { "**\($0).** " } ?? ""
            caption = number + notes.joined(separator: " ")
            notes = []
        } else {
            caption = self.caption(cell, content: content, stale: stale)
        }
        var tail = notes + (content.guide.map { reading($0, label: cell.options.label) } ?? [])
        if let contract = content.contract { tail += counting(contract, label: cell.options.label) }
        let anchor = cell.options.label.map(MarkdownText.anchor)
        let isTable = References.Kind(label: cell.options.label ?? "") == .table
        let texts =
            [anchor] + (isTable ? [caption] : []) + parts + (isTable ? [] : [caption]) + folds + tail.map(Optional.some)
        let text = texts.compactMap(\.self).joined(separator: "\n\n")
        let block = content.filter.map { RenderedBlock.filtered(text, by: $0) } ?? .markdown(text)
        return pages.isEmpty ? [block] : [block, .pages(pages)]
    }

    /// How to read the pictures of a cell, folded; nothing if an earlier cell has said it.
    private mutating func reading(_ guide: String, label: String?) -> [String] {
        guard explained[guide] == nil else { return [] }
        if let label { explained[guide] = label }
        return [MarkdownText.folded(summary: "How to read these pictures", content: MarkdownText.escaped(guide))]
    }

    /// How the numbers of a cell are counted: paragraphs, folded, with links to the cells that have said the others;
    /// nothing if an earlier cell has said it all.
    private mutating func counting(_ contract: String, label: String?) -> [String] {
        let title = "How these numbers are counted"
        let paragraphs = contract.components(separatedBy: CellContent.paragraph)
        var earlier: [String] = []
        for label in paragraphs.compactMap({ explained[$0] }) where !earlier.contains(label) { earlier.append(label) }
        let new = paragraphs.filter { explained[$0] == nil }
        if let label { for paragraph in new { explained[paragraph] = label } }
        let links = earlier.map { "[\((try? expander.references.target($0))?.text ?? $0)](#\($0))" }
            .joined(separator: " and ")
        guard !new.isEmpty else { return [] }
        let rest = earlier.isEmpty ? [] : ["The rest is counted as in \(links)."]
        return [
            MarkdownText.folded(
                summary: title, content: (new.map { MarkdownText.escaped($0) } + rest).joined(separator: "\n\n"))
        ]
    }

    /// The text of an animal's page; a figure's table follows it.
    private mutating func markdown(
        _ page: CellContent.Page, _ drawn: inout ArraySlice<DrawnFigure>, cell: Cell, content: CellContent,
        links: Links
    ) -> String {
        page.parts.flatMap { part -> [String?] in
            switch part {
            case .table(let table): [table.markdown]
            case .markdown(let text): [text]
            case .folded(let summary, let table): [MarkdownText.folded(summary: summary, content: table.markdown)]
            case .figure(let figure):
                [
                    markdown(
                        figure, drawn.removeFirst(), cell: cell, content: content, links: links, animal: page.animal),
                    Self.folded(part),
                ]
            }
        }.compactMap(\.self).joined(separator: "\n\n")
    }

    /// A figure with its title. `links` are those of the page that shows it; that of an animal names the file, too, so
    /// that other animals' files keep their names.
    private mutating func markdown(
        _ part: FigurePart, _ drawn: DrawnFigure, cell: Cell, content: CellContent, links: Links,
        animal: String? = nil
    ) -> String {
        let label = cell.options.label ?? cell.kind
        let path = figures.add(drawn, label: animal.map { "\(label)-\($0.fileStem)" } ?? label)
        // A map shows too many photographs to enlarge them all.
        if !drawn.isMap, let photographs = links.photographs, let catalog = try? artefacts.catalog() {
            for place in drawn.picture.places { _ = photographs.path(of: place.name, in: catalog) }
        }
        var texts: [String] = []
        if let title = part.title { texts.append("**\(MarkdownText.escaped(title))**") }
        let alternative =
            cell.options.figureAlternative.map { expander.caption($0, line: cell.line, local: content.values) }?
            .replacing(Expander.staleMark, with: "†")
            ?? MarkdownText.escaped(drawn.alternativeText, isLabel: true)
        texts.append("![\(alternative)](\(links.target(ofDocumentFile: path)))")
        return texts.joined(separator: "\n\n")
    }

    /// A complete list, folded, with a link to its file.
    private mutating func listed(_ list: CompleteList, cell: Cell) -> [String] {
        let path = figures.add(table: Data(list.csv.utf8), label: cell.options.label ?? cell.kind)
        return [
            list.table.map { MarkdownText.folded(summary: list.title, content: $0.markdown) },
            list.sentence(linking: path),
        ].compactMap(\.self)
    }

    /// The table of a figure; it comes after the caption, so that the caption is next to its figure.
    private static func folded(_ part: CellContent.Part) -> String? {
        guard case .figure(let figure) = part else { return nil }
        return MarkdownText.folded(summary: figure.tableTitle, content: figure.table.markdown)
    }

    /// The caption with its number and, for stale results, the reasons.
    private mutating func caption(_ cell: Cell, content: CellContent, stale: [String]) -> String? {
        let number = expander.references.caption(of: cell.options.label).map { "**\($0).**" }
        let given = [cell.options.figureCaption, cell.options.tableCaption].compactMap(\.self).first
        let text = given.map { expander.caption($0, line: cell.line, local: content.values) }
        let parts = [number, text, Self.mark(stale)].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// Why results are stale; nil if they are not.
    private static func mark(_ stale: [String]) -> String? {
        stale.isEmpty ? nil : "⚠ *stale: \(MarkdownText.escaped(stale.joined(separator: "; ")))*"
    }
}
