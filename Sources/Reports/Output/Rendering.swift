import Algorithms
import Basics
import Catalog
import Foundation

/// One rendering of one document, before anything is written.
struct Rendering {
    /// A document as it will be laid out.
    struct Content {
        /// Markdown, one line.
        let title: String
        let blocks: [RenderedBlock]
    }

    private let document: Document
    private var cells: CellRenderer

    var figures: FigureFiles { cells.figures }
    var links: Links { cells.links }
    /// The photographs; nil if there is no catalogue.
    var catalog: Catalog? { try? cells.artefacts.catalog() }
    var log: RenderLog { cells.expander.log }
    /// The runs that the document has compared so far.
    var comparison: ReportComparison? { cells.artefacts.usedComparison }
    var variants: [ReportComparison] { cells.artefacts.usedVariants }
    /// The decisions that the document has used so far.
    var decisions: ReportDecisions? { cells.artefacts.usedDecisions }

    init(_ document: Document, variant: Variant, inputs: ReportInputs, output: URL) {
        let artefacts = Artefacts(inputs, pair: RunPair(parameters: variant.parameters))
        let folder = "\(variant.stem)_files"
        func cells(of document: Document, remarks: [String: String] = [:]) -> CellRenderer {
            let expander = Expander(
                values: Values(artefacts, frontMatter: document.frontMatter, parameters: variant.parameters),
                references: References(document, remarks: remarks),
                log: RenderLog(path: document.url.lastPathComponent, root: inputs.place.root))
            return CellRenderer(
                artefacts: artefacts,
                links: Links(
                    from: output, root: inputs.place.root,
                    photographs: PhotographFiles(folder: folder, limit: document.frontMatter.enlargements * 1e6)),
                frontMatter: document.frontMatter, expander: expander, figures: FigureFiles(folder: folder))
        }
        // Figures are numbered in what is left, so a renderer of its own looks for what is absent.
        var trial = cells(of: document)
        self.document = OptionalSections.leavingOutAbsent(document) { trial.isAbsent($0) }
        let remarks = self.document.cells.compactMap { cell -> (String, String)? in
            guard let label = cell.options.label, let title = (try? CellKinds.kind(cell.kind))?.remarks,
                trial.isAbsent(cell)
            else { return nil }
            return (label, title)
        }
        self.cells = cells(of: self.document, remarks: Dictionary(remarks) { first, _ in first })
    }

    /// Renders everything; called once.
    mutating func content() -> Content {
        let documentErrors = (document.problems + cells.expander.references.problems.problems)
            .map { cells.expander.log.add($0, line: $0.line) }
        let title = cells.expander.caption(document.frontMatter.title ?? document.name, line: 1)
        let subtitle = document.frontMatter.subtitle.map { cells.expander.caption($0, line: 1) }
        var body: [RenderedBlock] = []
        var headings = 0
        /// The number of blocks before the first section.
        var opening: Int?
        /// The open callout, with the number of blocks before it.
        var callout: (callout: Document.Callout, start: Int)?
        for block in document.blocks {
            switch block {
            case .prose(let text, let line):
                body.append(.markdown(cells.expander.markdown(text, line: line).trimmingBlankLines))
            case .heading(let heading):
                opening = opening ?? body.count
                body.append(.markdown(self.heading(heading, number: headings)))
                headings += 1
            case .verbatim(let text): body.append(.markdown(text))
            case .callout(let opened): callout = (opened, body.count)
            case .calloutEnd:
                guard let opened = callout else { continue }
                let inside = body[opened.start...]
                let pages = inside.filter { if case .pages = $0 { true } else { false } }
                body.replaceSubrange(
                    opened.start..., with: [RenderedBlock.markdown(box(opened.callout, around: inside))] + pages)
                callout = nil
            case .cell(let cell): body += cells.blocks(cell)
            }
        }
        if !document.cells.contains(where: { $0.kind == ProvenanceCell.name && $0.isShown }) {
            body.append(.markdown(ProvenanceCell.markdown(cells.artefacts, explains: !cells.hasExplained)))
        }
        // What is left to the author comes after the document's first lines, which have its finding.
        if let note = gapsNote { body.insert(.markdown(note), at: opening ?? 0) }
        var head = ["# \(title)"]
        if let subtitle { head.append("*\(subtitle)*") }
        head += banners(documentErrors)
        return Content(title: title, blocks: head.map { .markdown($0) } + body)
    }

    /// A callout around the blocks inside it.
    private mutating func box(_ callout: Document.Callout, around blocks: ArraySlice<RenderedBlock>) -> String {
        let title = callout.title.map { "**\(cells.expander.caption($0, line: callout.line))**" }
        let texts = blocks.compactMap { block -> String? in
            switch block {
            case .markdown(let text), .filtered(let text, _): text
            case .pages: nil
            }
        }
        let kind = Alert(rawValue: callout.kind.uppercased()) ?? .note
        return kind.markdown(([title].compactMap(\.self) + texts).joined(separator: "\n\n"))
    }

