import Basics
import Foundation

/// The outcome of a rendering.
public struct RenderResult: Sendable {
    /// The written documents, one for each format, without the pages of animals next to them.
    public let outputs: [URL]
    /// The document's title, one line of Markdown.
    public let title: String
    /// Everything that went wrong; the documents show each in its place.
    public let errors: [RenderError]
    /// Fields of the front matter that the author has left empty; the documents show each in its place.
    public let gaps: [RenderGap]
    /// Cells and inline values that show a result which no longer matches the configuration and data.
    public let staleCells: Int
    /// What the web page weighs; nil without one.
    public let pageWeight: PageWeight?
    /// The results that the documents may have read, each once.
    public let results: [ReportNode]
}

/// Renders documents from the results of a workflow.
public struct ReportRenderer: Sendable {
    public let inputs: ReportInputs

    /// Creates a renderer.
    public init(inputs: ReportInputs) { self.inputs = inputs }

    /// Writes a document with its figures.
    ///
    /// A cell or a value that fails leaves a box or a mark in the document and an entry in ``RenderResult/errors``;
    /// everything else is unaffected.
    ///
    /// Empty `formats` stand for those of the document's front matter. A document with `parameters` has its own file
    /// name. `outputDirectory` receives `name.md`, `name.html`, `name.txt` and the folder `name_files`.
    ///
    /// - Throws: ``VariantError`` for a parameter that the document does not have, ``FileError`` if nothing can be
    ///   written.
    public func render(
        _ document: Document, formats: [FrontMatter.Format] = [], parameters: [String: String] = [:],
        to outputDirectory: URL
    ) throws -> RenderResult {
        let rendered = try RenderedDocument(
            document, inputs: inputs, formats: formats, parameters: parameters, to: outputDirectory)
        try rendered.write(to: outputDirectory)
        return RenderResult(
            outputs: rendered.ownDocuments.map { outputDirectory.appending(path: $0.path) }, title: rendered.title,
            errors: rendered.errors, gaps: rendered.gaps, staleCells: rendered.staleCells,
            pageWeight: rendered.pageWeight, results: rendered.record.results)
    }
}
