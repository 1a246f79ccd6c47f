import Basics
import Digests
import Figures
import Foundation

/// A document and its figures in memory, before any file is written.
struct RenderedDocument {
    /// A file, by its path relative to the folder that receives the outputs.
    typealias File = (path: String, contents: Data)

    /// One for each format, each followed by its pages of animals.
    let documents: [File]
    /// One for each format.
    var ownDocuments: [File] { documents.filter { !animalPages.contains($0.path) } }
    /// The figures with their data, and the photographs that the document opens.
    let figures: [File]
    /// What the web page weighs; nil without one.
    let pageWeight: PageWeight?
    /// One line of Markdown.
    let title: String
    /// The inputs of the document.
    let record: RenderRecord
    let errors: [RenderError]
    let gaps: [RenderGap]
    /// Cells and inline values that show a result which no longer matches the configuration and data.
    let staleCells: Int
    private let folder: String
    /// The pages of animals, which Whalebook may remove when they are no longer needed.
    private let animalPages: Set<String>
    private let formats: [FrontMatter.Format]

    /// Renders a document; nothing is written.
    ///
    /// Empty `formats` stand for those of the document's front matter. Links start from the folder `output`.
    ///
    /// - Throws: ``VariantError``.
    init(
        _ document: Document, inputs: ReportInputs, formats: [FrontMatter.Format], parameters: [String: String],
        to output: URL
    ) throws {
        let variant = try Variant(document, parameters: parameters)
        var rendering = Rendering(document, variant: variant, inputs: inputs, output: output)
        let content = rendering.content()
        title = content.title
        let formats = formats.isEmpty ? document.frontMatter.formats : formats
        folder = rendering.figures.folder
        let resources = try Self.resources(of: rendering)
        let figures = rendering.figures.files.map { file -> File in
            (path: "\(rendering.figures.folder)/\(file.path)", contents: file.contents)
        }
        let photographs = resources.files
        self.formats = formats

        var documents: [File] = []
        var animalPages: Set<String> = []
        var weight: PageWeight?
        for format in FrontMatter.Format.allCases where formats.contains(format) {
            let pages = Pages(stem: variant.stem, format: format).laidOut(content.blocks)
            animalPages.formUnion(pages.dropFirst().map(\.path))
            switch format {
            case .gfm: documents += pages.map { ($0.path, Data($0.markdown.utf8)) }
            case .html:
                let page = HTMLPage(
                    markdown: pages[0].markdown, frontMatter: document.frontMatter,
                    pictures: PagePictures(resources.page), documents: document.neighbours)
                weight = page.weight
                documents.append((pages[0].path, Data(page.text.utf8)))
                documents += Self.animals(pages.dropFirst(), resources.page, links: rendering.links)
            case .text:
                let markdown = MathSpans.asPlainText(pages[0].markdown)
                let text = CommonMark(markdown)?.plainText() ?? markdown
                documents.append((pages[0].path, Data(text.utf8)))
            }
        }
        pageWeight = weight
        self.documents = documents
        self.figures = figures + photographs
        self.animalPages = animalPages
        record = RenderRecord(
            inputs, comparison: rendering.comparison, variants: rendering.variants, decisions: rendering.decisions,
            parameters: parameters,
            figures: Dictionary((figures + photographs).map { ($0.path, Digest.of($0.contents)) }) { first, _ in
                first
            })
        errors = rendering.log.errors
        gaps = rendering.log.gaps
        staleCells = rendering.log.staleCells + rendering.log.staleValues
    }

    /// The web pages of animals.
    private static func animals(
        _ pages: ArraySlice<Pages.Page>, _ resources: PageResources, links: Links
    ) -> [File] {
        let folders = Dictionary(grouping: pages) { $0.path.split(separator: "/").dropLast().joined(separator: "/") }
        return folders.sorted { $0.key < $1.key }.flatMap { folder, pages in
            let pictures = PagePictures(resources.seen(through: links.page(in: folder)))
            return pages.map { page -> File in
                (page.path, Data(HTMLPage(ofAnimal: page.markdown, pictures: pictures).text.utf8))
            }
        }
    }

