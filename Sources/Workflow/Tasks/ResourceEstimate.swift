import Basics
import Catalog
import Configuration
import Digests
import Foundation
import Jobs
import Results

/// The time and memory that a plan's trainings and embeddings need on this machine.
public struct ResourceEstimate: Sendable {
    /// One member of the ensemble.
    struct Member {
        let settings: MemberSettings
        let facts: EstimateFacts
        /// When its times were measured.
        let measuredAt: Date
        /// The number of photographs of each training in the plan.
        let trainings: [Int]
        /// The number of photographs of each embedding in the plan; a mirror image counts as one more.
        let embeddings: [Int]
    }

    let members: [Member]
    let epochs: Int
    let batchSize: Int
    /// The time of the report.
    var now = Date()
    /// The machine's memory, bytes.
    var memory = Double(ProcessInfo.processInfo.physicalMemory)

    /// Aligned columns, and the total.
    public var text: String {
        let rows = members.map { member in
            [
                member.settings.name, member.settings.backbone, String(member.settings.imageSize),
                TextTable.millions(member.facts.parameters),
                member.facts.trainingBytes(batch: batchSize).map(NumberText.bytes) ?? "not measured",
                String(member.trainings.count), time(member.trainings.map { trainingSeconds(member, $0) }),
                String(member.embeddings.count), time(member.embeddings.map { embeddingSeconds(member, $0) }),
            ]
        }
        let header = [
            "member", "backbone", "image size", "parameters", "memory", "trainings", "take", "embeddings", "take ",
        ]
        return TextTable.text(header: header, rows: rows, left: ["backbone"])
            + summary + "\n"
            + warning
    }

    /// The total, in a sentence.
    public var summary: String {
        "About \(NumberText.duration(seconds: seconds)) in all, from a step of each member, timed here \(age)."
    }

    /// The age of the oldest measurement.
    private var age: String {
        let seconds = members.map { now.timeIntervalSince($0.measuredAt) }.max() ?? 0
        return seconds < 60 ? "just now" : "\(NumberText.duration(seconds: seconds)) ago"
    }

    /// The trainings that need more memory than this machine has; empty if there are none.
    private var warning: String {
        let large = members.filter { $0.facts.trainingBytes(batch: batchSize).map { $0 > memory } ?? false }
        guard !large.isEmpty else { return "" }
        return "This machine has \(NumberText.bytes(memory)) of memory, too little to train "
            + "\(large.map(\.settings.name.visible).joined(separator: ", ")). Lower train.batch-size, and raise "
            + "train.accumulation by the same factor to keep the number of photographs per step.\n"
    }

    /// The total time if everything runs in sequence.
    var seconds: Double {
        members.reduce(0) { sum, member in
            member.trainings.reduce(sum) { $0 + trainingSeconds(member, $1) }
                + member.embeddings.reduce(0) { $0 + embeddingSeconds(member, $1) }
        }
    }

    private func trainingSeconds(_ member: Member, _ photographs: Int) -> Double {
        Double(epochs * photographs) * member.facts.trainingSeconds
    }

    private func embeddingSeconds(_ member: Member, _ photographs: Int) -> Double {
        Double(photographs) * member.facts.embeddingSeconds
    }

    private func time(_ seconds: [Double]) -> String {
        seconds.isEmpty ? "–" : NumberText.duration(seconds: seconds.reduce(0, +))
    }

    /// The machine's load in the last minute, from the kernel; nil if it is unknown.
    public static var currentLoad: Double? {
        let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)
        return text?.split(separator: " ").first.flatMap { Double($0) }
    }
}

extension Project {
    /// Estimates the cost of a plan's trainings and embeddings from one step of each member; nil if it has none.
    ///
    /// A member that was measured with the same settings is not measured again, unless the machine's load has changed
    /// much.
    ///
    /// - Throws: ``WorkflowError``, ``CatalogError``, ``StageFailure``.
    public func estimate(
        of plan: [NodeStatus], load: Double? = ResourceEstimate.currentLoad, observer: some RunObserver
    ) async throws -> ResourceEstimate? {
        let planned = Dictionary(grouping: plan.map(\.node)) { $0.member }
        // A published model that is not downloaded has an unknown size.
        let wanted = configuration.train.members.filter { member in
            !member.isPublished && planned[member.name]?.contains { $0.stage == .train || $0.stage == .embed } == true
        }
        guard !wanted.isEmpty else { return nil }
        let inspector = try await inspector()
        let catalog = try configuration.resolvedData.catalog()
        let trains = configuration.train.trains
        let isFrozen = configuration.train.freeze == .backbone
        // Training, mirrored training and validation photographs pass a frozen backbone once.
        let frozenPasses = configuration.train.augment.flip == .off ? 2 : 3
        var members: [ResourceEstimate.Member] = []
        for var settings in wanted {
            settings.backbone = try Weights.backbone(of: settings)
            settings.weights = .none
            var train = configuration.train.applied(to: settings)
            train.members = [settings]
            let job = EstimateJob(
                member: settings, train: train, classes: max(2, catalog.whales.count),
                device: inspector.backend.flatMap { DeviceChoice(rawValue: $0.device) } ?? .cpu,
                precision: configuration.precision)
            let nodes = planned[settings.name] ?? []
            let passes = configuration.embed.mirror ? 2 : 1
            let kept = try await facts(of: job, inspector.backend, load: load, observer)
            var facts = corrected(kept.facts, by: nodes, inspector)
            if isFrozen { facts.trainingSeconds = facts.embeddingSeconds }
            members.append(
                ResourceEstimate.Member(
                    settings: settings, facts: facts,
                    measuredAt: kept.measuredAt,
                    trainings: nodes.filter { $0.stage == .train }.map {
                        inspector.trainingPhotographs($0, catalog) * (isFrozen ? frozenPasses : 1)
                    },
                    embeddings: nodes.filter { $0.stage == .embed }.map { _ in
                        // A trained member is also embedded with the network before training.
                        (trains(settings) ? 2 : 1) * passes * catalog.photographs.count
                    }
                ))
        }
        return ResourceEstimate(
            members: members, epochs: isFrozen ? 1 : configuration.train.schedule.epochs,
            batchSize: configuration.train.batchSize)
    }

