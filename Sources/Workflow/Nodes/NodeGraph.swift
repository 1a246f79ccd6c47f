import Configuration
import Results

/// The nodes of a configuration and their dependencies.
public struct NodeGraph: Sendable {
    /// Every node, each after its dependencies.
    public let nodes: [Node]
    private let upstream: [Node: [Node]]

    /// The stages whose results no other stage reads.
    private static let ends: Set<StageName> = [.evaluate, .sweep, .explain, .reduce]

    /// Fans out members, seeds and folds, and joins them again in `evaluate`. `sweep` reads each seed and fold alone;
    /// `explain` and `reduce` read the models of the first ensemble, whose ranking `evaluate` reports query by query.
    public init(_ configuration: Configuration) {
        self.init(
            members: configuration.train.members.map { ($0.name, $0.folds ?? configuration.folds) },
            seeds: configuration.seeds, folds: configuration.folds, joinsFolds: configuration.search.join == .folds,
            untrained: Set(configuration.train.members.filter { !configuration.train.trains($0) }.map(\.name)),
            hasAdapter: configuration.bridge.kind != .off, checksBackground: configuration.background.isOn,
            matching: configuration.match.isOn
                ? (configuration.match.shortlist == nil ? .everything : .shortlist) : nil,
            explains: configuration.explain.queries > 0, reduces: configuration.reduce.photographs > 0)
    }

    /// The graph in which imported nodes have no dependencies; nodes that only they needed are left out.
    func importing(_ isImported: (Node) -> Bool) -> NodeGraph {
        var upstream = upstream
        for node in nodes where isImported(node) { upstream[node] = [] }
        // Heat maps and painted photographs need the network, which imported embeddings do not have.
        let impossible = Set(
            nodes.filter { node in
                [.explain, .background].contains(node.stage)
                    && isImported(Node(.embed, member: node.member, seed: node.seed, fold: node.fold))
            })
        for node in nodes {
            upstream[node] = impossible.contains(node) ? nil : upstream[node]?.filter { !impossible.contains($0) }
        }
        let ends = nodes.filter { Self.ends.contains($0.stage) && upstream[$0] != nil }
        let wanted = Set(upstream.values.joined()).union(ends)
        let nodes = nodes.filter(wanted.contains)
        return NodeGraph(nodes: nodes, upstream: upstream.filter { wanted.contains($0.key) })
    }

    private init(nodes: [Node], upstream: [Node: [Node]]) {
        self.nodes = nodes
        self.upstream = upstream
    }

    /// Which pairs of photographs are matched by their marks.
    enum Matching {
        case everything
        /// Those that the networks find most similar.
        case shortlist
    }

