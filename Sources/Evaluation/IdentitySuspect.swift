/// Names that are likely wrong: two that are likely one animal, or one that is likely two; a row of `suspects.csv`.
///
/// A curator writes into the column `decision`; see ``Decision``.
public struct IdentitySuspect: Sendable, Equatable {
    /// What would mend it.
    public enum Kind: String, Sendable, CaseIterable {
        /// The two names become one.
        case merge
        /// Some photographs of the name get another.
        case split
    }

    /// What a curator says of it.
    public enum Decision: String, Sendable, CaseIterable {
        /// Nobody has looked.
        case undecided = ""
        /// It is as suspected.
        case accept
        /// The names are right.
        case reject
    }

    public let kind: Kind
    public let whaleID: String
    /// The other animal; of a split the name for the photographs that part.
    public let otherWhaleID: String
    /// The photographs that part; of a merge the two that are most alike.
    public let imageIDs: [String]
    /// From 0 to 1; the share of photographs that speak for it, in the part where they are fewer.
    public let score: Double
    /// What speaks for it, in words.
    public let evidence: String
    public let decision: Decision

    /// Describes a suspicion.
    public init(
        kind: Kind, whaleID: String, otherWhaleID: String, imageIDs: [String], score: Double, evidence: String,
        decision: Decision = .undecided
    ) {
        self.kind = kind
        self.whaleID = whaleID
        self.otherWhaleID = otherWhaleID
        self.imageIDs = imageIDs
        self.score = score
        self.evidence = evidence
        self.decision = decision
    }
}