    private func facts(
        of job: EstimateJob, _ backend: Backend?, load: Double?, _ observer: some RunObserver
    ) async throws -> StoredEstimate {
        let asked: JSONValue = [
            "job": try JSONValue(encoding: job), "backend": .object(backend?.keyParts ?? [:]),
            "threads": .number(Double(backend?.description.threads ?? 0)),
        ]
        let file = store.estimates.appending(path: "\(Digest.of(asked.canonicalText)).json")
        if let data = try store.remembered(file),
            let kept = try? JSONValue(parsing: data).decoded(as: StoredEstimate.self),
            kept.holds(at: Date(), load: load)
        {
            return kept
        }
        observer.said("timing a step of \(job.member.name), \(job.member.backbone) at \(job.member.imageSize) px")
        do {
            let folder = try store.making(store.estimates)
            let facts = try await worker.run(.estimate(job), log: file.appendingPathExtension("log")) { _ in }
                .decoded(as: EstimateFacts.self)
            let kept = StoredEstimate(facts: facts, measuredAt: Date(), load: load)
            try? folder.write(Data(JSONValue(encoding: kept).text.utf8), to: file.lastPathComponent)
            try? folder.remove(file.appendingPathExtension("log").lastPathComponent)
            return kept
        } catch {
            if Task.isCancelled { throw WorkflowError.interrupted }
            if let error = error as? WorkflowError { throw error }
            throw StageFailure(
                node: Node(.train, member: job.member.name), reason: visibleLines(of: error),
                log: file.appendingPathExtension("log").path)
        }
    }
}

extension Project {
    /// Replaces times by those of the last run of the same nodes, if it had the same network and batch.
    private func corrected(_ facts: EstimateFacts, by nodes: [Node], _ inspector: Inspector) -> EstimateFacts {
        var facts = facts
        for node in nodes {
            guard let record = inspector.statuses[node]?.record, inspector.asksTheSameOfTheMachine(record) else {
                continue
            }
            if node.stage == .train, let rate = record.facts["images_per_second"]?.double, rate > 0 {
                facts.trainingSeconds = 1 / rate
            }
            if node.stage == .embed, rate(record) > 0 { facts.embeddingSeconds = 1 / rate(record) }
        }
        return facts
    }

    /// Photographs embedded per second; 0 if it is not in the record.
    private func rate(_ record: NodeRecord) -> Double {
        record.facts[EmbedFiles.embeddings.name]?["images_per_second"]?.double ?? 0
    }
}

extension Inspector {
    /// Whether a result was made with the network, the batch and the device of the present configuration.
    fileprivate func asksTheSameOfTheMachine(_ record: NodeRecord) -> Bool {
        let now = Parameters.leaves(of: configuration.tree)
        let member = configuration.train.members.firstIndex { $0.name == record.cacheKey.node.member } ?? 0
        return record.cacheKey.backend == (backend?.keyParts ?? [:])
            && ["backbone", "image-size"].allSatisfy { option in
                let name = "train.members.\(record.cacheKey.node.member ?? "").\(option)"
                return record.cacheKey.parameters[name] == now["train.members.\(member).\(option)"]
            }
            && [nil, now["train.batch-size"]].contains(record.cacheKey.parameters["train.batch-size"])
    }

    /// The number of photographs that train, from the split; before there is a split, all photographs with a name.
    fileprivate func trainingPhotographs(_ node: Node, _ catalog: Catalog) -> Int {
        let split = statuses[Node(.split, fold: node.fold)]
        let counted = split?.state.isUsable == true ? split?.record?.facts[path: "photographs.train"]?.integer : nil
        return counted ?? catalog.photographs.count { $0.whaleID != nil }
    }
}

/// A measured estimate with its time and the machine's load, because a timing ages and depends on the load.
struct StoredEstimate: Codable, Sendable, Equatable {
    var facts: EstimateFacts
    var measuredAt: Date
    /// The mean number of runnable processes over the minute before the measurement; nil if the system does not report
    /// it.
    var load: Double?

    enum CodingKeys: String, CodingKey {
        case facts, load
        case measuredAt = "measured_at"
    }

    /// The longest age, one day in seconds.
    static let lifetime = 86_400.0
    /// The largest difference in load: one process more or less can change the time on two cores several times.
    static let otherLoad = 0.75

    /// Whether it is still valid.
    func holds(at now: Date, load: Double?) -> Bool {
        let age = now.timeIntervalSince(measuredAt)
        guard age >= 0, age < Self.lifetime else { return false }
        guard let then = self.load, let load else { return true }
        return abs(load - then) < Self.otherLoad
    }
}