    /// The photographs next to a document, as files and as its web page uses them.
    private static func resources(of rendering: Rendering) throws -> (page: PageResources, files: [File]) {
        let entries = rendering.links.photographs?.entries ?? []
        let contents = try parallelMap(entries.count) { place in Result { try entries[place].contents() } }
            .map { try $0.get() }
        var files = zip(entries, contents).map { (path: $0.path, contents: $1) }
        var page = PageResources(folder: rendering.figures.folder, figures: rendering.figures.figures)
        page.photographs = files.indices.map { place in
            PageResources.Photograph(
                id: entries[place].id, path: entries[place].path, title: entries[place].title,
                bytes: contents[place].count)
        }
        let maps = rendering.figures.figures.sorted { $0.key < $1.key }.map(\.value).filter(\.isMap)
        let shown = Set(maps.flatMap { $0.picture.places.map(\.name) }).sorted()
        if let catalog = rendering.catalog,
            let sheet = try PhotographSheet(of: shown, in: catalog, folder: rendering.figures.folder)
        {
            page.sheet = sheet
            page.titles = Dictionary(sheet.ids.map { ($0, catalog[$0]?.title ?? $0) }) { first, _ in first }
            files.append((sheet.path, sheet.contents))
        }
        return (page, files)
    }

    /// Whether a path is one that renderings of this document use, and so may remove.
    private func isOwn(_ path: String) -> Bool {
        let stem = folder.dropLast("_files".count)
        // Earlier versions continued long documents on such pages.
        return path.hasPrefix("\(folder)/") || path.hasPrefix("\(stem)-page-") && path.hasSuffix(".md")
    }

    /// The record with the names of the document's files: those written now, and those of earlier renderings in other
    /// formats that still exist.
    private func listed(in output: URL) throws -> RenderRecord {
        var record = record
        let place = output.appending(path: folder).appending(path: RenderRecord.name)
        let before = try FileError.attempt { try JSONValue.read(place).decoded(as: RenderRecord.self) }
        // A record that is older than the list has none.
        let stem = folder.dropLast("_files".count)
        let all = FrontMatter.Format.allCases.map { "\(stem).\($0.fileExtension)" }
        let earlier = before.map { $0.documents ?? all } ?? []
        let formats = Set(documents.map { URL(filePath: $0.path).pathExtension })
        let others = earlier.filter { path in
            StoredName.isPath(path) && !formats.contains(URL(filePath: path).pathExtension)
                && FileManager.default.fileExists(atPath: output.appending(path: path).path)
        }
        record.documents = Set(documents.map(\.path) + others).sorted()
        return record
    }

    /// Writes the files and removes those of an earlier rendering that no longer exist in this one.
    ///
    /// - Throws: ``FileError``.
    func write(to output: URL) throws {
        let manifestURL = output.appending(path: folder).appending(path: Manifest.name)
        let earlier = Manifest.read(manifestURL, owning: isOwn)
        let record: File = (
            "\(folder)/\(RenderRecord.name)", Data(try JSONValue(encoding: try listed(in: output)).text.utf8)
        )
        var current = Manifest(files: animalPages.union(figures.map(\.path)).union([record.path]))
        // The pages of documents in other formats stay, as those documents do.
        for format in FrontMatter.Format.allCases where !formats.contains(format) {
            current.files.formUnion(earlier.files.filter { $0.hasSuffix(".\(format.fileExtension)") })
        }

        // Listed before they are written: a crash in between leaves no file unlisted.
        let owned = Manifest(files: earlier.files.union(current.files))
        try owned.write(to: manifestURL)
        for file in figures + documents + [record] {
            try AtomicFile.write(file.contents, to: output.appending(path: file.path))
        }
        earlier.removeFiles(notIn: current, from: output)
        if owned != current { try current.write(to: manifestURL) }
    }
}
