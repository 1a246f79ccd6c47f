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
    let figures: [File]
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
        let figures = rendering.figures.files.map { file -> File in
            (path: "\(rendering.figures.folder)/\(file.path)", contents: file.contents)
        }
        hasMarkdown = formats.contains(.gfm)

        var documents: [File] = []
        var furtherPages: Set<String> = []
        if hasMarkdown {
            let pages = Pages(stem: variant.stem, limit: Self.pageLimit).laidOut(content.blocks, title: content.title)
            documents += pages.map { ("\($0.stem).md", Data($0.markdown.utf8)) }
            furtherPages = Set(pages.dropFirst().map { "\($0.stem).md" })
        }
        if formats.contains(.html) {
            let whole = Pages(stem: variant.stem, limit: nil, isInteractive: true)
                .laidOut(content.blocks, title: content.title)[0].markdown
            let pictures = Dictionary(figures) { first, _ in first }
            let page = HTMLPage(
                markdown: whole, frontMatter: document.frontMatter,
                pictures: document.frontMatter.embedsResources ? pictures : [:])
            documents.append(("\(variant.stem).html", Data(page.text.utf8)))
        }
        if formats.contains(.text) {
            let whole = Pages(stem: variant.stem, limit: nil).laidOut(content.blocks, title: content.title)[0].markdown
            documents.append(("\(variant.stem).txt", Data((CommonMark(whole)?.plainText() ?? whole).utf8)))
        }
        self.documents = documents
        self.figures = figures
        self.furtherPages = furtherPages
        record = RenderRecord(
            inputs, comparison: rendering.comparison, parameters: parameters,
            figures: Dictionary(figures.map { ($0.path, Digest.of($0.contents)) }) { first, _ in
                first
            })
        errors = rendering.log.errors
        gaps = rendering.log.gaps
        staleCells = rendering.log.staleCells + rendering.log.staleValues
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

/// The figures of a document, collected before anything is written.
struct FigureFiles {
    /// The folder next to the document, such as `failures_files`.
    let folder: String
    /// The contents by path relative to ``folder``, in the order of the document.
    private(set) var files: [(path: String, contents: Data)] = []
    private var counts: [String: Int] = [:]

    init(folder: String) { self.folder = folder }

    /// Stores a figure; returns its path relative to the document.
    mutating func add(_ figure: DrawnFigure, label: String) -> String {
        let number = (counts[label] ?? 0) + 1
        counts[label] = number
        let stem = "figure-gfm/\(label)-\(number)"
        let file = "\(stem).\(figure.format.rawValue)"
        files.append((path: file, contents: figure.contents))
        files.append((path: "\(stem).json", contents: figure.data))
        return "\(folder)/\(file)"
    }
}

/// A figure as stored in its files.
struct DrawnFigure: Sendable {
    let format: FigureFormat
    let contents: Data
    /// The data it shows, as JSON.
    let data: Data
    let alternativeText: String

    /// Draws figures, on all cores; each is released once it is drawn, with its photographs.
    ///
    /// Without a format, each figure has its default. Photographs have `scale` pixels per point.
    static func drawing(_ parts: [FigurePart], format: FigureFormat?, scale: Double) throws -> [DrawnFigure] {
        try parallelMap(parts.count) { place in
            Result {
                let figure = parts[place].figure
                let format = format ?? parts[place].format
                return DrawnFigure(
                    format: format, contents: try figure.contents(format, scale: scale),
                    data: Data(figure.data.text.utf8), alternativeText: figure.alternativeText)
            }
        }.map { try $0.get() }
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
