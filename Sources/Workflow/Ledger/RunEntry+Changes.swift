import Basics
import Results

extension RunEntry {
    /// The options that differ from another run's, and what either imported in the place of its own work.
    public func changes(since other: RunEntry) -> [Change] {
        let (old, new) = (other.imports, imports)
        return Change.changes(from: other.configuration, to: configuration)
            + Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map { name in
                Change(
                    name: "import of \(name)", old: old[name].map(JSONValue.string),
                    new: new[name].map(JSONValue.string))
            }
    }

    /// What was imported, by node.
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
