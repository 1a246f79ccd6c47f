import Basics
import Catalog
import Configuration
import Digests
import Foundation
import Results

/// The contents of the data folder as digests, which change a node's key when the data change.
struct DataManifest: Sendable {
    /// The digest of `metadata.csv`, or of another layout and the files that describe it.
    let metadata: String
    /// The digest of the scenario files; nil if the folder has none.
    let scenarios: String?
    /// The digest of the ``PhotographList``.
    let photographs: String
    /// Newly read digests to remember; nil if every photograph was known.
    private var news: News?

    private struct News: Sendable {
        let list: PhotographList
        var digests: FileDigests
        /// Nil if a file changed meanwhile, or is so new that a further change could stay undetected.
        let memory: PhotographMemory?
    }

    /// Reads the folder; unchanged files that were read before are not read again. `skipsBroken` allows unreadable
    /// photographs.
    ///
    /// - Throws: ``CatalogError`` for a missing photograph, with its line; ``FileError``.
    init(_ data: DataSettings, skipsBroken: Bool, store: Store, digests: inout FileDigests) throws {
        scenarios = try Self.scenarioDigest(URL(filePath: data.folder), digests: &digests)
        let memory = try PhotographMemory(in: store).flatMap { memory in
            try PhotographList.isRemembered(memory.photographs, in: store) ? memory : nil
        }
        if let memory, memory.isOfFolders, try FolderLook(data)?.isRemembered(in: memory) == true {
            (metadata, photographs) = (memory.metadata, memory.photographs)
            return
        }
        var folder = try data.catalogFolder()
        let look = folder.layout == .folders ? try FolderLook(data) : nil
        // The folder is listed again, because it may have changed before the look.
        if look != nil { folder = try data.catalogFolder() }
        let description = StampedFiles(folder.files, in: folder.directory)
        metadata = try Self.metadataDigest(folder, digests: &digests)
        if let memory, memory.key == metadata, memory.holds(in: folder.directory) {
            photographs = memory.photographs
            return
        }
        let named = try Catalog.photographsNamed(in: folder)
        var files = look?.files
        if folder.layout != .folders, let description {
            files = StampedFiles(named.map(\.path), in: folder.directory).map(description.appending)
        }
        let (list, known) = try Self.list(named, of: folder, skipsBroken: skipsBroken, store: store)
        photographs = list.digest
        // A later change of permissions would not show in the memory, so unreadable files are not remembered.
        let isWhole = !list.digests.values.contains(Self.unreadable)
        let isSame = try look == nil || FolderLook(data) == look
        let remembered = files.flatMap { [metadata, photographs] files in
            guard isWhole, isSame, files.isSettled else { return nil as PhotographMemory? }
            return PhotographMemory(
                key: look?.key ?? metadata, metadata: metadata, photographs: photographs, files: files)
        }
        news = News(list: list, digests: known, memory: remembered)
    }

    private static func metadataDigest(_ folder: CatalogFolder, digests: inout FileDigests) throws -> String {
        let files = try digests.digests(of: folder.urls.map(\.path))
        // The words for unnamed animals change what a table says; the listing of folders shows their effect.
        let words =
            folder.nobody == .standard || folder.layout == .folders
            ? "" : "nobody \(folder.nobody.optionJSON.canonicalText)\n"
        let salvage = folder.salvage == .off ? "" : "salvage \(folder.salvage.rawValue)\n"
        let number = reading(of: folder)
        if folder.layout == .competition, number == 1, words.isEmpty, salvage.isEmpty { return files.joined() }
        let described = zip(folder.files, files).map { "\($1) \($0)\n" }.joined()
        let layout = folder.layout.rawValue + (number > 1 ? " \(number)" : "")
        return Digest.of(try "\(layout)\n\(described)\(words)\(salvage)\(folder.photographListing())")
    }

