import Basics
import Foundation
import Results

/// What a store holds that no run worth keeping needs.
///
/// Kept are the results of the present state, of `current` and `previous`, of every run with a tag, and of runs that were
/// killed or failed. A folder that an interrupted or failed node left goes too, since it starts from nothing again; but
/// not the last of a training, which goes on from it. What the store did not make stays; a link in the place of a folder
/// of the store's is refused.
public struct GarbageCollection: Sendable {
    /// A folder that may go.
    public struct Item: Sendable, Equatable {
        public let url: URL
        public let bytes: Int64
        fileprivate let stage: StageName
        /// The files in it that are the store's own; nil where all of it is.
        fileprivate let files: [String]?
    }

    public let items: [Item]
    /// Results that stay.
    public let kept: Int
    /// What lies among the results and was not made by the store: it stays.
    public let foreign: [URL]
    private let cache: HeldFolder?

    /// Bytes of all that may go.
    public var bytes: Int64 { items.reduce(0) { $0 + $1.bytes } }

    /// Looks through a store; nothing is removed yet.
    ///
    /// - Throws: ``LedgerError/unreadable(path:)``, ``WorkflowError/newerStore(path:schema:known:)``, ``FileError``: what
    ///   cannot be read may need anything; ``StoreError``.
    public init(_ store: Store) throws {
        var wanted: Set<String> = []
        for store in try store.all { wanted.formUnion(try Self.wanted(by: store)) }
        var items: [Item] = []
        var kept = 0
        var foreign: [URL] = []
        cache = try store.held(store.cache)
        for name in try cache?.names() ?? [] {
            let url = store.cache.appending(path: name)
            guard let stage = StageName(rawValue: name), let folder = try store.held(url) else {
                foreign.append(url)
                continue
            }
            let continuable = Set(try store.continuable(stage).map(\.lastPathComponent))
            for name in try folder.names() {
                if Self.isOwn(name), folder.kind(of: name) == .link {
                    throw StoreError.link(path: "\(folder.path)/\(name)")
                }
                guard Self.isOwn(name), folder.kind(of: name) == .folder else {
                    foreign.append(url.appending(path: name))
                    continue
                }
                // A crash between two renamings leaves the only good result under this name.
                let key = name.hasSuffix(Store.oldSuffix) ? String(name.dropLast(Store.oldSuffix.count)) : name
                let isOnly = key == name || folder.kind(of: key) == nil
                if continuable.contains(name) || wanted.contains(key) && isOnly {
                    kept += 1
                    continue
                }
                let isWork = name.hasSuffix(Store.partialSuffix)
                let files = isWork ? nil : try Self.files(of: stage, in: folder.folder(name))
                foreign += files?.foreign.map { url.appending(path: "\(name)/\($0)") } ?? []
                // Where only what is not ours is left in a folder, there is nothing to remove.
                if let files, files.own.isEmpty, !files.foreign.isEmpty { continue }
                items.append(
                    Item(
                        url: url.appending(path: name), bytes: try Self.size(of: name, files?.own, in: folder),
                        stage: stage, files: files?.own))
            }
        }
        self.items = items
        self.kept = kept
        self.foreign = foreign
    }

    /// The keys that one configuration needs.
    private static func wanted(by store: Store) throws -> Set<String> {
        let ledger = try Ledger(store)
        if let entry = ledger.unreadable.first { throw LedgerError.unreadable(path: entry) }
        let runs = ledger.entries.filter { !$0.tags.isEmpty } + [ledger.current, ledger.previous].compactMap(\.self)
        return try Set(store.currentKeys().values).union(Imports(store).allKeys)
            .union(UnfinishedRuns(store).allKeys).union(runs.flatMap { $0.nodes.map(\.key) })
    }

    /// Whether the store gives such names to folders of results and of work.
    private static func isOwn(_ name: String) -> Bool {
        let suffix = [Store.partialSuffix, Store.oldSuffix].first(where: name.hasSuffix) ?? ""
        let key = String(name.dropLast(suffix.count))
        return StoredName.isKey(key) || name == Store.importName + Store.partialSuffix
    }

    /// A result's files, and what else lies among them.
    private static func files(of stage: StageName, in folder: HeldFolder) throws -> (own: [String], foreign: [String]) {
        let description = stage.stage
        let record = try FileError.attempt { try NodeRecord(JSONValue(parsing: folder.contents(of: Store.recordName))) }
        let known = Set(
            description.outputs + description.optionalOutputs + Store.ownNames
                + (record.map { Array($0.outputs.keys) } ?? []))
        let names = try folder.names()
        let own = names.filter { name in
            folder.kind(of: name) == .file && (known.contains(name) || AtomicFile.isPartial(name))
        }
        return (own, names.filter { !own.contains($0) })
    }

    private static func size(of name: String, _ files: [String]?, in folder: HeldFolder) throws -> Int64 {
        guard let files else { return folder.size(of: name) }
        let inner = try folder.folder(name)
        return files.reduce(0) { $0 + inner.size(of: $1) }
    }

    /// Removes what may go; the caller holds the ``RunLock``.
    ///
    /// - Throws: ``FileError``.
    public func collect() throws {
        for item in items {
            guard let folder = try cache?.folder(item.stage.rawValue) else { continue }
            let name = item.url.lastPathComponent
            guard let files = item.files else {
                try folder.removeAll(name)
                continue
            }
            let inner = try folder.folder(name)
            // The record last: what is cut short is still known for a result, and found damaged.
            for file in files.filter({ $0 != Store.recordName }) + files.filter({ $0 == Store.recordName }) {
                try inner.remove(file)
            }
            if try inner.names().isEmpty { try folder.remove(name) }
        }
    }
}
