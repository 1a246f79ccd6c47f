import Results

/// The progress of a run: its nodes, upstream first, and their outcomes.
struct RunSession {
    let nodes: [Node]
    private let options: RunOptions
    var inspector: Inspector
    private var unsettled: Set<Node>
    /// The nodes that ran.
    private(set) var ran: [Node] = []
    /// The nodes that were fresh already.
    private(set) var fresh: [Node] = []
    /// The number of nodes that have to run, as far as it is known.
    private(set) var count: Int

    init(_ inspector: Inspector, _ options: RunOptions) {
        nodes = inspector.graph.nodes(for: options.stages)
        unsettled = Set(
            nodes.filter { node in
                guard let status = inspector.statuses[node] else { return true }
                return !status.state.isUsable || options.forces(status)
            })
        count = unsettled.count
        self.inspector = inspector
        self.options = options
    }

    /// The state of a node after all nodes before it have run.
    @discardableResult
    mutating func look(at node: Node) throws -> NodeStatus { try inspector.inspect(node) }

    /// Whether a node needs no work; if so, it is recorded as fresh.
    mutating func isDone(_ status: NodeStatus) -> Bool {
        guard status.state.isUsable, !options.forces(status) else { return false }
        // It was counted as work because of an unfinished node upstream, whose result turned out unchanged.
        if unsettled.contains(status.node) { count -= 1 }
        fresh.append(status.node)
        return true
    }

    /// Records that a node's work is done.
    mutating func finish(_ node: Node) throws {
        ran.append(node)
        try inspector.inspect(node)
    }

    /// The time that the remaining nodes took when they last ran, or other nodes of their stage; nil if no node of a
    /// stage ever ran.
    func secondsLeft(from node: Node) -> Double? {
        let left = nodes.drop { $0 != node }.filter(unsettled.contains)
        func seconds(_ node: Node) -> Double? { inspector.statuses[node]?.record?.seconds }
        let times = left.map { node -> Double? in
            if let own = seconds(node) { return own }
            let others = nodes.filter { $0.stage == node.stage }.compactMap(seconds)
            return others.isEmpty ? nil : others.reduce(0, +) / Double(others.count)
        }
        return times.contains(nil) ? nil : times.compactMap(\.self).reduce(0, +)
    }

    var statuses: [NodeStatus] { nodes.compactMap { inspector.statuses[$0] } }

    /// The key of every node with a result, added to the keys of earlier runs.
    func keys(onto earlier: [String: String]) -> [String: String] {
        let settled = statuses.filter(\.state.isUsable)
        return earlier.merging(settled.compactMap { status in status.key.map { (status.node.name, $0) } }) { $1 }
    }
}
