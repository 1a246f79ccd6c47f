import Basics
import Evaluation
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
    /// The ingredients that ``key`` was made of.
    let ingredients: Ingredients?

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
