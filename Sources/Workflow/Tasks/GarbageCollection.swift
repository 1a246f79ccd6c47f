import Basics
import Foundation
import Results

/// The results in a store that are no longer needed.
///
/// It keeps the results of the present state, of `current` and `previous`, of every run with a tag, and of runs that
/// were killed or failed. It removes the folder of an interrupted or failed node, which starts from scratch again,
/// except the last one of a training, which continues from it. It keeps files that the store did not write, and refuses
/// a link in the place of one of the store's folders.
public struct GarbageCollection: Sendable {
    /// A folder to remove.
    public struct Item: Sendable, Equatable {
        public let url: URL
        public let bytes: Int64
        fileprivate let stage: StageName
        /// The store's files in it; nil if all files are the store's.
        fileprivate let files: [String]?
    }

    public let items: [Item]
    /// The number of results kept.
    public let kept: Int
    /// The files and folders among the results that the store did not write; they are kept.
    public let foreign: [URL]
    private let cache: HeldFolder?

    /// The total size of the folders to remove, bytes.
    public var bytes: Int64 { items.reduce(0) { $0 + $1.bytes } }

    /// Examines a store; removes nothing.
    ///
    /// - Throws: ``LedgerError/unreadable(path:)``, ``WorkflowError/newerStore(path:schema:known:)``, ``FileError``,
    ///   because an unreadable list may need any result; ``StoreError``.
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
                // A crash between two renames leaves the only good result under this name.
                let key = name.hasSuffix(Store.oldSuffix) ? String(name.dropLast(Store.oldSuffix.count)) : name
                let isOnly = key == name || folder.kind(of: key) == nil
                if continuable.contains(name) || wanted.contains(key) && isOnly {
                    kept += 1
                    continue
                }
                let isWork = name.hasSuffix(Store.partialSuffix)
                let files = isWork ? nil : try Self.files(of: stage, in: folder.folder(name))
                foreign += files?.foreign.map { url.appending(path: "\(name)/\($0)") } ?? []
                // A folder with only foreign files has nothing to remove.
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

    /// Whether the store gives such a name to folders of results and partial results.
    private static func isOwn(_ name: String) -> Bool {
        let suffix = [Store.partialSuffix, Store.oldSuffix].first(where: name.hasSuffix) ?? ""
        let key = String(name.dropLast(suffix.count))
        return StoredName.isKey(key) || name == Store.importName + Store.partialSuffix
    }

    /// A result's files, and foreign files among them.
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

    /// Removes the folders; the caller holds the ``RunLock``.
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
            // The record last: after an interruption the rest is still recognised as a result, and as damaged.
            for file in files.filter({ $0 != Store.recordName }) + files.filter({ $0 == Store.recordName }) {
                try inner.remove(file)
            }
            if try inner.names().isEmpty { try folder.remove(name) }
        }
    }
}
