import Basics
import Foundation

/// A folder of photographs with its layout and the files that describe it.
public struct CatalogFolder: Sendable {
    public let directory: URL
    public let layout: Layout
    /// The metadata, relative to ``directory``; none for ``Layout/folders``.
    public let files: [String]
    /// The meaning of names, for ``Layout/folders``.
    public let patterns: PatternChoice
    /// The words that name no animal.
    public let nobody: NobodyNames
    /// The folders outside that links may lead to, by their absolute paths.
    public let links: [String]
    /// The box file next to the photographs, for ``Layout/folders``; nil if there is none.
    public let boxFile: String?
    /// What happens to a photograph whose file ends early.
    public let salvage: Salvage
    /// Whether `metadata.csv` has a column of boxes, for ``Layout/competition``.
    public let hasBoxColumn: Bool
    /// Whether the metadata may turn boxes, for ``Layout/competition`` and ``Layout/coco``.
    public let mayTurnBoxes: Bool

    /// Determines the layout: the one given, or the only one whose files are in the folder.
    ///
    /// ``Layout/folders`` is considered only if no other layout is found.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a folder that cannot be listed; ``LayoutError``.
    public init(
        _ directory: URL, layout: Layout? = nil, patterns: PatternChoice = .automatic,
        nobody: NobodyNames = .standard, links: [String] = [], salvage: Salvage = .off
    ) throws {
        self.patterns = patterns
        self.nobody = nobody
        self.links = links
        self.salvage = salvage
        let listing = try FolderListing(directory)
        self.directory = directory
        if let layout {
            files = try layout.reader.metadata(in: listing)
            guard !files.isEmpty || layout == .folders else {
                throw LayoutError.absent(layout: layout, directory: directory.path)
            }
            self.layout = layout
        } else {
            var found = try Layout.allCases.map { ($0, try $0.reader.metadata(in: listing)) }.filter { !$0.1.isEmpty }
            if found.map(\.0) == [.coco], found[0].1.allSatisfy({ !$0.contains("/") }),
                try FolderReader.fits(listing),
                try !COCOReader.namesAnimals(found[0].1, in: directory)
            {
                // The file only adds boxes to folders that name the animals.
                found = []
            }
            guard found.count < 2 else {
                throw LayoutError.ambiguous(
                    directory: directory.path, found: Dictionary(uniqueKeysWithValues: found))
            }
            guard let only = try found.first ?? (FolderReader.fits(listing) ? (.folders, []) : nil) else {
                throw try LayoutError.unknown(listing)
            }
            (self.layout, files) = only
        }
        guard files.count < 2 || self.layout == .coco else {
            throw LayoutError.several(layout: self.layout, directory: directory.path, files: files)
        }
        let columns = self.layout == .competition ? try listing.header(of: files[0]) : nil
        hasBoxColumn = columns?.contains(CompetitionReader.box) == true
        switch self.layout {
        case .competition: mayTurnBoxes = columns?.contains(CompetitionReader.theta) == true
        case .coco: mayTurnBoxes = try files.contains { try COCOReader.mayTurnBoxes($0, in: directory) }
        case .wildbook, .wildlifeDatasets, .folders: mayTurnBoxes = false
        }
        let boxFiles = self.layout == .folders ? try BoxFile.names(in: listing) : []
        guard boxFiles.count < 2 else {
            throw LayoutError.several(layout: self.layout, directory: directory.path, files: boxFiles)
        }
        boxFile = boxFiles.first
    }

    /// The metadata files.
    public var urls: [URL] { files.map { directory.appending(path: $0) } }

    /// A CSV table of the photographs of ``Layout/folders``, with everything read from names, EXIF and the box file,
    /// and of the pictures that cannot be read; empty for other layouts.
    ///
    /// - Throws: ``FileError``, ``PathPatternError``.
    public func photographListing() throws -> String {
        guard layout == .folders else { return "" }
        let tree = try PictureTree(directory, links: links)
        let photographs = try FolderReader.photographs(tree, self).photographs
        // Columns that few folders have, so that the others keep their table.
        let extra: [(name: String, cell: (Photograph) -> String?)] = [
            ("split", \.split), ("outline", { $0.outline.map { String(decoding: $0.text, as: UTF8.self) } }),
        ].filter { column in photographs.contains { column.1($0) != nil } }
        let rows = photographs.map { photograph in
            [
                photograph.path, photograph.whaleID ?? "", photograph.viewpoint.rawValue, photograph.date ?? "",
                photograph.timestamp ?? "", photograph.encounterID ?? "", photograph.boxText ?? "",
            ] + extra.map { $0.cell(photograph) ?? "" }
        }
        let header =
            ["path", "animal", "viewpoint", "date", "timestamp", "encounter", "box"] + extra.map(\.name)
        let empty = [String](repeating: "", count: header.count - 1)
        return CSVTable.text(header: header, rows: rows + tree.unreadable.map { [$0] + empty })
    }

    /// The patterns that match names of photographs; none for layouts with metadata.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)``, ``PathPatternError``.
    public func patternMatches() throws -> [PatternMatch] {
        guard layout == .folders else { return [] }
        return try PatternMatch.found(in: PictureTree(directory, links: links).pictures, by: patterns)
    }
}

/// The names in a folder, from which readers detect their layout.
struct FolderListing {
    let directory: URL
    /// The names of all entries except hidden ones, sorted.
    let names: [String]

    /// - Throws: ``FileError/unreadable(path:reason:)``.
    init(_ directory: URL) throws {
        self.directory = directory
        names = try Self.names(in: directory)
    }

    /// The column names of a CSV file, or nil if its first line is not a header.
    ///
    /// - Throws: ``FileError`` if too many files are open.
    func header(of name: String) throws -> Set<String>? {
        let file = directory.appending(path: name).path
        guard let start = try FileError.attempt({ try RegularFile.head(of: file, count: 1 << 16) }) else { return nil }
        return (try? CSVTable.sheetHeader(start, path: name)).map(Set.init)
    }

    /// The CSV files whose header `isWanted` accepts.
    ///
    /// - Throws: ``FileError`` if too many files are open.
    func tables(where isWanted: (Set<String>) -> Bool) throws -> [String] {
        try names.filter { try $0.lowercased().hasSuffix(".csv") && header(of: $0).map(isWanted) == true }
    }

    /// - Throws: ``FileError/unreadable(path:reason:)``.
    static func names(in directory: URL) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory.path)
                .filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: directory.path, isDirectory: &isFolder)
            let reason = exists && !isFolder.boolValue ? "it is not a folder" : FileError.reason(of: error)
            throw FileError.unreadable(path: directory.path, reason: reason)
        }
    }
}
