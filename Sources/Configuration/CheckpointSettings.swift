/// What training keeps so that it can go on after an interruption: the section `train.checkpoints`.
///
/// It changes no result, so it is not part of ``TrainSettings``.
public struct CheckpointSettings: Sendable, Codable, Equatable {
    /// Minutes between checkpoints within an epoch; 0 for those at the end of epochs alone.
    public var minutes: Double
    /// How many stay; more than one, so that a damaged one is no loss.
    public var kept: Int

    /// Creates settings.
    public init(minutes: Double = 10, kept: Int = 2) {
        self.minutes = minutes
        self.kept = kept
    }
}
