import Basics

/// Names that are likely wrong, by name and by photograph.
struct SuspectNames: Sendable {
    private let merges: [Set<String>: Double]
    private let parting: [String: IdentitySuspect]

    init(_ suspects: [IdentitySuspect]) {
        let open = suspects.filter { $0.decision != .reject }
        merges = Dictionary(
            open.filter { $0.kind == .merge }.map { ([$0.whaleID, $0.otherWhaleID], $0.score) }, uniquingKeysWith: max)
        parting = Dictionary(
            open.filter { $0.kind == .split }.flatMap { suspect in suspect.imageIDs.map { ($0, suspect) } }
        ) { first, _ in first }
    }

    func evidence(query: QueryResult, _ answer: String) -> String? {
        if let score = merges[[query.whaleID, answer]] {
            return "\(query.whaleID) and \(answer) are likely one animal (\(NumberText.fixed(score, 2)))"
        }
        return parting[query.imageID].map {
            "\(query.imageID) is likely not of \(query.whaleID) (\(NumberText.fixed($0.score, 2)))"
        }
    }
}

/// Which animals come first for queries of which other, though the database has the right one.
struct Confusions: Sendable {
    private struct Pair: Hashable { let asked, answered: String }

    /// How often one animal was taken for another, with the photographs of the first time.
    private struct Mistakes {
        var count = 0
        let query, answer: String
    }

    private let mistakes: [Pair: Mistakes]

    init(_ queries: [CauseFinder.Query], photographs: [String: NamedPhotograph]) {
        var mistakes: [Pair: Mistakes] = [:]
        // Without a right answer in the database every answer would do.
        for query in queries where query.isMiss && query.result.isAnswerable && !query.result.whaleID.isEmpty {
            guard let first = query.answers.first, let whale = photographs[first]?.whaleID else { continue }
            let pair = Pair(asked: query.result.whaleID, answered: whale)
            mistakes[pair, default: Mistakes(query: query.result.imageID, answer: first)].count += 1
        }
        self.mistakes = mistakes
    }

    func evidence(_ asked: String, _ answered: String) -> String? {
        guard let there = mistakes[Pair(asked: asked, answered: answered)]?.count,
            let back = mistakes[Pair(asked: answered, answered: asked)]?.count
        else { return nil }
        return "\(NumberText.counted(there, "query", "queries")) of \(asked) answered by \(answered), "
            + "\(back) of \(answered) by \(asked)"
    }

    /// The pairs of animals that are taken for each other, both ways, those most often first.
    var lookAlikes: [LookAlike] {
        mistakes.compactMap { pair, there -> LookAlike? in
            guard pair.asked < pair.answered, let back = mistakes[Pair(asked: pair.answered, answered: pair.asked)]
            else { return nil }
            return LookAlike(
                whaleID: pair.asked, otherWhaleID: pair.answered,
                there: .init(count: there.count, queryImageID: there.query, answerImageID: there.answer),
                back: .init(count: back.count, queryImageID: back.query, answerImageID: back.answer))
        }.sorted {
            (-$0.there.count - $0.back.count, $0.whaleID, $0.otherWhaleID)
                < (-$1.there.count - $1.back.count, $1.whaleID, $1.otherWhaleID)
        }
    }
}

/// Photographs that come up in many lists where they are wrong.
///
/// Source: Radovanović, Nanopoulos, Ivanović, JMLR 11, 2010 (bad k-occurrences).
struct Hubs: Sendable {
    /// How much of a list counts.
    static let depth = 10
    /// How many standard deviations above the mean a hub is.
    static let deviations = 3.0

    private struct Lists {
        let counts: [String: Int]
        let queries: Int
        let mean: Double
        let threshold: Double

        /// Once may always happen.
        func isHub(_ count: Int) -> Bool { count > 1 && Double(count) > threshold }
    }

    private let scenarios: [String: Lists]

    init(_ queries: [CauseFinder.Query], databases: [String: [String]]) {
        scenarios = Dictionary(grouping: queries, by: \.result.scenario).compactMapValues { own in
            guard let size = own.first.flatMap({ databases[$0.result.scenario]?.count }), size > 0 else { return nil }
            var counts: [String: Int] = [:]
            for query in own {
                for (id, row) in zip(query.answers, query.result.answers).prefix(Self.depth) where !row.isRelevant {
                    counts[id, default: 0] += 1
                }
            }
            // Photographs that never come up count as well.
            let values = counts.values.map(Double.init)
            let mean = values.reduce(0, +) / Double(size)
            let square = values.reduce(0) { $0 + $1 * $1 } / Double(size)
            let deviation = max(square - mean * mean, 0).squareRoot()
            return Lists(
                counts: counts, queries: own.count, mean: mean, threshold: mean + Self.deviations * deviation)
        }
    }

    func evidence(_ id: String, in scenario: String) -> String? {
        guard let lists = scenarios[scenario], let count = lists.counts[id], lists.isHub(count) else { return nil }
        return "\(id) is wrong among the first \(Self.depth) of \(count) of \(lists.queries) queries, a photograph on "
            + "average of \(NumberText.fixed(lists.mean, 1))"
    }

    /// All of them, those that are wrong most often first.
    var photographs: [HubPhotograph] {
        scenarios.flatMap { scenario, lists in
            lists.counts.filter { lists.isHub($0.value) }.map { id, count in
                HubPhotograph(
                    imageID: id, scenario: scenario, wrong: count, queries: lists.queries, mean: lists.mean)
            }
        }.sorted { (-$0.wrong, $0.imageID, $0.scenario) < (-$1.wrong, $1.imageID, $1.scenario) }
    }
}
