import Basics
import Catalog
import Configuration
import Jobs
import Results

/// What each node of a run takes, from the measured cost of its member's network and from the sizes of its inputs.
struct NodeNeeds {
    /// The slots that the needs are for, all free.
    let slots: JobSlots
    private let configuration: Configuration
    /// The cost of each member, by name.
    private let facts: [String: EstimateFacts]
    private let photographs: Int

    /// Memory of a process that computes without a network, in addition to its inputs, bytes. In the reference run a
    /// search, an evaluation and the matching of marks took up to 70 MB, the worker for keypoints 0.2 GB.
    private static let allowance = 0.5e9
    /// The memory that a file takes as a multiple of its size: its bytes, and the numbers made from them.
    private static let expansion = 2.0

    /// Collects what the nodes of a graph take. `facts` has the cost of each member, by name.
    init(_ configuration: Configuration, facts: [String: EstimateFacts], photographs: Int, slots: JobSlots) {
        self.configuration = configuration
        self.facts = facts
        self.photographs = photographs
        self.slots = slots
    }

    /// Collects what the nodes of a run take. With several jobs, the networks of the nodes that have to run are
    /// measured first, unless that was done lately.
    ///
    /// - Throws: ``CatalogError``, ``WorkflowError``.
    init(of session: RunSession, jobs: Int, _ project: Project, _ observer: some RunObserver) async throws {
        let inspector = session.inspector
        let slots = JobSlots(
            count: jobs, memory: AvailableMemory.bytes, cards: inspector.backend?.cards ?? [])
        guard jobs > 1, session.count > 0 else {
            self.init(project.configuration, facts: [:], photographs: 0, slots: slots)
            return
        }
        var facts: [String: EstimateFacts] = [:]
        let members = Set(session.unsettledNodes.compactMap(\.member))
        for member in project.configuration.train.members where members.contains(member.name) {
            do {
                facts[member.name] = try await project.calibration(of: member, inspector, observer: observer)?.facts
            } catch let failure as StageFailure {
                // Its work will show what is wrong with it.
                observer.said("\(member.name): its memory could not be measured: \(failure.reason)")
            }
        }
        self.init(
            project.configuration, facts: facts,
            photographs: try project.configuration.resolvedData.catalog().photographs.count, slots: slots)
    }

    /// What a node takes.
    func need(of node: Node, _ inspector: Inspector) -> JobSlots.Need {
        let stage = node.stage.stage
        let usesCard = stage.usesBackend && !slots.cards.isEmpty
        return .init(
            bytes: (usesCard ? nil : network(of: node, inspector)) ?? Self.allowance + inputs(of: node, inspector),
            usesWorker: stage.usesWorker, usesCard: usesCard)
    }

    /// The memory of a node's network, bytes; nil if it has none or it was not measured.
    private func network(of node: Node, _ inspector: Inspector) -> Double? {
        guard let facts = node.member.flatMap({ facts[$0] }),
            let member = configuration.train.members.first(where: { $0.name == node.member })
        else { return nil }
        guard node.stage == .train else { return facts.embeddingBytes }
        let trained = inspector.trainingPhotographs(node) ?? photographs
        let cached = min(TrainJob.cachedBytes, trained * TrainJob.cachedBytes(side: member.imageSize))
        return facts.trainingBytes(batch: min(configuration.train.batchSize, trained)).map { $0 + Double(cached) }
    }

    private func inputs(of node: Node, _ inspector: Inspector) -> Double {
        let files = node.stage.stage.inputs(configuration).files
        return inspector.graph.upstream(of: node).reduce(0) { sum, upstream in
            let outputs = inspector.statuses[upstream]?.record?.outputs ?? [:]
            return (files[upstream.stage] ?? []).reduce(sum) {
                $0 + Self.expansion * Double(outputs[$1]?.size ?? 0)
            }
        }
    }
}
