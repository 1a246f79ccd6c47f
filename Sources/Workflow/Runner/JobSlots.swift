import Results

/// Which nodes of a run may work at the same time: as many as there are jobs, within the machine's memory.
struct JobSlots: Sendable {
    /// What a node's work takes.
    struct Need: Sendable, Equatable {
        /// Memory, bytes.
        var bytes = 0.0
        /// Whether a worker does it, and not the runner's own process.
        var usesWorker = true
        /// Whether it runs on a graphics card.
        var usesCard = false
    }

    /// The largest number of nodes that work at the same time.
    let count: Int
    /// The memory for all of them, bytes.
    let memory: Double
    /// The graphics cards; each has one node at a time, because nothing estimates a card's memory.
    let cards: [Int]
    private var running: [Node: (need: Need, card: Int?)] = [:]

    init(count: Int, memory: Double, cards: [Int]) {
        self.count = count
        self.memory = memory
        self.cards = cards
    }

    /// Whether no node works.
    var areEmpty: Bool { running.isEmpty }

    /// Whether there is a free job, whatever a node takes.
    var isOneFree: Bool { running.count < count }

    /// Whether a node may start. One that needs more than all of the memory runs alone.
    ///
    /// The runner's own process has one node at a time: searches share OpenBLAS's threads and would wait for each
    /// other.
    func admit(_ need: Need) -> Bool {
        guard !running.isEmpty else { return true }
        let others = running.values
        return isOneFree
            && (need.usesWorker || others.allSatisfy(\.need.usesWorker))
            && (!need.usesCard || others.count(where: \.need.usesCard) < cards.count)
            && others.reduce(need.bytes) { $0 + $1.need.bytes } <= memory
    }

    /// Starts a node.
    ///
    /// - Returns: Its graphics card; nil if it needs none.
    mutating func take(_ node: Node, _ need: Need) -> Int? {
        let card = need.usesCard ? cards.first { number in !running.values.contains { $0.card == number } } : nil
        running[node] = (need, card)
        return card
    }

    /// Ends a node.
    mutating func release(_ node: Node) { running[node] = nil }
}

/// A plan of nodes on job slots, each with its time.
struct Packing {
    /// The time until the last node ends, seconds.
    private(set) var seconds = 0.0
    /// The nodes of the chain of dependencies that takes longest, first to last.
    private(set) var longestChain: [Node] = []
    /// The time of that chain, seconds: no number of jobs needs less.
    private(set) var chainSeconds = 0.0

    /// Starts each node, in the given order, as soon as those before it have ended and the slots admit it, as a run
    /// does.
    init(
        _ nodes: [Node], after upstream: (Node) -> [Node], in slots: JobSlots, need: (Node) -> JobSlots.Need,
        seconds length: (Node) -> Double
    ) {
        var slots = slots
        var waiting = nodes
        var open = Set(nodes)
        var working: [(node: Node, end: Double)] = []
        repeat {
            var started: Set<Node> = []
            for node in waiting {
                guard slots.isOneFree else { break }
                guard upstream(node).allSatisfy({ !open.contains($0) }), case let need = need(node), slots.admit(need)
                else { continue }
                _ = slots.take(node, need)
                started.insert(node)
                working.append((node, seconds + length(node)))
            }
            waiting.removeAll(where: started.contains)
            guard let next = working.indices.min(by: { working[$0].end < working[$1].end }) else { break }
            seconds = working[next].end
            let ended = working.remove(at: next).node
            slots.release(ended)
            open.remove(ended)
        } while true

        var chains: [Node: (seconds: Double, before: Node?)] = [:]
        for node in nodes {
            let before = upstream(node).filter { chains[$0] != nil }
                .max { (chains[$0]?.seconds ?? 0) < (chains[$1]?.seconds ?? 0) }
            chains[node] = ((before.flatMap { chains[$0]?.seconds } ?? 0) + length(node), before)
        }
        var last = nodes.max { (chains[$0]?.seconds ?? 0) < (chains[$1]?.seconds ?? 0) }
        chainSeconds = last.flatMap { chains[$0]?.seconds } ?? 0
        while let node = last {
            longestChain.insert(node, at: 0)
            last = chains[node]?.before
        }
    }
}
