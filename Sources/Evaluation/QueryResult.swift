/// The answers to one query, the most similar first, and what they are worth.
public struct QueryResult: Sendable, Equatable {
    public let scenario: String
    public let queryID: String
    public let imageID: String
    public let whaleID: String
    /// Right answers in the whole database, the query's own photograph left out.
    public let relevant: Int
    /// By rank.
    public let answers: [AveragePrecision.Row]

    /// Describes a ranking.
    public init(
        scenario: String, queryID: String, imageID: String, whaleID: String, relevant: Int,
        answers: [AveragePrecision.Row]
    ) {
        self.scenario = scenario
        self.queryID = queryID
        self.imageID = imageID
        self.whaleID = whaleID
        self.relevant = relevant
        self.answers = answers
    }

    /// Whether the database has a right answer at all. The official labels hold no other queries.
    public var isAnswerable: Bool { relevant > 0 }

    /// Average precision of the first `count` answers; 0 where no right answer exists.
    public func averagePrecision(at count: Int = AveragePrecision.limit) -> Double {
        guard isAnswerable else { return 0 }
        return AveragePrecision.official(Array(answers.prefix(count)), relevant: relevant, limit: count)
    }

    /// The rank of the first right answer, from 1; nil where none was returned.
    public var firstHitRank: Int? { answers.firstIndex { $0.isRelevant }.map { $0 + 1 } }
}
