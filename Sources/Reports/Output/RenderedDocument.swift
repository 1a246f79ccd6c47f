import Basics
import Digests
import Figures
import Foundation

/// A document and its figures in memory, before any file is written.
struct RenderedDocument {
    /// A file, by its path relative to the folder that receives the outputs.
    typealias File = (path: String, contents: Data)

    /// One or more for each format.
    let documents: [File]
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
    /// Pages after the first, which Whalebook may remove when they are no longer needed.
    private let furtherPages: Set<String>
    private let hasMarkdown: Bool

    /// GitHub cuts a Markdown file at 512,000 bytes.
    private static let pageLimit = 480_000

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
        hasMarkdown = formats.contains(.gfm)

        var documents: [File] = []
        var furtherPages: Set<String> = []
        var weight: PageWeight?
        if hasMarkdown {
            let pages = Pages(stem: variant.stem, limit: Self.pageLimit).laidOut(content.blocks, title: content.title)
            documents += pages.map { ("\($0.stem).md", Data($0.markdown.utf8)) }
            furtherPages = Set(pages.dropFirst().map { "\($0.stem).md" })
        }
        if formats.contains(.html) {
            let whole = Pages(stem: variant.stem, limit: nil, isInteractive: true)
                .laidOut(content.blocks, title: content.title)[0].markdown
            let page = HTMLPage(
                markdown: whole, frontMatter: document.frontMatter, resources: resources.page,
                documents: document.neighbours)
            weight = page.weight
            documents.append(("\(variant.stem).html", Data(page.text.utf8)))
        }
        if formats.contains(.text) {
            let whole = Pages(stem: variant.stem, limit: nil).laidOut(content.blocks, title: content.title)[0].markdown
            let markdown = MathSpans.asPlainText(whole)
            documents.append(("\(variant.stem).txt", Data((CommonMark(markdown)?.plainText() ?? markdown).utf8)))
        }
        pageWeight = weight
        self.documents = documents
        self.figures = figures + photographs
        self.furtherPages = furtherPages
        record = RenderRecord(
            inputs, comparison: rendering.comparison, decisions: rendering.decisions, parameters: parameters,
            figures: Dictionary((figures + photographs).map { ($0.path, Digest.of($0.contents)) }) { first, _ in
                first
            })
        errors = rendering.log.errors
        gaps = rendering.log.gaps
        staleCells = rendering.log.staleCells + rendering.log.staleValues
    }

    /// The photographs next to a document, as files and as its web page uses them.
    private static func resources(of rendering: Rendering) throws -> (page: PageResources, files: [File]) {
        let entries = rendering.links.photographs?.entries ?? []
        let contents = try parallelMap(entries.count) { place in Result { try entries[place].contents() } }
            .map { try $0.get() }
        var files = zip(entries, contents).map { (path: $0.path, contents: $1) }
        var page = PageResources(figures: rendering.figures.figures)
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
        var current = Manifest(files: furtherPages.union(figures.map(\.path)).union([record.path]))
        if !hasMarkdown { current.files.formUnion(earlier.files.filter { $0.hasSuffix(".md") }) }

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

/// The files that rendering wrote next to a document; no other file is ever removed.
struct Manifest: Equatable {
    /// Paths relative to the folder of the document.
    var files: Set<String>

    static let name = "manifest.json"

    /// Reads a manifest; a missing or unreadable one lists nothing, and paths that Whalebook cannot own are ignored.
    static func read(_ url: URL, owning isOwn: (String) -> Bool) -> Manifest {
        let files = (try? JSONValue.read(url))?["files"]?.array?.compactMap(\.string) ?? []
        return Manifest(files: Set(files.filter { StoredName.isPath($0) && isOwn($0) }))
    }

    /// Writes the manifest, sorted.
    func write(to url: URL) throws {
        try AtomicFile.write(
            JSONValue.object(["files": .array(files.sorted().map(JSONValue.string))]).text, to: url)
    }

    /// Removes the files that `current` no longer lists, and the folders that become empty; never through a link.
    func removeFiles(notIn current: Manifest, from folder: URL) {
        guard let root = try? HeldFolder(folder) else { return }
        for file in files.subtracting(current.files).sorted() {
            let names = file.split(separator: "/").map(String.init)
            guard let name = names.last, let (above, own) = try? Self.folders(names.dropLast(), in: root),
                (try? own.remove(name)) != nil
            else { continue }
            // Fails for a folder that is not empty, as it should.
            if let above, names.count > 1 { try? above.remove(names[names.count - 2]) }
        }
    }

    /// The folder at the end of some names, and the one above it.
    private static func folders(
        _ names: some Sequence<String>, in root: HeldFolder
    ) throws -> (above: HeldFolder?, own: HeldFolder) {
        try names.reduce((nil, root)) { folders, name in (folders.1, try folders.1.folder(name)) }
    }
}
