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
    /// The rank of every right answer in the whole database, ascending; nil where only ``answers`` are known.
    public let ranks: [Int]?

    /// Describes a ranking.
    public init(
        scenario: String, queryID: String, imageID: String, whaleID: String, relevant: Int,
        answers: [AveragePrecision.Row], ranks: [Int]? = nil
    ) {
        self.scenario = scenario
        self.queryID = queryID
        self.imageID = imageID
        self.whaleID = whaleID
        self.relevant = relevant
        self.answers = answers
        self.ranks = ranks
    }

    /// The same query asked of a part of the database, in which its right answers have the given ranks.
    ///
    /// - Parameter ranks: Of every right answer in that part, from 1, in any order; none of them twice.
    public func asked(ofPartWith ranks: [Int]) -> QueryResult {
        let right = Set(ranks)
        let answers = (1...AveragePrecision.limit).map { rank in
            AveragePrecision.Row(score: Double(-rank), isRelevant: right.contains(rank))
        }
        return QueryResult(
            scenario: scenario, queryID: queryID, imageID: imageID, whaleID: whaleID, relevant: ranks.count,
            answers: answers, ranks: ranks.sorted())
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

    /// The share of the right answers that stand within the first R, R the number there are of them; nil without
    /// ``ranks`` or where there is no right answer.
    public var rPrecision: Double? {
        guard let ranks, isAnswerable else { return nil }
        return Double(ranks.count { $0 <= relevant }) / Double(relevant)
    }

    /// The number of right answers divided by the rank of the last of them; nil without ``ranks`` or where there is no
    /// right answer.
    ///
    /// Source: Ye et al., TPAMI 2021 (inverse negative penalty).
    public var inversePenalty: Double? {
        guard let last = ranks?.last, isAnswerable else { return nil }
        return Double(relevant) / Double(last)
    }
}
