import Basics
import Digests
import Results

/// Everything that determines a node's result; its digest names the result in the store.
///
/// It contains no paths or times, so a project that is moved keeps its results.
public struct CacheKey: Sendable, Equatable {
    /// Raise this when the meaning of a key changes.
    public static let schema = 1

    public let node: Node
    public let version: Int
    /// The options that the stage reads, by dotted name.
    public let parameters: [String: JSONValue]
    /// The digests of the files that the stage reads from upstream, by `node name/file`.
    public let inputs: [String: String]
    /// The digests of the parts of the data that the stage reads: `metadata`, `scenarios`, `photographs`, `weights`;
    /// for a hybrid's parts `weights.cnn` and `weights.transformer`.
    public let data: [String: String]
    /// The backend properties that change numbers by design: device class, precision, libtorch; empty for other stages.
    public let backend: [String: JSONValue]

    /// SHA-256 of the canonical JSON.
    public var digest: String { Digest.of(json.canonicalText) }

    /// The JSON tree that is digested and kept in the node's record.
    public var json: JSONValue {
        [
            "schema": .number(Double(Self.schema)), "stage": .string(node.stage.rawValue),
            "version": .number(Double(version)),
            "member": node.member.map(JSONValue.string) ?? .null,
            "seed": node.seed.map { .number(Double($0)) } ?? .null,
            "fold": node.fold.map { .number(Double($0)) } ?? .null,
            "parameters": .object(parameters), "inputs": .object(inputs.mapValues(JSONValue.string)),
            "data": .object(data.mapValues(JSONValue.string)), "backend": .object(backend),
        ]
    }

    init(
        node: Node, version: Int, parameters: [String: JSONValue], inputs: [String: String], data: [String: String],
        backend: [String: JSONValue]
    ) {
        self.node = node
        self.version = version
        self.parameters = parameters
        self.inputs = inputs
        self.data = data
        self.backend = backend
    }

    /// Reads ``json`` back; nil if a part is missing.
    init?(_ json: JSONValue) {
        guard let stage = json["stage"]?.string.flatMap(StageName.init(rawValue:)),
            let version = json["version"]?.integer, let parameters = json["parameters"]?.object,
            let inputs = json["inputs"]?.object, let data = json["data"]?.object,
            let backend = json["backend"]?.object
        else { return nil }
        node = Node(
            stage, member: json["member"]?.string, seed: json["seed"]?.integer, fold: json["fold"]?.integer)
        self.version = version
        self.parameters = parameters
        self.inputs = inputs.compactMapValues(\.string)
        self.data = data.compactMapValues(\.string)
        self.backend = backend
    }
}

/// Selects options from the configuration's tree by the patterns that stages declare.
enum Parameters {
    /// The leaves below some dotted paths, by dotted name; `*` is the node's member, or every member if the node has
    /// none. A member is identified by its name, not by its position in the list.
    static func values(of patterns: [String], in tree: JSONValue, member: String?) -> [String: JSONValue] {
        var result: [String: JSONValue] = [:]
        for pattern in patterns {
            let parts = pattern.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                if let value = tree[path: pattern] { flatten(value, name: pattern, into: &result) }
                continue
            }
            let list = String(parts[0].dropLast())
            let rest = String(parts[1].dropFirst())
            for entry in tree[path: list]?.array ?? [] {
                guard let name = entry["name"]?.string, member == nil || name == member,
                    let value = entry[path: rest]
                else { continue }
                flatten(value, name: "\(list).\(name).\(rest)", into: &result)
            }
        }
        return result
    }

    /// Every leaf of a tree, by dotted name.
    static func leaves(of tree: JSONValue) -> [String: JSONValue] {
        var result: [String: JSONValue] = [:]
        for (name, value) in tree.object ?? [:] { flatten(value, name: name, into: &result) }
        return result
    }

    private static func flatten(_ value: JSONValue, name: String, into result: inout [String: JSONValue]) {
        switch value {
        case .object(let members) where !members.isEmpty:
            for (key, member) in members { flatten(member, name: "\(name).\(key)", into: &result) }
        case .array(let elements) where !elements.isEmpty:
            for (position, element) in elements.enumerated() {
                flatten(element, name: "\(name).\(position)", into: &result)
            }
        default:
            result[name] = value
        }
    }
}
