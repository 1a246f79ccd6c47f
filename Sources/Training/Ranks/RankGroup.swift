import Basics
import Foundation
import Imaging
import Jobs
import Networks
import Synchronization
import Torch

/// The processes that perform a job together, and this one's place among them.
public final class RankGroup {
    public let place: RankPlace
    let processes: ProcessGroup
    private let watch: RankWatch

    init(_ place: RankPlace, _ processes: ProcessGroup, _ watch: RankWatch) {
        self.place = place
        self.processes = processes
        self.watch = watch
    }

    /// This process's part of a batch.
    func part(of batch: Int) -> BatchPart { BatchPart(of: batch, rank: place.rank, processes: place.count) }

    /// Rank 0's number.
    func broadcast(_ number: Double) throws -> Double {
        let tensor = try Tensor([number], shape: [1])
        try processes.broadcast([tensor])
        return try tensor.item()
    }

    /// Rank 0's text; the others' is not used.
    func broadcast(_ text: String) throws -> String { try processes.gathered(place.rank == 0 ? text : "")[0] }

    /// Waits for the other processes at the end of the job.
    public func leave() throws {
        try processes.barrier()
        watch.end()
    }

    /// The reason for an error that ended the job here: the loss or failure of another process, if that is what
    /// happened. Otherwise the error itself, which the other processes then learn.
    public func explained(_ error: any Error) -> any Error {
        if error is TorchError, let failure = watch.failureElsewhere() { return failure }
        if !(error is RankFailure) { watch.publish(visibleLines(of: error)) }
        return error
    }
}

extension RankGroup? {
    /// Whether this process writes the files and reports: rank 0, or a process alone.
    var lead: Bool { self.map { $0.place.rank == 0 } ?? true }

    /// All photographs that cannot be used, in the given order; processes share the work.
    func broken(among photographs: [PhotographFile]) throws -> [(id: String, words: String)] {
        guard let ranks = self else {
            return try PhotographCheck.broken(among: photographs).map { ($0.photograph.id, $0.description) }
        }
        let own = BatchPart(of: photographs.count, rank: ranks.place.rank, processes: ranks.place.count).rows
        let found = try PhotographCheck.broken(among: Array(photographs[own])).map {
            [$0.photograph.id, $0.description]
        }
        return try ranks.processes.gathered(JSONValue(encoding: found).canonicalText).flatMap { text in
            try JSONValue(parsing: Data(text.utf8)).decoded(as: [[String]].self).map { ($0[0], $0[1]) }
        }
    }
}

/// Publishes signs of life of this process, and watches those of the others.
final class RankWatch: Sendable {
    private struct State {
        /// The last sign of life of each rank, and when it came.
        var signs: [(text: String?, seen: ContinuousClock.Instant)]
        /// When the store last responded.
        var responded = ContinuousClock.now
        var isEnded = false
    }

    private let store: SharedStore
    private let place: RankPlace
    private let state: Mutex<State>

    /// The time between signs, seconds.
    private static let interval = 0.5
    /// After an operation failed, a rank without a sign for this long is the cause, seconds.
    private static let suspicion = 3.0

    init(_ store: SharedStore, _ place: RankPlace, lost: @escaping @Sendable (RankFailure) -> Void) {
        self.store = store
        self.place = place
        state = Mutex(State(signs: Array(repeating: (nil, .now), count: place.count)))
        Thread.detachNewThread { [self] in
            var number = 0
            while !isEnded {
                number += 1
                if let failure = exchanged(number), !isEnded { return lost(failure) }
                Thread.sleep(forTimeInterval: Self.interval)
            }
        }
    }

    func end() { state.withLock { $0.isEnded = true } }

    private var isEnded: Bool { state.withLock { $0.isEnded } }

    /// Exchanges signs of life, and returns the reason to stop, if there is one.
    private func exchanged(_ number: Int) -> RankFailure? {
        do {
            try exchange(number)
            return state.withLock { silent(for: place.patience, $0) }
        } catch {
            // At once, as when the store's host is dead, or after the store's time, as when its network is.
            let isOver = state.withLock { $0.responded.elapsedSeconds > Self.suspicion }
            return isOver ? .runGone(reason: (error as? TorchError)?.message ?? "\(error)") : nil
        }
    }

    private func exchange(_ number: Int) throws {
        try store.set("alive \(place.rank)", to: "\(number)")
        for rank in 0..<place.count {
            let text = try store.value(of: "alive \(rank)")
            state.withLock { if $0.signs[rank].text != text { $0.signs[rank] = (text, .now) } }
        }
        state.withLock { $0.responded = .now }
    }

    /// The rank that has been silent for longest, if that is more than `seconds`.
    private func silent(for seconds: Double, _ state: State) -> RankFailure? {
        let others = state.signs.indices.filter { $0 != place.rank }
        guard let rank = others.min(by: { state.signs[$0].seen < state.signs[$1].seen }) else { return nil }
        let silence = state.signs[rank].seen.elapsedSeconds
        return silence > seconds ? .lost(rank: rank, count: place.count, seconds: silence) : nil
    }

    /// Gives the reason why this process ends to the others.
    func publish(_ reason: String) { try? store.set("failed \(place.rank)", to: reason) }

    /// The failure of another process, within the time in which a dead one is noticed.
    func failureElsewhere() -> RankFailure? {
        let start = ContinuousClock.now
        while start.elapsedSeconds < 2 * Self.suspicion {
            for rank in 0..<place.count where rank != place.rank {
                if let reason = try? store.value(of: "failed \(rank)") {
                    return .stopped(rank: rank, count: place.count, reason: reason)
                }
            }
            if let failure = state.withLock({ silent(for: Self.suspicion, $0) }) { return failure }
            Thread.sleep(forTimeInterval: 0.1)
        }
        return nil
    }
}
