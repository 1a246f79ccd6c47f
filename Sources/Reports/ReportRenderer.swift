import Basics
import Foundation

/// What came of a rendering.
public struct RenderResult: Sendable {
    /// The documents that were written, one or more for each format.
    public let outputs: [URL]
    /// Everything that went wrong; the documents show each in its place.
    public let errors: [RenderError]
    /// Cells and inline values that show a result which is no longer that of the configuration and data.
    public let staleCells: Int
}

/// Renders documents from the results of a workflow.
public struct ReportRenderer: Sendable {
    public let inputs: ReportInputs

    /// Creates a renderer.
    public init(inputs: ReportInputs) { self.inputs = inputs }

    /// GitHub cuts a Markdown file at 512,000 bytes.
    static let pageLimit = 480_000

    /// Writes a document with its figures.
    ///
    /// A cell or a value that fails leaves a box or a mark in the document, an entry in
    /// ``RenderResult/errors``, and everything else as it is.
    ///
    /// - Parameters:
    ///   - formats: Those to write; none means those of the document's front matter.
    ///   - parameters: Parameters of the document by name; the document then has its own file name.
    ///   - outputDirectory: Receives `name.md`, `name.html`, `name.txt` and the folder `name_files`.
    /// - Throws: ``ParameterError`` for a parameter that the document does not have, ``FileError`` where nothing can
    ///   be written.
    public func render(
        _ document: Document, formats: [FrontMatter.Format] = [], parameters: [String: String] = [:],
        to outputDirectory: URL
    ) throws -> RenderResult {
        let variant = try Variant(document, parameters: parameters)
        var rendering = Rendering(document, variant: variant, inputs: inputs, output: outputDirectory)
        let content = rendering.content()
        let formats = formats.isEmpty ? document.frontMatter.formats : formats
        let outputs = try write(
            content, figures: rendering.figures, formats: formats, of: document, stem: variant.stem,
            to: outputDirectory)
        let log = rendering.log
        return RenderResult(
            outputs: outputs, errors: log.errors, staleCells: log.staleCells + log.staleValues)
    }

    private func write(
        _ content: Rendering.Content, figures: FigureFiles, formats: [FrontMatter.Format], of document: Document,
        stem: String, to folder: URL
    ) throws -> [URL] {
        let manifestURL = folder.appending(path: figures.folder).appending(path: Manifest.name)
        let earlier = Manifest.read(manifestURL)
        var contents = figures.files.map { (path: "\(figures.folder)/\($0.path)", contents: $0.contents) }
        var documents: [(path: String, contents: Data)] = []
        var current = Manifest(files: Set(contents.map(\.path)))
        if formats.contains(.gfm) {
            let pages = Pages(stem: stem, limit: Self.pageLimit).laidOut(content.blocks, title: content.title)
            documents += pages.map { ("\($0.stem).md", Data($0.markdown.utf8)) }
            current.files.formUnion(pages.dropFirst().map { "\($0.stem).md" })
        } else {
            current.files.formUnion(earlier.files.filter { $0.hasSuffix(".md") })
        }
        let whole = Pages(stem: stem, limit: nil).laidOut(content.blocks, title: content.title)[0].markdown
        if formats.contains(.html) {
            let pictures = Dictionary(contents.map { ($0.path, $0.contents) }) { first, _ in first }
            let page = HTMLPage(
                markdown: whole, frontMatter: document.frontMatter,
                pictures: document.frontMatter.embedsResources ? pictures : [:])
            documents.append(("\(stem).html", Data(page.text.utf8)))
        }
        if formats.contains(.text) { documents.append(("\(stem).txt", Data(PlainText(markdown: whole).text.utf8))) }
        contents += documents

        // Listed before they are written: a crash in between leaves no file that nobody owns.
        let owned = Manifest(files: earlier.files.union(current.files))
        if !owned.files.isEmpty { try owned.write(to: manifestURL) }
        for (path, data) in contents { try AtomicFile.write(data, to: folder.appending(path: path)) }
        earlier.removeFiles(notIn: current, from: folder)
        if owned != current { try current.write(to: manifestURL) }
        return documents.map { folder.appending(path: $0.path) }
    }
}
