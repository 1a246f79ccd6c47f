import Basics
import Catalog
import Foundation

/// What the data folder holds, by contents: what changes a node's key when the data change.
public struct DataManifest: Sendable, Equatable {
    /// The digest of `metadata.csv`.
    public let metadata: String
    /// The digest of the scenario files, or nil where the folder brings none.
    public let scenarios: String?
    /// The digest of every photograph's file, by image_id, in the order of `metadata.csv`.
    public let photographs: [(id: String, digest: String)]
    /// The digest of ``photographs``.
    public let photographsDigest: String

    /// Reads the folder; a file that was read before and has not changed since is not read again.
    ///
    /// - Throws: ``CatalogError`` for a missing photograph, with its line; ``FileError``.
    public static func read(_ directory: URL, digests: inout FileDigests) throws -> DataManifest {
        let table = try CSVTable.read(directory.appending(path: "metadata.csv"))
        let id = try table.column("image_id")
        let path = try table.column("path")
        let folder = directory.path.hasSuffix("/") ? directory.path : directory.path + "/"
        let metadata = try digests.digest(of: folder + "metadata.csv")
        let scenarios = try scenarioDigest(folder, digests: &digests)
        do {
            let found = try digests.digests(of: table.rows.map { folder + $0[path] })
            return DataManifest(
                metadata: metadata, scenarios: scenarios,
                photographs: zip(table.rows, found).map { ($0[id], $1) })
        } catch let error as FileError {
            // The catalogue says on which line the missing photograph stands.
            _ = try Catalog.read(directory)
            throw error
        }
    }

    init(metadata: String, scenarios: String?, photographs: [(id: String, digest: String)]) {
        self.metadata = metadata
        self.scenarios = scenarios
        self.photographs = photographs
        photographsDigest = Digest.of(Self.text(photographs))
    }

    /// By contents; names and order of the photographs are in their digest.
    public static func == (first: DataManifest, second: DataManifest) -> Bool {
        first.metadata == second.metadata && first.scenarios == second.scenarios
            && first.photographsDigest == second.photographsDigest
    }

    private static func scenarioDigest(_ folder: String, digests: inout FileDigests) throws -> String? {
        let url = URL(filePath: folder)
        guard ScenarioFiles.exist(in: url) else { return nil }
        let table = try CSVTable.read(url.appending(path: "query_scenarios.csv"))
        let columns = try ["queries_path", "database_path"].map(table.column)
        let files = ["query_scenarios.csv"] + table.rows.flatMap { cells in columns.map { cells[$0] } }
        let found = try digests.digests(of: files.map { folder + $0 })
        return Digest.of(found.joined(separator: "\n"))
    }

    // MARK: Remembered lists

    private static func text(_ photographs: [(id: String, digest: String)]) -> String {
        var text = ""
        for photograph in photographs { text += "\(photograph.digest),\(photograph.id)\n" }
        return text
    }

    /// Keeps the list of photographs under its digest, so that a later look can say how many changed.
    func remember(in folder: URL) throws {
        let url = folder.appending(path: "\(photographsDigest).csv")
        guard !FileManager.default.fileExists(atPath: url.path) else { return }
        try AtomicFile.write(Self.text(photographs), to: url)
    }

    /// What became of the photographs since a remembered list, in words, such as `2 photographs changed`.
    func difference(since digest: String, in folder: URL) -> String {
        guard let data = try? Data(contentsOf: folder.appending(path: "\(digest).csv")) else {
            return "photographs changed"
        }
        var earlier: [String: String] = [:]
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let cells = line.split(separator: ",", maxSplits: 1)
            if cells.count == 2 { earlier[String(cells[1])] = String(cells[0]) }
        }
        var counts = [("changed", 0), ("added", 0), ("removed", 0)]
        for photograph in photographs {
            if let old = earlier.removeValue(forKey: photograph.id) {
                if old != photograph.digest { counts[0].1 += 1 }
            } else {
                counts[1].1 += 1
            }
        }
        counts[2].1 = earlier.count
        let words = counts.filter { $0.1 > 0 }.map { "\($0.1) photograph\($0.1 == 1 ? "" : "s") \($0.0)" }
        return words.isEmpty ? "photographs in another order" : words.joined(separator: ", ")
    }
}
