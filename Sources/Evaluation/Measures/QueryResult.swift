import Algorithms

/// The matches of one query, most similar first, and their measures.
public struct QueryResult: Sendable, Equatable {
    public let scenario: String
    public let queryID: String
    public let imageID: String
    public let whaleID: String
    /// Right photographs in the whole database, without the query's own.
    public let relevant: Int
    /// By rank.
    public let answers: [AveragePrecision.Row]
    /// The rank of every right photograph in the whole database, ascending; nil if only ``answers`` are known.
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

    /// The same query against a part of the database, where its right photographs have these ranks: one for each, from
    /// 1, in any order, without repeats.
    public func asked(ofPartWith ranks: [Int]) -> QueryResult {
        let right = Set(ranks)
        let answers = (1...AveragePrecision.limit).map { rank in
            AveragePrecision.Row(score: Double(-rank), isRelevant: right.contains(rank))
        }
        return QueryResult(
            scenario: scenario, queryID: queryID, imageID: imageID, whaleID: whaleID, relevant: ranks.count,
            answers: answers, ranks: ranks.sorted())
    }

    /// The same query, with some right photographs left out of the database; `right` has all of them, with their ranks
    /// there.
    ///
    /// - Complexity: O(n log n) for n right photographs.
    public func leavingOut(_ isLeftOut: (_ imageID: String) -> Bool, of right: [RightRanks.Row]) -> QueryResult {
        let sorted = right.sorted { $0.rank < $1.rank }
        guard sorted.contains(where: { isLeftOut($0.imageID) }) else { return self }
        var removed = 0
        return asked(
            ofPartWith: sorted.compactMap { row in
                guard isLeftOut(row.imageID) else { return row.rank - removed }
                removed += 1
                return nil
            })
    }

    /// Whether the database has a right photograph. The official labels have no other queries.
    public var isAnswerable: Bool { relevant > 0 }

    /// Average precision of the first `count` matches; 0 if there is no right photograph.
    public func averagePrecision(at count: Int = AveragePrecision.limit) -> Double {
        guard isAnswerable else { return 0 }
        return AveragePrecision.official(Array(answers.prefix(count)), relevant: relevant, limit: count)
    }

    /// The rank of the first right match, from 1; nil if none was returned.
    public var firstHitRank: Int? { answers.firstIndex { $0.isRelevant }.map { $0 + 1 } }

    /// The share of right photographs within the first R ranks, where R is their number; nil without ``ranks`` or
    /// without a right photograph.
    public var rPrecision: Double? {
        guard let ranks, isAnswerable else { return nil }
        return Double(ranks.count { $0 <= relevant }) / Double(relevant)
    }

    /// The number of right photographs divided by the rank of the last of them; nil without ``ranks`` or without a
    /// right photograph.
    ///
    /// Source: Ye et al., TPAMI 2021 (inverse negative penalty).
    public var inversePenalty: Double? {
        guard let last = ranks?.last, isAnswerable else { return nil }
        return Double(relevant) / Double(last)
    }
}

/// One query with its result: a row of `queries.csv`.
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
    /// From 1; nil if none of the returned photographs is right.
    public let firstHitRank: Int?
    /// Empty without a diagnosis.
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

    /// Describes a query by its columns.
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
    /// Whether the query went worse; ties are broken by the rank of the first right match, then by name.
    public func wentWorse(than other: QueryRow) -> Bool {
        (averagePrecision, -(firstHitRank ?? .max), id)
            < (other.averagePrecision, -(other.firstHitRank ?? .max), other.id)
    }
}

extension [QueryRow] {
    /// The answerable queries, worst first: each animal's worst query, then all others.
    ///
    /// Of equally bad queries, the one whose first right photograph lies deeper in the database is worse; `ranks` has the
    /// right photographs of each query.
    public func worstFirst(_ ranks: [String: [RightRanks.Row]]) -> [QueryRow] {
        let ordered = filter { $0.relevant > 0 }.map { (query: $0, depth: $0.depth(ranks)) }.sorted {
            ($0.query.averagePrecision, -$0.depth, $0.query.id) < ($1.query.averagePrecision, -$1.depth, $1.query.id)
        }
        return Self.byAnimal(ordered.map(\.query))
    }

    /// The missed queries, typical ones first: those whose first right photograph is nearest the median miss's in rank, and
    /// of these, those of the animals with the most misses. Each animal has one before all others follow.
    public func typicalFirst(_ ranks: [String: [RightRanks.Row]]) -> [QueryRow] {
        let misses = filter { $0.relevant > 0 && $0.firstHitRank != 1 }.map { (query: $0, depth: $0.depth(ranks)) }
        guard !misses.isEmpty else { return [] }
        let median = misses.map(\.depth).sorted()[misses.count / 2]
        let counts = Dictionary(grouping: misses, by: \.query.whaleID).mapValues(\.count)
        func place(_ miss: (query: QueryRow, depth: Int)) -> (Double, Int, String) {
            (abs(Double(miss.depth) - Double(median)), -(counts[miss.query.whaleID] ?? 0), miss.query.id)
        }
        return Self.byAnimal(misses.sorted { place($0) < place($1) }.map(\.query))
    }

    /// The first query of each animal, then all others.
    private static func byAnimal(_ ordered: [QueryRow]) -> [QueryRow] {
        let first = ordered.uniqued(on: \.whaleID)
        let ids = Set(first.map(\.id))
        return first + ordered.filter { !ids.contains($0.id) }
    }
}

extension QueryRow {
    /// The rank of the first right photograph in the whole database.
    fileprivate func depth(_ ranks: [String: [RightRanks.Row]]) -> Int {
        firstHitRank ?? ranks[id]?.lazy.map(\.rank).min() ?? .max
    }
}
