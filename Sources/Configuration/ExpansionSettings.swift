/// One entry of the section `expand`.
public struct ExpansionSettings: Sendable, Codable, Equatable {
    /// What is replaced by a mean with its neighbours, or what ranks in the end.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case alphaQE = "alpha-qe"
        case averageQE = "average-qe"
        case databaseAugmentation = "database-augmentation"
        case power
        case kReciprocal = "k-reciprocal"

        /// Whether it ranks, so that nothing can come after it.
        var ranks: Bool { self == .power || self == .kReciprocal }
    }
    public var kind: Kind
    public var neighbours: Int
    public var alpha: Double
    /// Of `power`.
    public var exponent: Double
    /// Of `k-reciprocal`, as are ``k2`` and ``lambda``.
    public var k1: Int
    public var k2: Int
    public var lambda: Double
}

/// The section `sweep`: every pair of both is measured.
public struct SweepSettings: Sendable, Codable, Equatable {
    public var neighbours: [Int]
    public var alpha: [Double]
}
