import Basics
import Foundation

/// The results that runs have made which did not come to a good end: `unfinished.json`.
///
/// A run with `--set` leaves nothing in `current.json`, and one that is killed stands in no ledger. So a run notes here
/// what it uses before it works on anything, by its settings, and takes the note away when it has finished.
struct UnfinishedRuns {
    private let store: Store
    /// Keys by the runs' settings.
    private var runs: [String: Set<String>]

    /// Reads the notes; a missing file says nothing.
    ///
    /// - Throws: ``FileError`` for a file that is there and cannot be read or understood; ``StoreError``.
    init(_ store: Store) throws {
        self.store = store
        guard let data = try store.contents(of: store.unfinishedFile) else {
            runs = [:]
            return
        }
        let noted = try? JSONValue(parsing: data).object
        let read = noted?.compactMapValues { $0.array?.compactMap(\.string) }
        guard let read, read.count == noted?.count, read.values.joined().allSatisfy(StoredName.isKey) else {
            throw FileError.malformed(
                path: store.unfinishedFile.path, line: nil,
                problem: "what unfinished runs have made is no longer readable",
                remedy: "Put the file back from a copy, or move it away if their results may go.")
        }
        runs = read.mapValues(Set.init)
    }

    /// Everything that an unfinished run uses.
    var allKeys: Set<String> { Set(runs.values.joined()) }

    /// Notes what a run uses, beside what it used before it was killed.
    mutating func note(_ keys: some Sequence<String>, settings: [String]) throws {
        let name = Self.name(settings)
        let union = (runs[name] ?? []).union(keys)
        guard union != runs[name] else { return }
        runs[name] = union
        try write()
    }

    /// Forgets a run that has finished.
    mutating func end(settings: [String]) throws {
        guard runs.removeValue(forKey: Self.name(settings)) != nil else { return }
        try write()
    }

    private static func name(_ settings: [String]) -> String { settings.sorted().joined(separator: "\n") }

    private func write() throws {
        let runs = runs.mapValues { JSONValue.array($0.sorted().map(JSONValue.string)) }
        try store.write(JSONValue.object(runs).text, to: store.unfinishedFile)
    }
}