    private mutating func heading(_ heading: Document.Heading, number position: Int) -> String {
        let number = cells.expander.references.headingNumbers[position]
        let text = cells.expander.caption(heading.text, line: heading.line)
        let line = [String(repeating: "#", count: heading.level), number.isEmpty ? "" : number + ".", text]
            .filter { !$0.isEmpty }.joined(separator: " ")
        return heading.label.map { MarkdownText.anchor($0) + "\n\n" + line } ?? line
    }

    /// The fields that the author has left empty; nil for none.
    private var gapsNote: String? {
        guard !log.gaps.isEmpty else { return nil }
        let count = NumberText.counted(log.gaps.count, "field", "fields")
        let gaps = log.gaps.map {
            "\(MarkdownText.code($0.name, isInTable: false)) in \(MarkdownText.code($0.path, isInTable: false)), "
                + "shown at line \($0.line)"
        }
        return Alert.note.markdown(
            (["**To be filled in: \(count).**", ""] + gaps.firstLines.map { "- \($0)" }).joined(separator: "\n"))
    }

    /// The warnings at the top: errors with links to them, and stale results with their reasons.
    private func banners(_ documentErrors: [RenderError]) -> [String] {
        var result: [String] = []
        if !log.errors.isEmpty {
            let count = log.errors.count
            var lines = ["**This document was rendered with \(count) error\(count == 1 ? "" : "s").**", ""]
            let whole = Set(documentErrors.map(\.anchor))
            // Errors of the document as a whole come first.
            let shown = max(ProblemList.limit, documentErrors.count)
            for error in log.errors.prefix(shown) {
                let place = error.line.map { "line \($0)" } ?? "the document"
                // They have no box further down.
                let isHere = whole.contains(error.anchor)
                let link = isHere ? place.capitalisingFirst : "[\(place.capitalisingFirst)](#\(error.anchor))"
                lines.append("- \(link): \(MarkdownText.escaped(error.message))")
            }
            if count > shown { lines.append("- … and \(count - shown) more, each in its place.") }
            result.append(Alert.caution.markdown(lines.joined(separator: "\n")))
        }
        if !log.staleNodes.isEmpty {
            let counts = [(log.staleCells, "cell"), (log.staleValues, "number")].filter { $0.0 > 0 }
                .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
            let verb = log.staleCells + log.staleValues == 1 ? "shows" : "show"
            var lines = [
                "**Stale: \(counts.joined(separator: " and ")) \(verb) an earlier state** (numbers are marked †). "
                    + "Run `whalebook run`, then render again.", "",
            ]
            lines += log.staleNodes.map {
                "- \(MarkdownText.escaped($0.name)): \(MarkdownText.escaped(log.shown($0.staleness) ?? ""))"
            }
            result.append(Alert.warning.markdown(lines.joined(separator: "\n")))
        }
        return result
    }
}

extension String {
    /// The text without blank lines at both ends; blanks within the first line stay.
    fileprivate var trimmingBlankLines: String {
        let lines = split(separator: "\n", omittingEmptySubsequences: false)
        func isBlank(_ line: Substring) -> Bool { line.allSatisfy(\.isWhitespace) }
        guard let first = lines.firstIndex(where: { !isBlank($0) }), let last = lines.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return lines[first...last].joined(separator: "\n")
    }
}

/// Something that went wrong while a document was rendered; the document shows it too.
public struct RenderError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The document's file.
    public let path: String
    /// The line of the document, from 1, or nil.
    public let line: Int?
    /// What is wrong and what to do.
    public let message: String
    /// The anchor of the error in the rendered document.
    let anchor: String

    public var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(message)" }
}

/// The errors and stale results that a rendering meets.
struct RenderLog {
    let path: String
    /// A document contains no absolute path.
    private let paths: RelativePaths
    private(set) var errors: [RenderError] = []
    private(set) var gaps: [RenderGap] = []
    private(set) var staleCells = 0
    private(set) var staleValues = 0
    private(set) var staleNodes: [ReportNode] = []
    private var count = 0

    init(path: String, root: URL) {
        self.path = path
        paths = RelativePaths(root: root)
    }

    /// Counts an error, unless it is intended.
    mutating func add(_ error: any Error, line: Int?, isExpected: Bool = false) -> RenderError {
        count += 1
        let problem = error as? FileProblem
        let message =
            problem?.message ?? (error as? any ErrorWithLines)?.lines.joined(separator: " ") ?? "\(error)"
        let result = RenderError(
            path: path, line: problem?.line ?? line, message: paths.shortened(message.shortened(to: Bounds.lineLength)),
            anchor: "error-\(count)")
        if !isExpected { errors.append(result) }
        return result
    }

    /// A text as the document may show it: without absolute paths.
    func shown(_ text: String?) -> String? { text.map(paths.shortened) }

    /// Lists a field that the author has left empty.
    mutating func addGap(_ name: String, line: Int) { gaps.append(RenderGap(path: path, line: line, name: name)) }

    /// Counts a cell or a value that was read from stale results; returns the reasons.
    mutating func addStale(_ nodes: [ReportNode], isCell: Bool) -> [String] {
        let stale = nodes.filter { $0.staleness != nil }
        guard !stale.isEmpty else { return [] }
        if isCell { staleCells += 1 } else { staleValues += 1 }
        for node in stale where !staleNodes.contains(node) { staleNodes.append(node) }
        return Array(stale.compactMap { shown($0.staleness) }.uniqued())
    }
}
