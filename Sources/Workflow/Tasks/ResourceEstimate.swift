import Basics
import Catalog
import Configuration
import Foundation
import Jobs
import Results

/// The time and memory that a plan needs on this machine.
public struct ResourceEstimate: Sendable {
    /// Where a number comes from.
    enum Origin: String, Sendable {
        /// Computed from batches that were timed here.
        case measured
        /// The time of the last run of the same node, or of another of its stage.
        case remembered
        /// Nothing is known; the number counts as 0.
        case unknown
    }

    /// One node of the plan.
    struct PlannedNode: Sendable {
        let node: Node
        /// Seconds, from the fastest to the slowest batch.
        let seconds: EstimateFacts.Range
        let origin: Origin
        let need: JobSlots.Need
    }

    /// One member of the ensemble.
    struct Member: Sendable {
        let settings: MemberSettings
        let facts: EstimateFacts
        /// When its times were measured.
        let measuredAt: Date
        /// The number of photographs of each training in the plan.
        let trainings: [Int]
        /// The number of photographs of each embedding in the plan; a mirror image counts as one more.
        let embeddings: [Int]
        /// Seconds to prepare a photograph on all decoding threads, from its file; nil if it was not measured.
        let preparation: Double?
    }

    let members: [Member]
    /// The nodes that would run, upstream first.
    let nodes: [PlannedNode]
    /// The plan, if each node takes the least time and if it takes the most.
    let packing: (least: Packing, most: Packing)
    let jobs: Int
    /// Threads of one node.
    let threads: Int
    let batchSize: Int
    /// Whether networks run on a graphics card, so that photographs are decoded meanwhile.
    let usesCard: Bool
    /// The time of the report.
    var now = Date()
    /// The memory that is available, bytes.
    var memory: Double

    /// The total time if everything runs in sequence, seconds, at the fastest.
    var seconds: Double { nodes.reduce(0) { $0 + $1.seconds.fastest } }

    /// The machine's load in the last minute, from the kernel; nil if it is unknown.
    public static var currentLoad: Double? {
        let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)
        return text?.split(separator: " ").first.flatMap { Double($0) }
    }
}

extension ResourceEstimate.Member {
    /// Whether reading photographs takes longer than computing with them; nil if it was not measured.
    var isBoundByDecoding: Bool? { preparation.map { $0 > facts.training.fastest } }

    /// The time of a training, seconds.
    ///
    /// On a CPU, computing and decoding share the cores; a card computes while the cores decode. Photographs that fit
    /// into the cache are decoded in the first epoch only.
    fileprivate func trainingSeconds(
        _ photographs: Int, epochs: Int, overlaps: Bool, cores: Double
    ) -> EstimateFacts.Range {
        let bytes = Double(photographs * TrainJob.cachedBytes(side: settings.imageSize))
        let cached = min(1, Double(TrainJob.cachedBytes) / max(1, bytes))
        let first = (facts.preparation ?? 0) / cores
        let later = (cached * (facts.repetition ?? 0) + (1 - cached) * (facts.preparation ?? 0)) / cores
        func seconds(_ compute: Double) -> Double {
            func epoch(_ preparing: Double) -> Double { overlaps ? max(compute, preparing) : compute + preparing }
            return Double(photographs) * (epoch(first) + Double(epochs - 1) * epoch(later))
        }
        return .init(fastest: seconds(facts.training.fastest), slowest: seconds(facts.training.slowest))
    }

    /// The time of an embedding, seconds.
    fileprivate func embeddingSeconds(_ photographs: Int, overlaps: Bool, cores: Double) -> EstimateFacts.Range {
        let preparing = (facts.preparation ?? 0) / cores
        func seconds(_ compute: Double) -> Double {
            Double(photographs) * (overlaps ? max(compute, preparing) : compute + preparing)
        }
        return .init(fastest: seconds(facts.embedding.fastest), slowest: seconds(facts.embedding.slowest))
    }
}

