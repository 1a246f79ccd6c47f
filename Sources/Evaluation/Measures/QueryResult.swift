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

/// One query with how it went: a row of `queries.csv`.
public struct QueryRow: Sendable, Equatable {
    public let scenario: String
    public let id: String
    public let imageID: String
    public let whaleID: String
    public let viewpoint: String
    /// Photographs of the animal in the database.
    public let relevant: Int
    public let averagePrecision: Double
    /// Before query extension.
    public let averagePrecisionBefore: Double?
    /// From 1; nil where none of the returned photographs is right.
    public let firstHitRank: Int?
    /// Empty where nobody has diagnosed it.
    public let cause: String

    /// Describes a query by its ranking before and after query extension.
    public init(_ result: QueryResult, before: QueryResult?, viewpoint: String, cause: String = "") {
        scenario = result.scenario
        id = result.queryID
        imageID = result.imageID
        whaleID = result.whaleID
        self.viewpoint = viewpoint
        relevant = result.relevant
        averagePrecision = result.averagePrecision()
        averagePrecisionBefore = before?.averagePrecision()
        firstHitRank = result.firstHitRank
        self.cause = cause
    }

    /// Describes a query by what is known of it.
    public init(
        scenario: String, id: String, imageID: String, whaleID: String, viewpoint: String, relevant: Int,
        averagePrecision: Double, averagePrecisionBefore: Double?, firstHitRank: Int?, cause: String
    ) {
        self.scenario = scenario
        self.id = id
        self.imageID = imageID
        self.whaleID = whaleID
        self.viewpoint = viewpoint
        self.relevant = relevant
        self.averagePrecision = averagePrecision
        self.averagePrecisionBefore = averagePrecisionBefore
        self.firstHitRank = firstHitRank
        self.cause = cause
    }
}

extension QueryRow {
    /// Whether the query went worse: ties go by the rank of the first right photograph, then by name.
    public func wentWorse(than other: QueryRow) -> Bool {
        (averagePrecision, -(firstHitRank ?? .max), id)
            < (other.averagePrecision, -(other.firstHitRank ?? .max), other.id)
    }
}

extension [QueryRow] {
    /// The queries that have an answer, those that went worst first; among those that went equally badly the scenarios
    /// take turns, or one of them would fill the page.
    public var worstFirst: [QueryRow] {
        var counts: [String: Int] = [:]
        let ordered = filter { $0.relevant > 0 }.sorted { $0.wentWorse(than: $1) }
        let turns = ordered.map { query in
            let key = "\(query.averagePrecision) \(query.firstHitRank ?? 0) \(query.scenario)"
            counts[key, default: 0] += 1
            return (turn: counts[key] ?? 0, query: query)
        }
        return turns.enumerated().sorted { first, second in
            let (a, b) = (first.element, second.element)
            return (a.query.averagePrecision, -(a.query.firstHitRank ?? .max), a.turn, first.offset)
                < (b.query.averagePrecision, -(b.query.firstHitRank ?? .max), b.turn, second.offset)
        }.map(\.element.query)
    }

    /// The queries that have an answer, those that went worst first, of each photograph only the one that went worst.
    public var worstPhotographsFirst: [QueryRow] {
        var seen: Set<String> = []
        return worstFirst.filter { seen.insert($0.imageID).inserted }
    }
}
