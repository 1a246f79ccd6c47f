import Basics
import Catalog
import Configuration
import Digests
import Foundation
import Results

/// What the data folder holds, by contents: what changes a node's key when the data change.
struct DataManifest: Sendable {
    /// The digest of `metadata.csv`, or of the layout and all that another one is read from.
    let metadata: String
    /// The digest of the scenario files, or nil where the folder brings none.
    let scenarios: String?
    /// The digest of the ``PhotographList``.
    let photographs: String
    /// What was read anew and is to be remembered; nil where every photograph was known.
    private var news: News?

    private struct News: Sendable {
        let list: PhotographList
        var digests: FileDigests
        /// Nil where a file changed meanwhile, or is so new that it may still change unseen.
        let memory: PhotographMemory?
    }

    /// Reads the folder; a file that was read before and has not changed since is not read again.
    ///
    /// - Parameter skipsBroken: Whether photographs may lie there that cannot be read.
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
        // What lies there is told again, since it may have changed before that look.
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
        // A permission that is granted changes nothing that the memory looks at.
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
        if folder.layout == .competition { return files.joined() }
        let described = zip(folder.files, files).map { "\($1) \($0)\n" }.joined()
        return Digest.of(try "\(folder.layout.rawValue)\n\(described)\(folder.photographListing())")
    }

    /// What the digest of a photograph that cannot be read is.
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
            // The catalogue says on which line the missing photograph stands.
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

    /// The files that scenarios are read from, relative to the folder; none where it brings none.
    static func scenarioFiles(_ directory: URL) throws -> [String] {
        guard ScenarioFiles.exist(in: directory) else { return [] }
        let table = try CSVTable.read(directory.appending(path: "query_scenarios.csv"))
        let columns = try ["queries_path", "database_path"].map(table.column)
        return ["query_scenarios.csv"] + table.rows.flatMap { cells in columns.map { cells[$0] } }
    }

    /// Keeps what was read anew, so that the next look need not read it.
    mutating func remember(in store: Store) throws {
        guard var news else { return }
        try news.digests.save()
        try news.list.remember(in: store)
        try news.memory?.write(in: store)
        self.news = nil
    }

    /// The digest of each photograph's file, by image_id; empty where the list was not remembered.
    func digests(in store: Store) throws -> [String: String] {
        try (news?.list ?? PhotographList(digest: photographs, in: store))?.digests ?? [:]
    }

    /// What became of the photographs since another list was current, in words.
    func difference(since digest: String, in store: Store) throws -> String {
        guard let earlier = try PhotographList(digest: digest, in: store),
            let list = try news?.list ?? PhotographList(digest: photographs, in: store)
        else { return "photographs changed" }
        return list.difference(since: earlier)
    }
}

/// What folders of photographs are read from, where no file describes them: as it stands now, nothing being opened.
struct FolderLook: Equatable {
    /// The digest of what decides beside the files: how this program reads them, the settings and some names.
    let key: String
    let files: StampedFiles

    /// Goes up when the same folders would be read otherwise.
    private static let version = "1"

    /// Nil for another layout, and for folders of which a change could stay unseen.
    ///
    /// - Throws: ``FileError/unreadable(path:reason:)`` for a folder that cannot be listed.
    init?(_ data: DataSettings) throws {
        let directory = URL(filePath: data.folder)
        guard data.layout == nil || data.layout == .folders, let evidence = try FolderEvidence(directory),
            let files = StampedFiles(evidence.files, in: directory)
        else { return nil }
        // Where the folder lies is not among them.
        let settings = DataSettings(folder: "", layout: data.layout, patterns: data.patterns)
        let parts = [Self.version, try JSONValue(encoding: settings).canonicalText]
        key = Digest.of((parts + evidence.names).joined(separator: "\n"))
        self.files = files
    }

    /// Whether a memory is of what stands here.
    func isRemembered(in memory: PhotographMemory) -> Bool { memory.key == key && memory.holds(files) }
}
