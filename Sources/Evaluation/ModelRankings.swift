/// The rankings by one model of an ensemble alone.
public struct ModelRankings: Sendable, Equatable {
    public let member: String
    /// The fold that it was trained on.
    public let fold: Int
    /// Its share in the ensemble's similarity.
    public let weight: Double
    public let rankings: Rankings

    /// Names rankings.
    public init(member: String, fold: Int, weight: Double, rankings: Rankings) {
        self.member = member
        self.fold = fold
        self.weight = weight
        self.rankings = rankings
    }
}
