import Basics
import Results

/// The runs of a ledger as a table.
public struct RunsTable: Sendable {
    private let entries: [RunEntry]

    /// Creates a table of a ledger's runs.
    public init(_ ledger: Ledger) { entries = ledger.entries }

    /// The form for other programs.
    public var json: JSONValue {
        get throws { try JSONValue(encoding: entries) }
    }

    /// Aligned columns, the newest run last.
    public var text: String {
        let maps = Dictionary(entries.map { ($0.number, $0.map) }) { first, _ in first }
        let rows = entries.map { entry -> [String] in
            let parent = entry.parent.flatMap { maps[$0] ?? nil }
            let gain = entry.map.flatMap { map in parent.map { NumberText.change(from: $0, to: map, 4) } } ?? ""
            return [
                String(entry.number), entry.startedAt, entry.outcome.rawValue,
                entry.map.map { NumberText.fixed($0, 4) } ?? "–", gain, String(entry.nodes.count { $0.ran }),
                NumberText.duration(seconds: entry.seconds), entry.tags.joined(separator: ", "), what(entry),
            ]
        }
        return TextTable.text(
            header: ["run", "started", "outcome", "mAP@20", "change", "ran", "time", "name", "what"], rows: rows,
            left: ["started", "outcome", "name", "what"])
    }

    /// The reason for the run, else its changes.
    private func what(_ entry: RunEntry) -> String {
        if let reason = entry.reason { return reason }
        let changes = entry.changes.map(\.text)
        return changes.prefix(2).joined(separator: "; ") + (changes.count > 2 ? "; …" : "")
    }
}

extension RunEntry {
    /// The options that differ from another run's, and the results that either run imported.
    public func changes(since other: RunEntry) -> [Change] {
        let (old, new) = (other.imports, imports)
        return Change.changes(from: other.configuration, to: configuration)
            + Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map { name in
                Change(
                    name: "import of \(name)", old: old[name].map(JSONValue.string),
                    new: new[name].map(JSONValue.string))
            }
    }

    /// The imported files, by node.
    private var imports: [String: String] {
        Dictionary(nodes.compactMap { state in state.imported.map { (state.node.name, $0) } }) { first, _ in first }
    }
}

extension RunEntry.Change {
    /// The options that differ between two resolved configurations, by name.
    static func changes(from old: JSONValue, to new: JSONValue) -> [Self] {
        let old = Parameters.leaves(of: old), new = Parameters.leaves(of: new)
        return Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }
            .map { Self(name: $0, old: old[$0], new: new[$0]) }
    }
}
