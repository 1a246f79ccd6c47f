/// The first match of a query, with the matched marks that agree: a row of `first-matches.csv`.
public struct FirstMatch: Sendable, Equatable {
    public let scenario: String
    public let queryID: String
    /// The database photograph.
    public let imageID: String
    /// The matches that one map explains, as ``MarkAgreement`` counts them.
    public let agreeing: Int
    /// Nil if an animal is not known.
    public let isCorrect: Bool?

    /// Creates a row.
    public init(scenario: String, queryID: String, imageID: String, agreeing: Int, isCorrect: Bool?) {
        self.scenario = scenario
        self.queryID = queryID
        self.imageID = imageID
        self.agreeing = agreeing
        self.isCorrect = isCorrect
    }
}
