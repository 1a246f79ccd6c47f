import Basics
import Foundation
import Results

/// `whalebook.lock` next to whalebook.yaml: each node with its key, the digest of its output and its headline number.
///
/// It describes the present results in a few lines. If a repository keeps it, the difference between two versions shows
/// which results changed.
struct LockFile {
    let statuses: [NodeStatus]

    /// Writes the file if it differs; nodes without a result are left out.
    func write(to url: URL) throws {
        let nodes = statuses.compactMap { status -> (String, JSONValue)? in
            guard status.state.isUsable, let record = status.record else { return nil }
            var members: [String: JSONValue] = [
                "key": .string(record.key), "output": .string(record.outputDigest),
            ]
            for name in ["map", "best_validation_map", "queries"] { members[name] = record.facts[name] }
            return (status.node.name, .object(members))
        }
        let text = JSONValue.object([
            "schema": .number(Double(CacheKey.schema)), "nodes": .object(Dictionary(nodes) { first, _ in first }),
        ]).text
        if (try? String(contentsOf: url, encoding: .utf8)) != text { try AtomicFile.write(text, to: url) }
    }
}
