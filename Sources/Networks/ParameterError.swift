import Basics

/// A network and a file of weights that do not belong together, or a network built wrongly.
public enum ParameterError: Error, Equatable, CustomStringConvertible {
    case duplicate(name: String)
    case mismatch(ParameterMismatch)
    /// All is there and of the right shape, but its names begin with `found` where `expected` was looked for.
    case otherPrefix(path: String, found: String, expected: String)

    public var description: String {
        switch self {
        case .duplicate(let name): "Two parameters are called \(quoted: name). Give each layer a scope of its own."
        case .mismatch(let mismatch): mismatch.description
        case .otherPrefix(let path, let found, ""):
            """
            \(path): these are the right weights, but every name begins with \(quoted: found), as where the network was part \
            of another one. Write the file anew without that prefix.
            """
        case .otherPrefix(let path, _, let expected):
            """
            \(path): these are the right weights, but the names lack the prefix \(quoted: expected). Write the file anew with \
            that prefix.
            """
        }
    }
}

/// Where the names and shapes of a file and a network differ.
public struct ParameterMismatch: Sendable, Equatable, CustomStringConvertible {
    /// A tensor that both have, in two shapes.
    public struct Shape: Sendable, Equatable {
        public let name: String
        public let found: [Int]
        public let expected: [Int]
    }

    public let path: String
    /// What the network has and the file lacks, sorted.
    public let missing: [String]
    /// What the file has and the network lacks, sorted.
    public let unexpected: [String]
    public let misshapen: [Shape]

    private static let shown = 3

    public var description: String {
        let parts = [
            Self.list("missing", missing, near: unexpected), Self.list("unexpected", unexpected, near: missing),
            Self.list("of another shape", misshapen) { "\($0.name) is \($0.found), not \($0.expected)" },
        ]
        return "\(path): these weights are of another network (\(parts.compactMap(\.self).joined(separator: "; "))). "
            + "Choose the backbone they were made for."
    }

    /// A name's likely slip is one that the other side has and this side lacks.
    private static func list(_ title: String, _ names: [String], near others: [String]) -> String? {
        list(title, names) { name in
            "\(quoted: name)" + (Spelling.nearest(to: name, among: others).map { " (nearest: \(quoted: $0))" } ?? "")
        }
    }

    private static func list<Item>(_ title: String, _ items: [Item], _ text: (Item) -> String) -> String? {
        guard !items.isEmpty else { return nil }
        let rest = items.count - shown
        return "\(items.count) \(title): \(items.prefix(shown).map(text).joined(separator: ", "))"
            + (rest > 0 ? " and \(rest) more" : "")
    }
}
