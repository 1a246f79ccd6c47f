import Results

/// How far a run is: its nodes, upstream first, and what became of each.
struct RunSession {
    let nodes: [Node]
    private let options: RunOptions
    var inspector: Inspector
    private var unsettled: Set<Node>
    /// The nodes that worked.
    private(set) var ran: [Node] = []
    /// The nodes whose result was there already.
    private(set) var fresh: [Node] = []
    /// How many nodes have to work, as far as is known.
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

    /// How a node stands now that all before it are settled.
    @discardableResult
    mutating func look(at node: Node) throws -> NodeStatus { try inspector.inspect(node) }

    /// Whether a node needs no work, which is then noted.
    mutating func isDone(_ status: NodeStatus) -> Bool {
        guard status.state.isUsable, !options.forces(status) else { return false }
        // It counted as work while something upstream was not settled, which then came out as before.
        if unsettled.contains(status.node) { count -= 1 }
        fresh.append(status.node)
        return true
    }

    /// Notes that a node's work is done.
    mutating func finish(_ node: Node) throws {
        ran.append(node)
        try inspector.inspect(node)
    }

    /// What the nodes that seem to be left took when they last ran, or what others of their stage took; nil where
    /// nothing of a stage ever ran.
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

    /// The key of every node that has its result, on top of those of earlier runs.
    func keys(onto earlier: [String: String]) -> [String: String] {
        let settled = statuses.filter(\.state.isUsable)
        return earlier.merging(settled.compactMap { status in status.key.map { (status.node.name, $0) } }) { $1 }
    }
}
