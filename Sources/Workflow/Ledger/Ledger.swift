import Basics
import Digests
import Foundation
import Results

/// Every run of a store, in order.
public struct Ledger: Sendable {
    private let store: Store
    /// The entries by number.
    public private(set) var entries: [RunEntry]
    /// The files of entries that cannot be read or whose name does not match their run; ``entries`` lacks these.
    public let unreadable: [String]

    /// Reads the ledger.
    ///
    /// - Throws: ``StoreError``, ``FileError/unreadable(path:reason:)`` if its folder cannot be listed.
    public init(_ store: Store) throws {
        self.store = store
        guard let held = try store.held(store.runsFolder) else {
            (entries, unreadable) = ([], [])
            return
        }
        let read = try held.names().filter { $0.hasSuffix(".json") }.map { name in
            (path: "\(held.path)/\(name)", entry: try Self.entry(name, in: held))
        }
        entries = read.compactMap(\.entry).sorted { $0.number < $1.number }
        unreadable = read.filter { $0.entry == nil }.map(\.path)
    }

    private static func entry(_ name: String, in folder: HeldFolder) throws -> RunEntry? {
        guard let data = try FileError.attempt({ try folder.contents(of: name) }),
            let json = try? JSONValue(parsing: data), isWhole(json),
            let entry = try? json.decoded(as: RunEntry.self), self.name(of: entry.number) == name,
            numbers.contains(entry.number), entry.nodes.allSatisfy({ StoredName.isKey($0.key) })
        else { return nil }
        return entry
    }

    /// Whether an entry is unchanged since it was written. Entries of earlier versions have no digest.
    private static func isWhole(_ json: JSONValue) -> Bool {
        guard var members = json.object, let recorded = members.removeValue(forKey: digest) else { return true }
        return recorded == .string(Digest.of(JSONValue.object(members).canonicalText))
    }

    /// The JSON member with the digest of all others.
    private static let digest = "digest"

    /// Run numbers; no store has more runs, so Whalebook never gave a larger number.
    private static let numbers = 1...999_999_999

    private static func name(of number: Int) -> String {
        String(repeating: "0", count: max(0, 6 - String(number).count)) + "\(number).json"
    }

    /// The number of the next entry.
    var next: Int {
        // The numbers of unreadable entries are taken too.
        let taken = unreadable.compactMap { Int(URL(filePath: $0).deletingPathExtension().lastPathComponent) }
            .filter(Self.numbers.contains)
        return max(entries.last?.number ?? 0, taken.max() ?? 0) + 1
    }

    /// The unreadable entries, in a sentence; nil if there are none.
    public var gap: String? {
        guard !unreadable.isEmpty else { return nil }
        let names = unreadable.map { URL(filePath: $0).lastPathComponent }
        return "\(NumberText.counted(unreadable.count, "run", "runs")) cannot be read and "
            + "\(unreadable.count == 1 ? "is" : "are") missing here: \(names.listed(3)) in \(store.runsFolder.path)"
    }

    /// The last finished run without `--set`.
    public var last: RunEntry? { entries.last { $0.outcome == .finished && !$0.isVariant } }

    /// The finished runs without `--set` that have an evaluation.
    private var evaluated: [(run: RunEntry, digest: String)] {
        entries.filter { $0.outcome == .finished && !$0.isVariant }
            .compactMap { run in run.state(of: .evaluate).map { (run, $0.outputDigest) } }
    }

    /// The run that made the present evaluation; later runs, such as an acceptance, did not change it.
    public var current: RunEntry? {
        let line = evaluated
        return line.reversed().prefix { $0.digest == line.last?.digest }.last?.run ?? last
    }

    /// The last run of the main line before ``current`` with a different evaluation.
    public var previous: RunEntry? {
        let line = evaluated
        return line.last { $0.digest != line.last?.digest }?.run
    }

    /// The run with a number or tag, or `current` or `previous`.
    ///
    /// - Throws: ``LedgerError/unknownRun(_:near:count:)``.
    public func run(named name: String) throws -> RunEntry {
        let found: RunEntry? =
            switch name {
            case "current": current
            case "previous": previous
            default:
                entries.last { $0.tags.contains(name) } ?? Int(name).flatMap { n in entries.first { $0.number == n } }
            }
        guard let found else {
            let known = (["current", "previous"] + entries.flatMap(\.tags)).filter { $0 != name }
            throw LedgerError.unknownRun(name, near: Spelling.nearest(to: name, among: known), count: entries.count)
        }
        return found
    }

    /// Adds an entry.
    mutating func append(_ entry: RunEntry) throws {
        try write(entry)
        entries.append(entry)
    }

    /// Gives a run a name; if another run has the name, it loses it.
    ///
    /// - Throws: ``LedgerError``, ``FileError``.
    public mutating func tag(_ name: String, as tag: String) throws {
        try Self.check(tag)
        let number = try run(named: name).number
        for index in entries.indices {
            let tags = entries[index].tags.filter { $0 != tag } + (entries[index].number == number ? [tag] : [])
            guard tags != entries[index].tags else { continue }
            entries[index].tags = tags
            try write(entries[index])
        }
    }

    /// Refuses a tag that could be mistaken for a number, a reserved word or an option.
    static func check(_ tag: String) throws {
        let isPlain = tag.wholeMatch(of: #/[A-Za-z_][A-Za-z0-9_.+-]*/#) != nil
        guard isPlain, tag != "current", tag != "previous" else { throw LedgerError.badTag(tag) }
    }

    private func write(_ entry: RunEntry) throws {
        var members = try JSONValue(encoding: entry).object ?? [:]
        members[Self.digest] = .string(Digest.of(JSONValue.object(members).canonicalText))
        try store.write(
            JSONValue.object(members).text, to: store.runsFolder.appending(path: Self.name(of: entry.number)))
    }
}

/// Errors of the ledger.
public enum LedgerError: Error, Equatable, CustomStringConvertible {
    case unknownRun(String, near: String?, count: Int)
    case badTag(String)
    case unreadable(path: String)

    public var description: String {
        switch self {
        case .unknownRun(let name, let near, let count):
            "There is no run \(quoted: name). "
                + (near.map { "Did you mean \(quoted: $0)? " } ?? "")
                + (count == 0 ? "None is recorded yet; 'whalebook run' makes one." : "'whalebook runs' lists them.")
        case .unreadable(let path):
            "\(path) is not readable, so the results that this run needs are unknown. Remove the file if its results "
                + "can be deleted."
        case .badTag(let tag):
            "\(quoted: tag) cannot be a run's name. Begin with a letter and use only letters, digits and -_.+; "
                + "'current' and 'previous' are reserved."
        }
    }
}
