import Basics
import Foundation
import Torch

/// How long this process takes for its part of a batch, without the time in which it waits for the others; together the
/// processes' times show a slow one, which all others wait for.
final class RankPace {
    private let ranks: RankGroup
    /// The times of this process so far, seconds.
    private var seconds: [Double] = []
    private var start: (time: ContinuousClock.Instant, operations: Double)?
    /// The rank that was last reported as slow.
    private var reported: Int?

    /// A rank that takes so many times as long as the fastest is slow.
    static let limit = 1.5
    /// Fewer times say little: the first have one-off costs.
    private static let leastCount = 4

    init(_ ranks: RankGroup) { self.ranks = ranks }

    /// Begins the part of a batch.
    func begin() { start = (.now, ranks.processes.secondsInOperations) }

    /// Ends the part of a batch.
    func end() {
        guard let start else { return }
        seconds.append(start.time.elapsedSeconds - (ranks.processes.secondsInOperations - start.operations))
        self.start = nil
    }

    /// The median time of each rank, seconds; nil before every rank has enough times. All processes ask at the same
    /// place.
    func medians() throws -> [Double]? {
        let hasEnough = seconds.count >= Self.leastCount
        let own = hasEnough ? seconds.sorted()[seconds.count / 2] : .nan
        let all = try ranks.processes.gathered(Tensor([own], shape: [1])).doubles()
        return all.contains { $0.isNaN } ? nil : all
    }

    /// A sentence about the slowest rank, if it is slow and was not reported yet. All processes ask at the same place.
    func remark() throws -> String? {
        guard let medians = try medians() else { return nil }
        let hosts = try ranks.processes.gathered(HostName.own)
        guard let (rank, text) = Self.remark(medians, hosts: hosts), rank != reported else { return nil }
        reported = rank
        return text
    }

    /// The slowest rank and a sentence about it, if it is slow.
    static func remark(_ medians: [Double], hosts: [String]) -> (rank: Int, text: String)? {
        let order = medians.indices.sorted { (medians[$0], $0) < (medians[$1], $1) }
        guard let first = order.first, let last = order.last, medians[last] > limit * medians[first] else { return nil }
        let isOneHost = Set(hosts).count == 1
        func name(_ rank: Int) -> String { "rank \(rank)" + (isOneHost ? "" : " on \(hosts[rank])") }
        let text = String(
            format: "%@ takes %.1f times as long per batch as %@ (%.3g s against %.3g s), and the others wait for it",
            name(last), medians[last] / medians[first], name(first), medians[last], medians[first])
        return (last, text)
    }
}
