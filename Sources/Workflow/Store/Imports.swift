import Basics
import Digests
import Foundation
import Results

/// Results made elsewhere that stand in the place of a stage's own: `imports.json`, by the node's name.
///
/// An imported node has its contents for a key; no option makes it stale, and what it would have waited for need not
/// run.
struct Imports: Sendable, Equatable {
    /// One imported result.
    struct Entry: Sendable, Equatable, Codable {
        /// Where it came from, for people.
        let source: String
        /// The digest of its files.
        let digest: String
        let key: String
    }

    private(set) var entries: [String: Entry]

    static let dataName = "imported"

    /// Reads what a configuration has imported; a missing file says nothing.
    ///
    /// - Throws: ``FileError`` for a file that is there and cannot be read or understood; ``StoreError``.
    init(_ store: Store) throws {
        guard let data = try store.contents(of: store.importsFile) else {
            entries = [:]
            return
        }
        guard let read = try? JSONValue(parsing: data).decoded(as: [String: Entry].self) else {
            throw FileError.malformed(
                path: store.importsFile.path, line: nil, problem: "what was imported is no longer readable",
                remedy: "Take the file away and import again.")
        }
        entries = read
    }

    /// The keys of everything imported.
    var allKeys: [String] { entries.values.map(\.key) }

    /// The cacheKey of an imported node, nil where it is not.
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

    /// Whether the node's result was made elsewhere.
    func contains(_ node: Node) -> Bool { entries[node.name] != nil }
}

extension CacheKey {
    /// Whether these are of a result made elsewhere.
    var isImported: Bool { data[Imports.dataName] != nil }
}