    /// How this program reads a folder; raise the number when the same files would be read differently.
    ///
    /// Boxes can be of the displayed picture in the layouts that also give its sides: in COCO, and in the competition's
    /// if it has the column of boxes. In both they can be turned.
    private static func reading(of folder: CatalogFolder) -> Int {
        switch folder.layout {
        case .coco: folder.mayTurnBoxes ? 4 : 3
        case .competition: folder.mayTurnBoxes ? 3 : folder.hasBoxColumn ? 2 : 1
        case .wildbook: 2
        case .wildlifeDatasets, .folders: 1
        }
    }

    /// The digest of an unreadable photograph.
    private static let unreadable = "unreadable"

    private static func list(
        _ photographs: [Photograph], of folder: CatalogFolder, skipsBroken: Bool, store: Store
    ) throws -> (PhotographList, FileDigests) {
        var digests = try FileDigests(rememberedAt: store.photographDigests, in: store, root: folder.directory)
        do {
            let found = try digests.digests(
                of: photographs.map { folder.directory.path + "/" + $0.path },
                unreadable: skipsBroken ? unreadable : nil)
            return (PhotographList(zip(photographs, found).map { ($0.id, $1) }), digests)
        } catch let error as FileError {
            // The catalogue's error gives the line of the missing photograph.
            _ = try Catalog.read(folder)
            throw error
        }
    }

    private static func scenarioDigest(_ directory: URL, digests: inout FileDigests) throws -> String? {
        let files = try scenarioFiles(directory)
        guard !files.isEmpty else { return nil }
        let found = try digests.digests(of: files.map { directory.path + "/" + $0 })
        return Digest.of(found.joined(separator: "\n"))
    }

    /// The files with scenarios, relative to the folder; empty if it has none.
    static func scenarioFiles(_ directory: URL) throws -> [String] {
        guard ScenarioFiles.exist(in: directory) else { return [] }
        let table = try CSVTable.read(directory.appending(path: "query_scenarios.csv"))
        let columns = try ["queries_path", "database_path"].map(table.column)
        return ["query_scenarios.csv"] + table.rows.flatMap { cells in columns.map { cells[$0] } }
    }

    /// Keeps the newly read digests, so that the next look need not read the files.
    mutating func remember(in store: Store) throws {
        guard var news else { return }
        try news.digests.save()
        try news.list.remember(in: store)
        try news.memory?.write(in: store)
        self.news = nil
    }

    /// The digest of each photograph's file, by image_id; empty if the list was not remembered.
    func digests(in store: Store) throws -> [String: String] {
        try (news?.list ?? PhotographList(digest: photographs, in: store))?.digests ?? [:]
    }

    /// The changes to the photographs since an earlier list, in words.
    func difference(since digest: String, in store: Store) throws -> String {
        guard let earlier = try PhotographList(digest: digest, in: store),
            let list = try news?.list ?? PhotographList(digest: photographs, in: store)
        else { return "photographs changed" }
        return list.difference(since: earlier)
    }
}

/// The state of folders of photographs that no file describes, without opening a file.
struct FolderLook: Equatable {
    /// The digest of everything else that matters: how this program reads the files, the settings and some names.
    let key: String
    let files: StampedFiles

    /// Raise this when the same folders would be read differently.
    private static let version = "4"

    /// Nil for another layout, and for folders in which a change could stay undetected.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a folder that cannot be listed.
    init?(_ data: DataSettings) throws {
        let directory = URL(filePath: data.folder)
        guard data.layout == nil || data.layout == .folders, let evidence = try FolderEvidence(directory),
            let files = StampedFiles(evidence.files, in: directory)
        else { return nil }
        // The folder's location does not matter.
        let settings = DataSettings(
            folder: "", layout: data.layout, patterns: data.patterns, nobody: data.nobody, links: data.links,
            salvage: data.salvage)
        let parts = [Self.version, try JSONValue(encoding: settings).canonicalText]
        key = Digest.of((parts + evidence.names).joined(separator: "\n"))
        self.files = files
    }

    /// Whether a memory describes this state.
    func isRemembered(in memory: PhotographMemory) -> Bool { memory.key == key && memory.holds(files) }
}
