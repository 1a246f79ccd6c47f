/// One query asked across views, plainly and by the bridge: a row of `bridge.csv`.
public struct BridgeRow: Sendable, Equatable {
    /// The views of the query and of the database photographs that it is asked of.
    public enum Direction: String, Sendable, CaseIterable, CodingKey {
        case topLateral = "top-lateral"
        case lateralTop = "lateral-top"
    }

    public let direction: Direction
    public let scenario: String
    public let queryID: String
    public let imageID: String
    public let whaleID: String
    /// The ranks of all right answers among the database photographs of the other view, from 1, by the plain cosine.
    public let plain: [Int]
    /// The same by the bridge.
    public let bridged: [Int]

    /// Creates a row.
    ///
    /// - Parameters:
    ///   - plain: At least one rank.
    ///   - bridged: As many.
    public init(
        direction: Direction, scenario: String, queryID: String, imageID: String, whaleID: String, plain: [Int],
        bridged: [Int]
    ) {
        self.direction = direction
        self.scenario = scenario
        self.queryID = queryID
        self.imageID = imageID
        self.whaleID = whaleID
        self.plain = plain.sorted()
        self.bridged = bridged.sorted()
    }

    /// The average precision of the first 20 answers by the plain cosine.
    public var plainPrecision: Double { precision(plain) }
    /// The same by the bridge.
    public var bridgedPrecision: Double { precision(bridged) }

    private func precision(_ ranks: [Int]) -> Double {
        QueryResult(
            scenario: scenario, queryID: queryID, imageID: imageID, whaleID: whaleID, relevant: ranks.count, answers: []
        ).asked(ofPartWith: ranks).averagePrecision()
    }
}
