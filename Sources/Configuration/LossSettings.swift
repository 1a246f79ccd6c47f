/// What training minimises.
public struct LossSettings: Sendable, Codable, Equatable {
    /// Whether hard photographs count more.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case focal
        case crossEntropy = "cross-entropy"
    }

    /// Whether focal weighs each sample, as the paper does, or the batch's mean, as the write-up's code did.
    public enum Reduction: String, Sendable, Codable, CaseIterable { case sample, batch }

    /// Whether every photograph counts alike, or every animal.
    public enum ClassWeights: String, Sendable, Codable, CaseIterable { case none, balanced }

    public var kind: Kind
    public var gamma: Double
    public var reduction: Reduction
    public var smoothing: Double
    public var classWeights: ClassWeights

    enum CodingKeys: String, CodingKey {
        case kind, gamma, reduction, smoothing
        case classWeights = "class-weights"
    }
}
