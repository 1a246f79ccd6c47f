import Basics
import Digests
import Foundation
import Results

/// Every run of a store, in order.
public struct Ledger: Sendable {
    private let store: Store
    /// By number.
    public private(set) var entries: [RunEntry]
    /// The files of entries that cannot be read or are called otherwise than their run, which ``entries`` lacks.
    public let unreadable: [String]

    /// Reads the ledger.
    ///
    /// - Throws: ``StoreError``, ``FileError/unreadable(path:reason:)`` where it cannot be listed.
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

    /// Whether an entry is what was written. Those of earlier versions have no digest of their own.
    private static func isWhole(_ json: JSONValue) -> Bool {
        guard var members = json.object, let told = members.removeValue(forKey: digest) else { return true }
        return told == .string(Digest.of(JSONValue.object(members).canonicalText))
    }

    /// The member that holds the digest of all others.
    private static let digest = "digest"

    /// No store comes to more runs; a number beyond was not given by us.
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

    /// What cannot be read, in a sentence; nil where all can.
    public var gap: String? {
        guard !unreadable.isEmpty else { return nil }
        let names = unreadable.map { URL(filePath: $0).lastPathComponent }
        return "\(NumberText.counted(unreadable.count, "run", "runs")) cannot be read and "
            + "\(unreadable.count == 1 ? "is" : "are") missing here: \(names.listed(3)) in \(store.runsFolder.path)"
    }

    /// The last finished run without `--set`.
    public var last: RunEntry? { entries.last { $0.outcome == .finished && !$0.isVariant } }

    /// The finished runs without `--set` that came to an evaluation.
    private var evaluated: [(run: RunEntry, digest: String)] {
        entries.filter { $0.outcome == .finished && !$0.isVariant }
            .compactMap { run in run.state(of: .evaluate).map { (run, $0.outputDigest) } }
    }

    /// The run that the present evaluation is from: what came after it, such as an acceptance, left it as it is.
    public var current: RunEntry? {
        let line = evaluated
        return line.reversed().prefix { $0.digest == line.last?.digest }.last?.run ?? last
    }

    /// The last run of the main line before ``current`` whose evaluation was another.
    public var previous: RunEntry? {
        let line = evaluated
        return line.last { $0.digest != line.last?.digest }?.run
    }

    /// The run of a number or tag, `current` or `previous`.
    ///
    /// - Throws: ``LedgerError/unknownRun(_:near:)``.
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

    /// Gives a run a name; a name that another run had moves over.
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

    /// A tag must not be taken for a number, a word of ours or an option.
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

/// What can be wrong with a run's name.
public enum LedgerError: Error, Equatable, CustomStringConvertible {
    case unknownRun(String, near: String?, count: Int)
    case badTag(String)
    case unreadable(path: String)

    public var description: String {
        switch self {
        case .unknownRun(let name, let near, let count):
            "There is no run \(quoted: name). "
                + (near.map { "Did you mean \(quoted: $0)? " } ?? "")
                + (count == 0 ? "None has been recorded yet: 'whalebook run'." : "'whalebook runs' lists them.")
        case .unreadable(let path):
            "\(path) is no longer readable, so it is not known what that run needs. Take the file away if its results "
                + "may go."
        case .badTag(let tag):
            "\(quoted: tag) cannot be a run's name. Begin with a letter and use letters, digits, '-', '_', '.' and '+' only; "
                + "'current' and 'previous' have their meaning already."
        }
    }
}
