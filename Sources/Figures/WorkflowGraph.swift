import Basics

/// The nodes of a workflow with their states: a column for each stage, left to right, and arrows to what each feeds.
///
/// An arrow that others imply, such as one from the first stage to the third, is left out; the data have all.
public struct WorkflowGraph: Figure {
    /// One node.
    public struct Node: Sendable, Equatable {
        /// Tells the node from all others, such as `train lite0 seed 1 fold 0`.
        public let name: String
        public let stage: String
        /// What tells the node from others of its stage, in a few letters.
        public let title: String
        public let state: WorkflowState
        /// How long its work took; nil where it has no result.
        public let seconds: Double?
        /// The names of the nodes that it reads from.
        public let upstream: [String]

        /// Describes a node.
        public init(
            name: String, stage: String, title: String, state: WorkflowState, seconds: Double?, upstream: [String]
        ) {
            self.name = name
            self.stage = stage
            self.title = title
            self.state = state
            self.seconds = seconds
            self.upstream = upstream
        }

        /// State and time; a fresh node's badge says enough.
        var detail: String {
            let time = seconds.map(NumberText.duration(seconds:))
            return ([state == .fresh && time != nil ? nil : state.rawValue, time] as [String?])
                .compactMap(\.self).joined(separator: ", ")
        }

        var data: JSONValue {
            [
                "name": .string(name), "stage": .string(stage), "state": .string(state.rawValue),
                "seconds": seconds.map(JSONValue.number) ?? .null, "upstream": .array(upstream.map { .string($0) }),
            ]
        }
    }

    public let nodes: [Node]

    /// Creates a drawing of a workflow.
    ///
    /// - Parameter nodes: Upstream first.
    public init(nodes: [Node]) { self.nodes = nodes }

    public var data: JSONValue { ["kind": "workflow", "nodes": .array(nodes.map(\.data))] }

    /// The stages in the order in which they first appear.
    var stages: [String] {
        var seen: Set<String> = []
        return nodes.map(\.stage).filter { seen.insert($0).inserted }
    }

    /// The states that some node has.
    var states: [WorkflowState] { WorkflowState.allCases.filter { state in nodes.contains { $0.state == state } } }

    public var alternativeText: String {
        guard !nodes.isEmpty else { return "A workflow without nodes." }
        let counts = states.map { state in "\(nodes.count { $0.state == state }) \(state.rawValue)" }
        let unsettled = nodes.filter { $0.state != .fresh }
        let names = unsettled.prefix(4).map(\.name) + (unsettled.count > 4 ? ["\(unsettled.count - 4) more"] : [])
        return "The workflow from left to right: \(stages.joined(separator: ", ")). "
            + "\(NumberText.counted(nodes.count, "node", "nodes")): \(counts.joined(separator: ", "))."
            + (unsettled.isEmpty ? "" : " Not fresh: \(names.joined(separator: ", ")).")
    }

    /// The pairs of nodes, by position, with an arrow from the first to the second: no pair that others imply.
    ///
    /// - Complexity: O(nodes · arrows).
    var arrows: [(from: Int, to: Int)] {
        let places = Dictionary(nodes.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let upstream = nodes.enumerated().map { index, node in
            node.upstream.compactMap { places[$0] }.filter { $0 < index }
        }
        var ancestors: [Set<Int>] = []
        for own in upstream { ancestors.append(own.reduce(into: Set(own)) { $0.formUnion(ancestors[$1]) }) }
        return upstream.enumerated().flatMap { index, own in
            own.filter { place in !own.contains { ancestors[$0].contains(place) } }.map { ($0, index) }
        }
    }
}
