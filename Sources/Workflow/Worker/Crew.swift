import Basics
import Foundation
import Jobs
import Synchronization

/// The processes that share those of a worker's jobs that can be.
public enum Crew: Sendable {
    /// A single process.
    case alone
    /// As many processes of this machine, which the worker starts for each job.
    case here(Int)
    /// The processes that a launcher started, of which this one is rank 0.
    case launched(RankPlace, JobNumbers)

    /// The number of processes.
    public var count: Int {
        switch self {
        case .alone: 1
        case .here(let count): count
        case .launched(let place, _): place.count
        }
    }
}

/// Counts the jobs of a run that processes share.
public final class JobNumbers: Sendable {
    private let last = Mutex(0)

    /// Creates the count.
    public init() {}

    /// The number of the next job, from 1.
    func next() -> Int {
        last.withLock { last in
            last += 1
            return last
        }
    }
}

extension Worker {
    /// Performs a job, as JSON, with all processes of the crew.
    ///
    /// - Throws: ``WorkerError``, which names the rank if a process other than rank 0 failed.
    func share(_ text: String, log: URL, event: @escaping @Sendable (Event) -> Void) async throws -> JSONValue {
        switch crew {
        case .alone: preconditionFailure("a single process shares nothing")
        case .here(let count): return try await share(text, among: count, log: log, event: event)
        case .launched(let place, let numbers):
            return try await share(number: numbers.next(), at: place, reading: text, log: log, event: event)
        }
    }

    /// Performs the jobs that the run of rank 0 shares with this process, until that run ends; writes no results.
    ///
    /// - Throws: ``WorkerError``, ``WorkflowError/interrupted``.
    public func follow(_ place: RankPlace) async throws {
        do {
            for number in 1... {
                let facts = try await share(number: number, at: place, reading: "", log: nil) { _ in }
                if facts[RankPlace.endFact] != nil { return }
            }
        } catch is CancellationError {
            throw WorkflowError.interrupted
        }
    }

    private func share(
        number: Int, at place: RankPlace, reading text: String, log: URL?, event: @Sendable (Event) -> Void
    ) async throws -> JSONValue {
        let threads = try Self.threads(at: place)
        return try await process(
            ["share", "\(number)"], reading: text, environment: [ThreadCount.variable: "\(threads)"],
            threads: threads * (place.localCount ?? 1), log: log, event: event)
    }

    /// The threads of one of the processes that a launcher started: the setting, Slurm's share, or an equal share of the
    /// machine.
    static func threads(
        at place: RankPlace, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> Int {
        let all = try ThreadCount.wanted(environment: environment)
        guard environment[ThreadCount.variable] == nil else { return all }
        return environment["SLURM_CPUS_PER_TASK"].flatMap { Int($0) } ?? max(1, all / (place.localCount ?? 1))
    }

    /// Starts processes of this machine, which meet in a file, and waits for all of them.
    private func share(
        _ text: String, among count: Int, log: URL, event: @escaping @Sendable (Event) -> Void
    ) async throws -> JSONValue {
        let folder = try TemporaryFolder("ranks")
        defer { folder.remove() }
        let file = folder.url.appending(path: "store").path
        let all = try ThreadCount.wanted()
        let patience = try RankPlace.patience()
        let endings = await withTaskGroup(of: Ending?.self, returning: [Ending].self) { group in
            for rank in 0..<count {
                let place = RankPlace(rank: rank, count: count, file: file, patience: patience)
                let environment = place.environment.merging([ThreadCount.variable: "\(max(1, all / count))"]) { $1 }
                group.addTask {
                    do {
                        let facts = try await process(
                            ["share", "1"], reading: rank == 0 ? text : "", environment: environment,
                            threads: max(all, count), log: log, event: event)
                        return Ending(rank: rank, result: .success(facts))
                    } catch {
                        return Ending(rank: rank, result: .failure(error))
                    }
                }
            }
            var endings: [Ending] = []
            for await ending in group {
                guard let ending else {
                    group.cancelAll()
                    continue
                }
                endings.append(ending)
                if endings.count == count { group.cancelAll() }
                if case .failure = ending.result, endings.count(where: \.hasFailed) == 1, endings.count < count {
                    // The others notice by themselves, unless they hang.
                    group.addTask {
                        try? await Task.sleep(for: Self.grace)
                        return nil
                    }
                }
            }
            return endings
        }
        try Task.checkCancellation()
        return try Self.outcome(endings, count: count)
    }

    /// How long the other processes may take to end after one has failed.
    private static let grace = Duration.seconds(15)

    /// How one process ended.
    struct Ending: Sendable {
        let rank: Int
        let result: Result<JSONValue, any Error>

        var hasFailed: Bool { if case .failure = result { true } else { false } }
    }

    /// The facts of rank 0; or the failure that caused the others, from endings in their order: that of a process that
    /// died, else that which rank 0 reports, which may name another, else the first.
    static func outcome(_ endings: [Ending], count: Int) throws -> JSONValue {
        var failures: [(rank: Int, error: any Error)] = []
        for ending in endings {
            if case .failure(let error) = ending.result { failures.append((ending.rank, error)) }
        }
        for (rank, error) in failures {
            guard case WorkerError.died(let words) = error else { continue }
            throw WorkerError.rankDied(rank: rank, count: count, ending: words)
        }
        if let failure = failures.first(where: { $0.rank == 0 }) ?? failures.first { throw failure.error }
        guard case .success(let facts)? = endings.first(where: { $0.rank == 0 })?.result else {
            throw CancellationError()
        }
        return facts
    }
}