    /// Makes the graph of a run.
    ///
    /// The `untrained` members have no training: their embeddings have no dependency. `joinsFolds` makes the models of
    /// all folds one ensemble, which is evaluated on the first fold's queries. `hasAdapter` gives each model a bridge
    /// between views, `checksBackground` the first ensemble's models a check of what they recognise, `matching` joins
    /// matched marks, `explains` adds heat maps, and `reduces` a map of the embeddings.
    init(
        members: [(name: String, folds: [Int])], seeds: [Int], folds: [Int], joinsFolds: Bool = false,
        untrained: Set<String> = [], hasAdapter: Bool = false, checksBackground: Bool = false,
        matching: Matching? = nil, explains: Bool = true, reduces: Bool = true
    ) {
        var nodes: [Node] = []
        var upstream: [Node: [Node]] = [:]
        func add(_ node: Node, after waited: [Node]) {
            nodes.append(node)
            upstream[node] = waited
        }
        for fold in folds { add(Node(.split, fold: fold), after: []) }
        add(Node(.measure), after: [])
        let keypoints = matching.map { _ in Node(.keypoints) }
        if let keypoints { add(keypoints, after: []) }
        let runs = seeds.flatMap { seed in folds.map { (seed: seed, fold: $0) } }
        let models = runs.flatMap { run in
            members.filter { $0.folds.contains(run.fold) }.map {
                Node(.train, member: $0.name, seed: run.seed, fold: run.fold)
            }
        }
        let isTrained = { (node: Node) in node.member.map(untrained.contains) != true }
        for model in models where isTrained(model) { add(model, after: [Node(.split, fold: model.fold)]) }
        let embeddings = models.map { Node(.embed, member: $0.member, seed: $0.seed, fold: $0.fold) }
        for (embedding, model) in zip(embeddings, models) {
            add(embedding, after: isTrained(model) ? [model] : [])
        }
        var bridges: [Node] = []
        for embedding in embeddings where hasAdapter {
            let bridge = Node(.bridge, member: embedding.member, seed: embedding.seed, fold: embedding.fold)
            add(bridge, after: [Node(.split, fold: embedding.fold), embedding])
            bridges.append(bridge)
        }
        let ensembles: [(seed: Int, fold: Int?)] =
            joinsFolds ? seeds.map { ($0, nil) } : runs.map { ($0.seed, $0.fold) }
        let isFirst = { (node: Node) in
            ensembles.first.map { node.seed == $0.seed && ($0.fold == nil || node.fold == $0.fold) } == true
        }
        var checks: [Node] = []
        for model in models.filter(isFirst) where checksBackground {
            let check = Node(.background, member: model.member, seed: model.seed, fold: model.fold)
            let embedding = Node(.embed, member: model.member, seed: model.seed, fold: model.fold)
            add(check, after: (isTrained(model) ? [model] : []) + [Node(.split, fold: model.fold), embedding])
            checks.append(check)
        }
        func parts(of ensemble: (seed: Int, fold: Int?)) -> (split: Node, embeddings: [Node], bridges: [Node]) {
            func own(_ nodes: [Node]) -> [Node] {
                nodes.filter { $0.seed == ensemble.seed && (ensemble.fold == nil || $0.fold == ensemble.fold) }
            }
            return (Node(.split, fold: ensemble.fold ?? folds[0]), own(embeddings), own(bridges))
        }
        func add(_ stage: StageName, after waited: (_ ensemble: (seed: Int, fold: Int?)) -> [Node]) {
            for ensemble in ensembles {
                add(Node(stage, seed: ensemble.seed, fold: ensemble.fold), after: waited(ensemble))
            }
        }
        add(.search) { ensemble in
            let parts = parts(of: ensemble)
            return [parts.split] + parts.embeddings + parts.bridges + [keypoints].compactMap(\.self)
        }
        func match(_ ensemble: (seed: Int, fold: Int?)) -> Node {
            Node(.match, seed: matching == .shortlist ? ensemble.seed : nil, fold: ensemble.fold)
        }
        if let keypoints {
            for ensemble in ensembles where upstream[match(ensemble)] == nil {
                let parts = parts(of: ensemble)
                add(
                    match(ensemble),
                    after: [parts.split, keypoints] + (matching == .shortlist ? parts.embeddings : []))
            }
            add(.fuse) { ensemble in
                let parts = parts(of: ensemble)
                return [parts.split] + parts.embeddings + [match(ensemble), keypoints]
            }
        }
        add(.expand) { ensemble in
            let parts = parts(of: ensemble)
            let fusion = Node(.fuse, seed: ensemble.seed, fold: ensemble.fold)
            return [parts.split] + parts.embeddings + (matching == nil ? [] : [match(ensemble), fusion])
        }
        let ranking: [StageName] = matching == nil ? [.search, .expand] : [.search, .fuse, .expand]
        add(
            Node(.evaluate),
            after: folds.map { Node(.split, fold: $0) } + [Node(.measure)] + bridges + checks
                + ranking.flatMap { stage in ensembles.map { Node(stage, seed: $0.seed, fold: $0.fold) } })
        for run in runs {
            add(
                Node(.sweep, seed: run.seed, fold: run.fold),
                after: [Node(.split, fold: run.fold)]
                    + embeddings.filter { $0.seed == run.seed && $0.fold == run.fold })
        }
        if let first = ensembles.first {
            for model in models.filter(isFirst) where explains {
                add(
                    Node(.explain, member: model.member, seed: model.seed, fold: model.fold),
                    after: (isTrained(model) ? [model] : []) + [
                        Node(.expand, seed: first.seed, fold: first.fold), Node(.evaluate),
                    ] + (keypoints.map { [$0, Node(.fuse, seed: first.seed, fold: first.fold)] } ?? []))
            }
            if reduces {
                add(Node(.reduce, seed: first.seed, fold: first.fold), after: embeddings.filter(isFirst))
            }
        }
        self.nodes = nodes
        self.upstream = upstream
    }

    /// The nodes that a node reads from.
    public func upstream(of node: Node) -> [Node] { upstream[node] ?? [] }

    /// The nodes of some stages with all their dependencies, upstream first; no stage means all.
    public func nodes(for stages: Set<StageName>) -> [Node] {
        guard !stages.isEmpty else { return nodes }
        var wanted = Set(nodes.filter { stages.contains($0.stage) })
        for node in nodes.reversed() where wanted.contains(node) { wanted.formUnion(upstream(of: node)) }
        return nodes.filter(wanted.contains)
    }
}
