/// How a backbone's maps become one vector.
public struct PoolingSettings: Sendable, Codable, Equatable {
    /// What is pooled, and how.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// The last map's generalised mean.
        case gem
        /// The last map's mean.
        case average
        /// The generalised means of the last two stages' maps, one after the other.
        case twoStageGeM = "two-stage-gem"
        /// Deep orthogonal fusion of local and global features.
        case dolg
    }

    /// What DOLG's projection is divided by: the squared length of the global vector, or its length.
    public enum Projection: String, Sendable, Codable, CaseIterable {
        case paper
        case writeUp = "write-up"
    }

    public var kind: Kind
    /// The exponent of generalised means.
    public var p: Double
    /// Whether the exponent learns, from `p` on.
    public var learned: Bool
    /// DOLG's dilations, each a branch.
    public var dilations: [Int]
    public var projection: Projection
}
