import Basics
import Foundation

/// Every run of a store, in order.
public struct Ledger: Sendable {
    private let folder: URL
    /// By number.
    public private(set) var entries: [RunEntry]

    /// Reads the ledger; an entry that cannot be read is left out.
    public init(_ store: Store) {
        folder = store.runsFolder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let folder = folder
        entries = names.filter { $0.hasSuffix(".json") }.compactMap { name in
            (try? JSONValue.read(folder.appending(path: name)))?.decodedOrNil(as: RunEntry.self)
        }.sorted { $0.number < $1.number }
    }

    /// The number of the next entry.
    var next: Int { (entries.last?.number ?? 0) + 1 }

    /// The last finished run without `--set`.
    public var current: RunEntry? { entries.last { $0.outcome == .finished && !$0.isVariant } }

    /// The last finished run of the main line before ``current`` whose evaluation was another.
    public var previous: RunEntry? {
        guard let digest = current?.state(of: .evaluate)?.outputDigest else { return nil }
        return entries.last { entry in
            guard entry.outcome == .finished, !entry.isVariant, let own = entry.state(of: .evaluate) else {
                return false
            }
            return own.outputDigest != digest
        }
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
            let known = ["current", "previous"] + entries.flatMap(\.tags)
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
        let name = String(repeating: "0", count: max(0, 6 - String(entry.number).count)) + String(entry.number)
        try AtomicFile.write(try JSONValue(encoding: entry).text, to: folder.appending(path: "\(name).json"))
    }
}

/// What can be wrong with a run's name.
public enum LedgerError: Error, Equatable, CustomStringConvertible {
    case unknownRun(String, near: String?, count: Int)
    case badTag(String)

    public var description: String {
        switch self {
        case .unknownRun(let name, let near, let count):
            "There is no run '\(name)'. "
                + (near.map { "Did you mean '\($0)'? " } ?? "")
                + (count == 0 ? "None has been recorded yet: 'whalebook run'." : "'whalebook runs' lists them.")
        case .badTag(let tag):
            "'\(tag)' cannot be a run's name. Begin with a letter and use letters, digits, '-', '_', '.' and '+' only; "
                + "'current' and 'previous' have their meaning already."
        }
    }
}

extension JSONValue {
    fileprivate func decodedOrNil<Value: Decodable>(as type: Value.Type) -> Value? { try? decoded(as: type) }
}
