import Catalog
import Evaluation
import Results
import Retrieval

extension CauseFinder {
    /// Collects from a run's results what determines the causes of misses.
    ///
    /// `results` are those of the final ranking, query by query; `splits` are those of all folds on which a model of
    /// the ranking was trained.
    init(
        _ results: [QueryResult], ranking: Rankings, scenarios: [Scenario], catalog: Catalog, splits: [Split],
        measures: [MeasuredPhotograph], suspects: [IdentitySuspect]
    ) {
        let answers = Dictionary(ranking.queries.map { ($0.id, $0.answers.map(\.imageID)) }) { first, _ in first }
        let names = Dictionary(splits[0].rows.map { ($0.imageID, $0.whaleID) }) { first, _ in first }
        self.init(
            queries: results.map { Query($0, answers: answers[$0.queryID] ?? []) },
            photographs: catalog.photographs.map {
                NamedPhotograph(
                    id: $0.id, whaleID: names[$0.id] ?? "", encounterID: $0.encounterID,
                    viewpoint: $0.viewpoint.rawValue)
            },
            databases: Dictionary(scenarios.map { ($0.id, $0.database) }) { first, _ in first },
            training: Set(splits.flatMap { $0.images(.train) }),
            quality: measures.quality, hashes: measures.perceptualHashes, hashLimit: Duplicates.limit,
            suspects: suspects)
    }
}

extension RightRanks {
    /// Ranks the right matches of one scenario in its whole database, and among the photographs of their own view.
    ///
    /// `set` has the scenario's queries and database, query extension applied; without a re-ranking, similarity ranks
    /// them. `whales` has the animal of each photograph, if it is known, and `views` the view.
    ///
    /// - Complexity: That of two searches of the database; re-ranking needs memory for each query's whole ranking.
    static func rows(
        of scenario: Scenario, in set: RetrievalSet, by reRanking: ReRanking? = nil, whales: [String: String],
        views: [String: Viewpoint]
    ) throws -> [Row] {
        let database = scenario.database
        let byWhale = Dictionary(grouping: database.indices.filter { whales[database[$0]] != nil }) {
            whales[database[$0]] ?? ""
        }
        let right = scenario.queries.enumerated().map { number, query in
            (whales[query.imageID].flatMap { byWhale[$0] } ?? []).filter { $0 != set.ownRows[number] }
        }
        let kinds = database.map { views[$0] ?? .unknown }
        let (ranks, inView) =
            try reRanking.map { try Self.places(of: right, in: set, by: $0, kinds: kinds) }
            ?? (set.ranks(of: right), Self.placesInView(of: right, in: set, kinds: kinds))
        return scenario.queries.enumerated().flatMap { number, query in
            right[number].indices.map { place in
                Row(
                    scenario: scenario.id, queryID: query.id, imageID: database[right[number][place]],
                    rank: ranks[number][place], rankInView: inView[number][place])
            }.sorted { $0.rank < $1.rank }
        }
    }

    /// The ranks of rows among those of their own kind, by similarity.
    private static func placesInView(of wanted: [[Int]], in set: RetrievalSet, kinds: [Viewpoint]) throws -> [[Int]] {
        var result = wanted.map { Array(repeating: 0, count: $0.count) }
        for members in Dictionary(grouping: kinds.indices, by: { kinds[$0] }).values {
            let position = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1, $0) })
            let part = try RetrievalSet(
                queries: set.queries, database: set.database.selecting(rows: members),
                ownRows: set.ownRows.map { $0.flatMap { position[$0] } })
            let picks = wanted.map { rows in rows.indices.filter { position[rows[$0]] != nil } }
            let own = zip(wanted, picks).map { rows, picks in picks.compactMap { position[rows[$0]] } }
            for (query, found) in try part.ranks(of: own).enumerated() {
                for (pick, rank) in zip(picks[query], found) { result[query][pick] = rank }
            }
        }
        return result
    }

    /// The ranks of rows in a ranking of the whole database, and among those of their own kind.
    private static func places(
        of wanted: [[Int]], in set: RetrievalSet, by reRanking: ReRanking, kinds: [Viewpoint]
    ) throws -> (all: [[Int]], own: [[Int]]) {
        let rankings = try set.neighbours(count: max(kinds.count, 1), by: SearchPlan(reRanking: reRanking))
        var (all, own): ([[Int]], [[Int]]) = ([], [])
        for (rows, ranking) in zip(wanted, rankings) {
            var ranks: [Int: (all: Int, own: Int)] = [:]
            var counts: [Viewpoint: Int] = [:]
            for (place, neighbour) in ranking.enumerated() {
                counts[kinds[neighbour.row], default: 0] += 1
                ranks[neighbour.row] = (place + 1, counts[kinds[neighbour.row]] ?? 0)
            }
            all.append(rows.map { ranks[$0]?.all ?? kinds.count })
            own.append(rows.map { ranks[$0]?.own ?? kinds.count })
        }
        return (all, own)
    }
}
