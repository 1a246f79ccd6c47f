import Basics
import Foundation

/// The results of runs that were not successful: `unfinished.json`.
///
/// A run with `--set` writes nothing to `current.json`, and a killed one is in no ledger. So each run lists here the
/// results that it uses before it starts to work, by its settings, and removes the list when it has finished.
struct UnfinishedRuns {
    private let store: Store
    /// Keys by the runs' settings.
    private var runs: [String: Set<String>]

    /// Reads the lists; none if the file is missing.
    ///
    /// - Throws: ``FileError`` for a file that cannot be read or parsed; ``StoreError``.
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
                problem: "the list of unfinished runs' results is damaged",
                remedy: "Restore the file from a copy, or move it away if those results can be deleted.")
        }
        runs = read.mapValues(Set.init)
    }

    /// The keys of all results that unfinished runs use.
    var allKeys: Set<String> { Set(runs.values.joined()) }

    /// Adds the results that a run uses to those that it used before it was killed.
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
