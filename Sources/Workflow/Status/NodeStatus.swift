import Basics
import Catalog
import Evaluation
import Foundation
import Results

/// The state of a node.
public enum NodeState: String, Sendable, Codable, CaseIterable {
    /// Its result exists and was made from the present inputs.
    case fresh
    /// It has a result, but from other inputs.
    case stale
    /// It never ran.
    case missing
    /// It was interrupted.
    case partial
    /// It ran on the present inputs, and failed.
    case failed
    /// It depends on a failed node.
    case blocked

    /// Whether it has a result that later nodes may read.
    public var isUsable: Bool { self == .fresh }
}

/// A node's state and its reason, in one line.
public struct NodeStatus: Sendable, Equatable {
    public let node: Node
    public let state: NodeState
    /// The reason; empty if there is nothing to explain.
    public let reason: String
    /// The key; nil while a node upstream is not finished.
    public let key: String?
    /// The current result of a fresh node; the last result of a stale node if it still exists.
    public let record: NodeRecord?
    /// The cache key whose digest is ``key``.
    let cacheKey: CacheKey?

    /// The form for other programs.
    public var json: JSONValue {
        [
            "stage": .string(node.stage.rawValue), "member": node.member.map(JSONValue.string) ?? .null,
            "seed": node.seed.map { .number(Double($0)) } ?? .null,
            "fold": node.fold.map { .number(Double($0)) } ?? .null, "name": .string(node.name),
            "state": .string(state.rawValue), "reason": .string(reason),
            "key": key.map(JSONValue.string) ?? .null,
            "seconds": record.map { .number($0.seconds) } ?? .null,
            "output_digest": record.map { .string($0.outputDigest) } ?? .null,
        ]
    }
}

/// The states of all nodes of a project.
public struct StatusReport: Sendable {
    /// The nodes, upstream first.
    public let nodes: [NodeStatus]
    /// The owner of a run in progress, or nil.
    public let running: String?
    /// The headline of the current evaluation; nil if there is none.
    public let headline: Headline?
    /// The same drawn as a graph.
    public let graph: GraphText

    /// Whether everything is fresh.
    public var isFresh: Bool { nodes.allSatisfy { $0.state == .fresh } }

    /// The form for other programs.
    public var json: JSONValue {
        [
            "fresh": .bool(isFresh), "headline": headline.map { .string($0.text) } ?? .null,
            "running": running.map(JSONValue.string) ?? .null,
            "nodes": .array(nodes.map(\.json)),
        ]
    }

    /// One aligned line for each node.
    public var text: String {
        let width = nodes.map(\.node.name.count).max() ?? 0
        var lines = nodes.map { status in
            let name = status.node.name.padding(to: width)
            let detail =
                status.reason.isEmpty
                ? status.record.map { "\(NumberText.duration(seconds: $0.seconds)), \(status.key?.prefix(12) ?? "")" }
                    ?? ""
                : status.reason
            return detail.isEmpty
                ? "\(name)  \(status.state.rawValue)" : "\(name)  \(status.state.rawValue.padding(to: 7))  \(detail)"
        }
        if let running { lines.append("A run is in progress: \(running).") }
        let next = isFresh ? "whalebook report" : "whalebook run"
        lines.append([headline?.text, headline?.advice, "Next: \(next)"].compactMap(\.self).joined(separator: " "))
        return lines.visibleLines
    }
}

extension String {
    /// The text with spaces after it, up to a width.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// Describes in words how a node's cache key changed.
struct Changes {
    let store: Store
    let manifest: DataManifest
    private static let shown = 3

    /// One line, such as `train.schedule.epochs 20 -> 40; data: 2 photographs changed`.
    func reason(from old: CacheKey, to new: CacheKey) throws -> String {
        var reasons: [String] = []
        if old.version != new.version {
            reasons.append("the stage changed (version \(old.version) -> \(new.version))")
        }
        reasons += Self.differences(old.parameters, new.parameters).map { "\($0.name) \($0.old) -> \($0.new)" }
        reasons += try dataReasons(old.data, new.data)
        reasons += try inputReasons(old.inputs, new.inputs)
        reasons += Self.differences(old.backend, new.backend).map { "\($0.name) \($0.old) -> \($0.new)" }
        let rest = reasons.count - Self.shown
        return reasons.prefix(Self.shown).joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
    }

    private static func differences(
        _ old: [String: JSONValue], _ new: [String: JSONValue]
    ) -> [(name: String, old: String, new: String)] {
        Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map {
            ($0, words(old[$0]), words(new[$0]))
        }
    }

    private static func words(_ value: JSONValue?) -> String {
        (value.map { $0.string ?? $0.canonicalText } ?? "none").shortened()
    }

    private func dataReasons(_ old: [String: String], _ new: [String: String]) throws -> [String] {
        try Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map { part in
            switch (part, old[part]) {
            case (DataPart.photographs.rawValue, let digest?):
                "data: \(try manifest.difference(since: digest, in: store))"
            case (DataPart.metadata.rawValue, _): "data: the metadata changed"
            case (DataPart.scenarios.rawValue, _): "data: the scenarios changed"
            default: "the \(Self.owner(ofWeights: part))weights file changed"
            }
        }
    }

    /// The part of a hybrid that weights belong to, as a possessive; empty for a whole backbone.
    private static func owner(ofWeights part: String) -> String {
        part == DataPart.weights.rawValue ? "" : "\(part.dropFirst(DataPart.weights.rawValue.count + 1))'s "
    }

    private func inputReasons(_ old: [String: String], _ new: [String: String]) throws -> [String] {
        try Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map { input in
            switch (old[input], new[input]) {
            case (nil, _): return "\(input) is new"
            case (_, nil): return "\(input) is gone"
            case (let before?, let after?):
                if input.hasPrefix(StageName.split.rawValue), input.hasSuffix(SplitFiles.split.name),
                    let roles = try rolesChanged(before, after)
                {
                    return "split: \(roles) changed upstream"
                }
                return "\(input) changed upstream"
            }
        }
    }

    /// The number of photographs whose role changed, if both splits are still in the store.
    private func rolesChanged(_ old: String, _ new: String) throws -> String? {
        let records = try store.records(of: .split)
        func split(_ digest: String) -> Split? {
            let record = records.first { $0.outputs[SplitFiles.split.name]?.digest == digest }
            return record.flatMap {
                try? SplitFiles.split.read(in: store.folder(of: .split, key: $0.key))
            }
        }
        guard let before = split(old), let after = split(new) else { return nil }
        func roles(_ split: Split) -> [String: Role] {
            Dictionary(split.rows.map { ($0.imageID, $0.role) }) { first, _ in first }
        }
        let first = roles(before), second = roles(after)
        let count = Set(first.keys).union(second.keys).count { first[$0] != second[$0] }
        if count == 0 { return "another column" }
        return "\(count) role\(count == 1 ? "" : "s")"
    }
}
