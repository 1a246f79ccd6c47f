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

extension [FirstMatch] {
    /// What a good match usually looks like: the correct one with the median number of agreeing marks, the smaller of
    /// two, and the first of equals; nil if no correct one has marks that agree.
    public var typical: FirstMatch? {
        let correct = enumerated().filter { $0.element.isCorrect == true }
            .sorted { ($0.element.agreeing, $0.offset) < ($1.element.agreeing, $1.offset) }.map(\.element)
        guard !correct.isEmpty else { return nil }
        let median = correct[(correct.count - 1) / 2].agreeing
        return median > 0 ? correct.first { $0.agreeing == median } : nil
    }
}
