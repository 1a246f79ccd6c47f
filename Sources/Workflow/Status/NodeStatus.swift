import Basics
import Catalog
import Evaluation
import Foundation
import Results

/// How a node stands.
public enum NodeState: String, Sendable, Codable, CaseIterable {
    /// Its result is there and made of what is there now.
    case fresh
    /// There is a result, but of something else.
    case stale
    /// It never ran.
    case missing
    /// It was interrupted.
    case partial
    /// It ran on what is there now, and failed.
    case failed
    /// It waits for one that failed.
    case blocked

    /// Whether there is a result that what comes after may read.
    public var isUsable: Bool { self == .fresh }
}

/// A node's state and one line that says why.
public struct NodeStatus: Sendable, Equatable {
    public let node: Node
    public let state: NodeState
    /// Empty where there is nothing to explain.
    public let reason: String
    /// Nil while something upstream is not settled.
    public let key: String?
    /// The current result of a fresh node; the last one of a stale node where it is still there.
    public let record: NodeRecord?
    /// The cacheKey that ``key`` was made of.
    let cacheKey: CacheKey?

    /// What other programs read.
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
    /// Upstream first.
    public let nodes: [NodeStatus]
    /// Who runs the workflow at the moment, or nil.
    public let running: String?
    /// What the current evaluation amounts to; nil where there is none.
    public let headline: Headline?
    /// The same drawn as a graph.
    public let graph: GraphText

    /// Whether everything is fresh.
    public var isFresh: Bool { nodes.allSatisfy { $0.state == .fresh } }

    /// What other programs read.
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
        if let running { lines.append("A run is at work: \(running).") }
        let next = isFresh ? "whalebook report" : "whalebook run"
        lines.append([headline?.text, "Next: \(next)"].compactMap(\.self).joined(separator: " "))
        return lines.visibleLines
    }
}

extension String {
    /// The text with spaces after it, up to a width.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// Says in words what became of a node's cacheKey.
struct Changes {
    let store: Store
    let manifest: DataManifest
    private static let shown = 3

    /// One line, such as `train.schedule.epochs 20 -> 40; data: 2 photographs changed`.
    func reason(from old: CacheKey, to new: CacheKey) throws -> String {
        var reasons: [String] = []
        if old.version != new.version {
            reasons.append("the stage works otherwise now (version \(old.version) -> \(new.version))")
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

    /// The part of a hybrid that weights belong to, before their name; nothing for those of a whole.
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

    /// How many photographs play another role, where both splits are still in the store.
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
        if count == 0 { return "no role but another column" }
        return "\(count) role\(count == 1 ? "" : "s")"
    }
}
