import Basics
import Foundation

/// What a store holds that no run worth keeping needs.
///
/// Kept are the results of the present state, of `current` and `previous`, and of every run with a tag. A folder that
/// an interrupted or failed node left goes too, since it starts from nothing again; but not the last of a training,
/// which goes on from it.
public struct GarbageCollection: Sendable {
    /// A folder that may go.
    public struct Item: Sendable, Equatable {
        public let url: URL
        public let bytes: Int64
    }

    public let items: [Item]
    /// Results that stay.
    public let kept: Int

    /// Bytes of all that may go.
    public var bytes: Int64 { items.reduce(0) { $0 + $1.bytes } }

    /// Looks through a store; nothing is removed yet.
    ///
    /// - Throws: ``LedgerError/unreadable(path:)``, ``FileError``: what cannot be read may need anything.
    public init(_ store: Store) throws {
        var wanted: Set<String> = []
        for store in store.all { wanted.formUnion(try Self.wanted(by: store)) }
        var items: [Item] = []
        var kept = 0
        for stage in StageName.allCases {
            let folder = store.folder.appending(path: "cache/\(stage.rawValue)")
            let continuable = Set(store.continuable(stage).map(\.lastPathComponent))
            for name in ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted() {
                if wanted.contains(name) || continuable.contains(name) {
                    kept += 1
                } else {
                    let url = folder.appending(path: name)
                    items.append(Item(url: url, bytes: Self.size(of: url)))
                }
            }
        }
        self.items = items
        self.kept = kept
    }

    /// The keys that one configuration needs.
    private static func wanted(by store: Store) throws -> Set<String> {
        let ledger = Ledger(store)
        if let entry = ledger.unreadable.first { throw LedgerError.unreadable(path: entry) }
        let runs = ledger.entries.filter { !$0.tags.isEmpty } + [ledger.current, ledger.previous].compactMap(\.self)
        return Set(store.currentKeys().values).union(try Imports(store).allKeys).union(
            runs.flatMap { $0.nodes.map(\.key) })
    }

    /// Removes what may go; the caller holds the ``RunLock``.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    public func collect() throws {
        for item in items {
            do {
                try FileManager.default.removeItem(at: item.url)
            } catch {
                throw FileError.unwritable(path: item.url.path, reason: FileError.reason(of: error))
            }
        }
    }

    private static func size(of folder: URL) -> Int64 {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])
        return (files?.compactMap { $0 as? URL } ?? []).reduce(0) { total, url in
            total + Int64((try? url.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0)
        }
    }
}
