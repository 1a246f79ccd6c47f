import Basics
import YAML
import Yams

/// One value of `--set`, which replaces the file's.
struct Override {
    /// Once applied, an entry of a list is named by its position, as in the paths of errors.
    private var keys: [String]
    private let value: Node
    /// The override as given, for messages.
    let description: String

    /// Reads `key=value`: a dotted key and a YAML value.
    ///
    /// - Throws: ``OverrideError``, ``ConfigurationError``.
    init(_ text: String) throws {
        guard let separator = text.firstIndex(of: "=") else { throw OverrideError(text: text, flaw: .noValue) }
        description = "--set \(text.shortened())"
        keys = text[..<separator].split(separator: ".").map(String.init)
        guard keys.count <= Bounds.yamlDepth else { throw OverrideError(text: text, flaw: .tooDeep) }
        value = try ConfigurationError.blaming(description, hasLines: false) {
            try BoundedYAML.compose(String(text[text.index(after: separator)...])) ?? Node("", Tag(.null))
        }
    }

    /// Sets the value in a tree.
    mutating func apply(to node: inout Node?) { node = setting(0, in: node) }

    /// Whether it sets the option at a dotted path, a section that contains it, or a part of it.
    func reaches(_ path: String) -> Bool {
        zip(keys, path.split(separator: ".")).allSatisfy { $0 == $1 }
    }

    /// Whether it gives the value at a dotted path: it sets that option, or a section that contains it.
    func gives(_ path: String) -> Bool { path.split(separator: ".").map(String.init).starts(with: keys) }

    /// The node with the value below the keys from `place` on.
    private mutating func setting(_ place: Int, in node: Node?) -> Node {
        guard place < keys.count else { return value }
        let key = keys[place]
        // An entry is identified by its position or by its name.
        if var entries = node?.sequence,
            let position = entries.firstIndex(where: { $0.mapping?["name"]?.string == key }) ?? Int(key),
            entries.indices.contains(position)
        {
            keys[place] = String(position)
            entries[position] = setting(place + 1, in: entries[position])
            return .sequence(entries)
        }
        var mapping = node?.mapping ?? Node.Mapping([])
        mapping[Node(key)] = setting(place + 1, in: mapping[Node(key)])
        return .mapping(mapping)
    }
}

/// A `--set` that sets nothing.
public struct OverrideError: Error, Equatable, CustomStringConvertible {
    /// The problem.
    public enum Flaw: Sendable { case noValue, tooDeep }

    public let text: String
    public let flaw: Flaw

    public var description: String {
        let problem = flaw == .noValue ? "has no value" : "has a key of more than \(Bounds.yamlDepth) parts"
        return "\(quoted: "--set \(text)") \(problem). Write --set key=value, such as --set search.k=10."
    }
}
