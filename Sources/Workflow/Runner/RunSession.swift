import Results

/// The progress of a run: its nodes, upstream first, and their outcomes.
struct RunSession {
    let nodes: [Node]
    private let options: RunOptions
    var inspector: Inspector
    private var unsettled: Set<Node>
    /// The nodes that a run has not yet looked at, or that wait.
    private var open: Set<Node>
    /// The nodes that work.
    private(set) var running: Set<Node> = []
    private var done: Set<Node> = []
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
        open = Set(nodes)
        self.inspector = inspector
        self.options = options
    }

    /// The state of a node after all nodes before it have run.
    @discardableResult
    mutating func look(at node: Node) throws -> NodeStatus { try inspector.inspect(node) }

    /// The nodes that have not started, upstream first.
    var waiting: [Node] { nodes.filter(open.contains) }

    /// The nodes that ran, upstream first, whichever ended first.
    var ran: [Node] { nodes.filter(done.contains) }

    /// The nodes that have to run, as far as it is known, upstream first.
    var unsettledNodes: [Node] { nodes.filter(unsettled.contains) }

    /// Whether all nodes that a node depends on have ended.
    func isReady(_ node: Node) -> Bool {
        inspector.graph.upstream(of: node).allSatisfy { !open.contains($0) && !running.contains($0) }
    }

    /// Records that a node's work starts.
    mutating func start(_ node: Node) {
        open.remove(node)
        running.insert(node)
    }

    /// Whether a node needs no work; if so, it is recorded as fresh.
    mutating func isDone(_ status: NodeStatus) -> Bool {
        guard status.state.isUsable, !options.forces(status) else { return false }
        // It was counted as work because of an unfinished node upstream, whose result turned out unchanged.
        if unsettled.remove(status.node) != nil { count -= 1 }
        open.remove(status.node)
        fresh.append(status.node)
        return true
    }

    /// Records that a node's work is done.
    mutating func finish(_ node: Node) throws {
        end(node)
        done.insert(node)
        try inspector.inspect(node)
    }

    /// Records that a node cannot run, because of a failure upstream.
    mutating func skip(_ node: Node) { open.remove(node) }

    /// Records that a node's work failed.
    mutating func fail(_ node: Node) { end(node) }

    private mutating func end(_ node: Node) {
        running.remove(node)
        unsettled.remove(node)
    }

    /// The time that the remaining nodes took when they last ran, or other nodes of their stage, shared among the jobs;
    /// nil if no node of a stage ever ran.
    var secondsLeft: Double? {
        let left = unsettledNodes
        func seconds(_ node: Node) -> Double? { inspector.statuses[node]?.record?.seconds }
        let times = left.map { node -> Double? in
            if let own = seconds(node) { return own }
            let others = nodes.filter { $0.stage == node.stage }.compactMap(seconds)
            return others.isEmpty ? nil : others.reduce(0, +) / Double(others.count)
        }
        guard !times.contains(nil) else { return nil }
        let known = times.compactMap(\.self)
        return max(known.reduce(0, +) / Double(options.jobs), known.max() ?? 0)
    }

    var statuses: [NodeStatus] { nodes.compactMap { inspector.statuses[$0] } }

    /// The key of every node with a result, added to the keys of earlier runs.
    func keys(onto earlier: [String: String]) -> [String: String] {
        let settled = statuses.filter(\.state.isUsable)
        return earlier.merging(settled.compactMap { status in status.key.map { (status.node.name, $0) } }) { $1 }
    }
}
