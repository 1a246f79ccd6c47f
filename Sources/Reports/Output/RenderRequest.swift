import Basics
import Foundation

/// Several documents rendered with the same settings.
public struct RenderRequest: Sendable {
    /// The documents' files.
    public let documents: [URL]
    /// Empty for those of each document's front matter.
    public let formats: [FrontMatter.Format]
    /// Parameters of the documents by name.
    public let parameters: [String: String]
    /// Receives all outputs; nil writes each document's next to it.
    public let outputDirectory: URL?

    /// Collects the settings.
    public init(
        documents: [URL], formats: [FrontMatter.Format] = [], parameters: [String: String] = [:],
        outputDirectory: URL? = nil
    ) {
        self.documents = documents
        self.formats = formats
        self.parameters = parameters
        self.outputDirectory = outputDirectory
    }

    /// Renders one document after the other; `rendered` receives each result as soon as the document is written.
    ///
    /// - Throws: ``FileError`` for a document that cannot be read or written, ``VariantError``; documents before it are
    ///   then already written.
    public func render(_ inputs: ReportInputs, rendered: (RenderResult) -> Void) throws {
        let renderer = ReportRenderer(inputs: inputs)
        // All are read first, so that a misspelt name fails early.
        let parsed = try documents.map(Document.parse(contentsOf:))
        var places: [URL: URL] = [:]
        for document in parsed {
            let folder = outputDirectory ?? document.url.deletingLastPathComponent()
            let place = folder.standardizedFileURL.appending(path: document.name)
            if let other = places.updateValue(document.url, forKey: place) {
                throw FileError.unwritable(
                    path: place.path, reason: "both \(other.path) and \(document.url.path) would be written there")
            }
        }
        for document in parsed {
            rendered(
                try renderer.render(
                    document, formats: formats, parameters: parameters,
                    to: outputDirectory ?? document.url.deletingLastPathComponent()))
        }
    }
}
