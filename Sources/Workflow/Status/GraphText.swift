import Algorithms
import Basics
import Results

/// The nodes of a project and their sources, drawn in text.
public struct GraphText: Sendable {
    private let statuses: [NodeStatus]
    private let graph: NodeGraph

    init(_ statuses: [NodeStatus], graph: NodeGraph) {
        self.statuses = statuses
        self.graph = graph
    }

    /// The mark of a state, distinguishable without colour.
    static func mark(_ state: NodeState) -> String {
        switch state {
        case .fresh: "●"
        case .stale: "◐"
        case .missing: "○"
        case .partial: "◔"
        case .failed: "✗"
        case .blocked: "⊘"
        }
    }

    /// One line for each node below its stage, with the stages that it reads from, and a legend of the states in use.
    public var text: String {
        var lines: [String] = []
        for stage in StageName.allCases {
            let own = statuses.filter { $0.node.stage == stage }
            guard !own.isEmpty else { continue }
            if !lines.isEmpty { lines.append("  │") }
            let names = own.map(\.node.shortName)
            let width = names.map(\.count).max() ?? 0
            let isFanned = own.count > 1
            lines.append("  ├─ \(stage.rawValue)")
            for (position, status) in own.enumerated() {
                let branch = isFanned ? (position == own.count - 1 ? "└" : "├") : "└"
                let reads = graph.upstream(of: status.node).map(\.stage.rawValue)
                let sources = reads.uniqued().joined(separator: ", ")
                lines.append(
                    "  │   \(branch) \(Self.mark(status.state)) \(names[position].padding(to: width))"
                        + (sources.isEmpty ? "" : "  ← \(sources)"))
            }
        }
        let present = NodeState.allCases.filter { state in statuses.contains { $0.state == state } }
        lines.append("")
        lines.append("  " + present.map { "\(Self.mark($0)) \($0.rawValue)" }.joined(separator: "  "))
        return lines.visibleLines
    }
}

extension Node {
    /// The name that distinguishes the node from others of its stage, or `all` if it joins them.
    var shortName: String {
        let parts = [member, seed.map { "seed \($0)" }, fold.map { "fold \($0)" }].compactMap(\.self)
        return parts.isEmpty ? "all" : parts.joined(separator: " ")
    }
}
