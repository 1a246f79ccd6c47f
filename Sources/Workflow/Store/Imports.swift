import Basics
import Digests
import Foundation
import Results

/// Results made elsewhere that replace a stage's own: `imports.json`, by the node's name.
///
/// The key of an imported node consists of its contents: no option makes it stale, and its dependencies need not run.
struct Imports: Sendable, Equatable {
    /// One imported result.
    struct Entry: Sendable, Equatable, Codable {
        /// Its origin, for messages.
        let source: String
        /// The digest of its files.
        let digest: String
        let key: String
    }

    private(set) var entries: [String: Entry]

    static let dataName = "imported"

    /// Reads the imports of a configuration; none if the file is missing.
    ///
    /// - Throws: ``FileError`` for a file that cannot be read or parsed; ``StoreError``.
    init(_ store: Store) throws {
        guard let data = try store.contents(of: store.importsFile) else {
            entries = [:]
            return
        }
        guard let read = try? JSONValue(parsing: data).decoded(as: [String: Entry].self) else {
            throw FileError.malformed(
                path: store.importsFile.path, line: nil, problem: "the list of imports is damaged",
                remedy: "Remove the file and import again.")
        }
        entries = read
    }

    /// The keys of all imports.
    var allKeys: [String] { entries.values.map(\.key) }

    /// The cache key of an imported node; nil for other nodes.
    func cacheKey(of node: Node) -> CacheKey? {
        entries[node.name].map { Self.cacheKey(of: node, digest: $0.digest) }
    }

    static func cacheKey(of node: Node, digest: String) -> CacheKey {
        CacheKey(node: node, version: 1, parameters: [:], inputs: [:], data: [dataName: digest], backend: [:])
    }

    mutating func set(_ entry: Entry?, for node: Node, in store: Store) throws {
        entries[node.name] = entry
        try store.write(try JSONValue(encoding: entries).text, to: store.importsFile)
    }

    /// Whether the node's result was imported.
    func contains(_ node: Node) -> Bool { entries[node.name] != nil }
}

extension CacheKey {
    /// Whether this is the key of an imported result.
    var isImported: Bool { data[Imports.dataName] != nil }
}
