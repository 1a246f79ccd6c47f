import Basics
import Catalog
import Configuration
import Digests
import Foundation
import Jobs
import Results

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

extension Project {
    /// The cost of a member's network with the threads that the surrounding task may use; nil for a published model
    /// that is not downloaded, since its size is unknown.
    ///
    /// A member that was measured with the same settings is not measured again, unless the load was given and has
    /// changed much: memory does not depend on it.
    ///
    /// - Throws: ``WorkflowError``, ``CatalogError``, ``StageFailure``.
    func calibration(
        of member: MemberSettings, _ inspector: Inspector, load: Double? = nil, observer: some RunObserver
    ) async throws -> StoredEstimate? {
        guard !member.isPublished else { return nil }
        var settings = member
        settings.backbone = try Weights.backbone(of: member)
        settings.weights = .none
        var train = configuration.train.applied(to: settings)
        train.members = [settings]
        let catalog = try configuration.resolvedData.catalog()
        let backend = inspector.backend
        let job = EstimateJob(
            member: settings, train: train, data: configuration.resolvedData, classes: max(2, catalog.whales.count),
            device: backend?.cards.first.map { .card($0) } ?? .cpu, precision: configuration.precision)
        return try await measured(job, backend, load: load, observer)
    }

    private func measured(
        _ job: EstimateJob, _ backend: Backend?, load: Double?, _ observer: some RunObserver
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
        observer.said("timing steps of \(job.member.name), \(job.member.backbone) at \(job.member.imageSize) px")
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

extension Inspector {
    /// The number of photographs that a training reads, from its split; nil before there is one.
    func trainingPhotographs(_ node: Node) -> Int? {
        let split = statuses[Node(.split, fold: node.fold)]
        guard split?.state.isUsable == true else { return nil }
        return split?.record?.facts[path: "photographs.train"]?.integer
    }

    /// Whether a result was made with the network, the batch, the device and the threads of the present configuration.
    func asksTheSameOfTheMachine(_ record: NodeRecord) -> Bool {
        let now = Parameters.leaves(of: configuration.tree)
        let member = configuration.train.members.firstIndex { $0.name == record.cacheKey.node.member } ?? 0
        return record.cacheKey.backend == (backend?.keyParts ?? [:])
            && record.machine["threads"]?.integer == backend?.description.threads
            && ["backbone", "image-size"].allSatisfy { option in
                let name = "train.members.\(record.cacheKey.node.member ?? "").\(option)"
                return record.cacheKey.parameters[name] == now["train.members.\(member).\(option)"]
            }
            && [nil, now["train.batch-size"]].contains(record.cacheKey.parameters["train.batch-size"])
    }
}