extension Project {
    /// Estimates the cost of a plan from a few batches of each member that it trains or embeds, and from the last times
    /// of other nodes; nil if it neither trains nor embeds.
    ///
    /// A member that was measured with the same settings is not measured again, unless the machine's load has changed
    /// much. With several jobs, the cores are shared among them.
    ///
    /// - Throws: ``WorkflowError``, ``CatalogError``, ``StageFailure``.
    public func estimate(
        of plan: [NodeStatus], jobs: Int = 1, load: Double? = ResourceEstimate.currentLoad,
        observer: some RunObserver
    ) async throws -> ResourceEstimate? {
        let share = jobs > 1 ? max(1, ThreadCount.cores / jobs) : nil
        return try await ThreadCount.$share.withValue(share) {
            let planned = Dictionary(grouping: plan.map(\.node)) { $0.member }
            let inspector = try await inspector()
            let catalog = try configuration.resolvedData.catalog()
            let usesCard = inspector.backend?.cards.isEmpty == false
            let cores = Double(try ThreadCount.forDecoding(onCard: usesCard))
            var members: [ResourceEstimate.Member] = []
            for settings in configuration.train.members {
                let nodes = planned[settings.name] ?? []
                guard nodes.contains(where: { [.train, .embed].contains($0.stage) }),
                    let kept = try await calibration(of: settings, inspector, load: load, observer: observer)
                else { continue }
                let passes = (configuration.embed.mirror ? 2 : 1) * (configuration.train.trains(settings) ? 2 : 1)
                members.append(
                    .init(
                        settings: settings, facts: kept.facts, measuredAt: kept.measuredAt,
                        trainings: nodes.filter { $0.stage == .train }.map {
                            inspector.trainingPhotographs($0) ?? catalog.photographs.count { $0.whaleID != nil }
                        },
                        // A trained member is also embedded with the network before training.
                        embeddings: nodes.filter { $0.stage == .embed }.map { _ in passes * catalog.photographs.count },
                        preparation: kept.facts.preparation.map { $0 / cores }))
            }
            guard !members.isEmpty else { return nil }
            let slots = JobSlots(
                count: jobs, memory: AvailableMemory.bytes, cards: inspector.backend?.cards ?? [])
            let needs = NodeNeeds(
                configuration, facts: Dictionary(members.map { ($0.settings.name, $0.facts) }) { first, _ in first },
                photographs: catalog.photographs.count, slots: slots)
            let timed = PlannedTimes(
                inspector: inspector, members: members, train: configuration.train, cores: cores,
                usesCard: usesCard)
            let nodes = plan.map { status in
                let (seconds, origin) = timed.time(of: status.node)
                return ResourceEstimate.PlannedNode(
                    node: status.node, seconds: seconds, origin: origin, need: needs.need(of: status.node, inspector))
            }
            return ResourceEstimate(
                members: members, nodes: nodes,
                packing: (
                    Self.packing(nodes, inspector, slots) { $0.fastest },
                    Self.packing(nodes, inspector, slots) { $0.slowest }
                ), jobs: jobs, threads: inspector.backend?.description.threads ?? ThreadCount.cores,
                batchSize: configuration.train.batchSize, usesCard: usesCard, memory: slots.memory)
        }
    }

    private static func packing(
        _ nodes: [ResourceEstimate.PlannedNode], _ inspector: Inspector, _ slots: JobSlots,
        _ seconds: (EstimateFacts.Range) -> Double
    ) -> Packing {
        let known = Dictionary(uniqueKeysWithValues: nodes.map { ($0.node, $0) })
        return Packing(
            nodes.map(\.node), after: inspector.graph.upstream, in: slots,
            need: { known[$0]?.need ?? .init() }, seconds: { known[$0].map { seconds($0.seconds) } ?? 0 })
    }
}

/// The times of the nodes of a plan.
private struct PlannedTimes {
    let inspector: Inspector
    let members: [ResourceEstimate.Member]
    let train: TrainSettings
    /// Decoding threads.
    let cores: Double
    let usesCard: Bool

    /// A node's time, and where it comes from. The last run of the same network with the same threads counts more than
    /// a few batches.
    func time(of node: Node) -> (EstimateFacts.Range, ResourceEstimate.Origin) {
        let member = members.first { $0.settings.name == node.member }
        switch (node.stage, member) {
        case (.train, let member?):
            guard let photographs = member.trainings.first else { break }
            let count = inspector.trainingPhotographs(node) ?? photographs
            if train.freeze == .backbone {
                // Training, mirrored training and validation photographs pass a frozen backbone once.
                let passes = train.augment.flip == .off ? 2 : 3
                return (member.embeddingSeconds(count * passes, overlaps: usesCard, cores: cores), .measured)
            }
            let epochs = train.schedule.epochs
            if let rate = rate(of: node) { return (.init(Double(epochs * count) / rate), .remembered) }
            return (
                member.trainingSeconds(count, epochs: epochs, overlaps: usesCard, cores: cores), .measured
            )
        case (.embed, let member?):
            guard let photographs = member.embeddings.first else { break }
            if let rate = rate(of: node) { return (.init(Double(photographs) / rate), .remembered) }
            return (member.embeddingSeconds(photographs, overlaps: usesCard, cores: cores), .measured)
        default: break
        }
        let own = inspector.statuses[node]?.record?.seconds
        let others = inspector.graph.nodes.filter { $0.stage == node.stage }
            .compactMap { inspector.statuses[$0]?.record?.seconds }
        guard let seconds = own ?? (others.isEmpty ? nil : others.reduce(0, +) / Double(others.count)) else {
            return (.init(0), .unknown)
        }
        return (.init(seconds), .remembered)
    }

    /// Photographs per second of the last run of a training or an embedding of this member, if it had the same network,
    /// batch and threads.
    private func rate(of node: Node) -> Double? {
        let alike = inspector.graph.nodes.filter { $0.stage == node.stage && $0.member == node.member }
        let records = ([node] + alike).compactMap { inspector.statuses[$0]?.record }
            .filter(inspector.asksTheSameOfTheMachine)
        return records.lazy.compactMap { record -> Double? in
            let facts = node.stage == .train ? record.facts : record.facts[EmbedFiles.embeddings.name]
            return facts?["images_per_second"]?.double
        }.first { $0 > 0 }
    }
}
