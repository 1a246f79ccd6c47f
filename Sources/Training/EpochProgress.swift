/// Where a training stands within an epoch.
struct EpochProgress: Codable, Equatable {
    /// From 1.
    let epoch: Int
    /// Steps done of it.
    var steps = 0
    /// The sum of their losses.
    var lossSum = 0.0
    /// What they took.
    var seconds = 0.0
    /// The part of ``seconds`` in which the network waited for photographs.
    var secondsWaited = 0.0

    /// The mean loss of the steps so far.
    var meanLoss: Double { lossSum / Double(max(1, steps)) }
}
