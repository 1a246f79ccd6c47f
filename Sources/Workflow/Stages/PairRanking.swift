import Algorithms
import Basics
import Catalog
import Evaluation
import Marks
import Results
import Retrieval

/// The cosines of a scenario's pairs.
struct ScenarioCosines {
    /// The queries and the database, after the steps of query extension.
    let set: RetrievalSet

    /// - Throws: ``RetrievalError``; ``FileError`` for a photograph without an embedding.
    init(_ scenario: Scenario, _ rows: EmbeddingRows, steps: [ExpansionStep] = []) throws {
        let pairs = PhotographPairs(scenario)
        set = try RetrievalSet(
            queries: rows.matrix(of: pairs.queries), database: rows.matrix(of: pairs.database), ownRows: pairs.own
        ).applying(steps)
    }

    /// For each query of a range its cosine with every database photograph; its own photograph has 0.
    func rows(_ range: Range<Int>) throws -> [[Double]] {
        let part = try RetrievalSet(
            queries: set.queries.selecting(rows: range), database: set.database,
            ownRows: range.map { set.ownRows[$0] })
        return try part.neighbours(count: max(set.database.rows, 1)).map { neighbours in
            var row = Array(repeating: 0.0, count: set.database.rows)
            for neighbour in neighbours { row[neighbour.row] = Double(neighbour.score) }
            return row
        }
    }
}

extension AskedCatalog {
    /// The queries whose scores with a whole database are in memory at once.
    private static let block = 64

    /// Ranks all scenarios by any scores of their pairs: the photographs returned, and the ranks of the right ones in
    /// the whole database. Equal scores are in database order; a query's own photograph is left out.
    ///
    /// `scores` prepares a scenario; what it returns has, for each query of a range, the score of every database
    /// photograph.
    func rankings(
        count: Int, progress: (RunProgress) -> Void,
        scores: (Scenario) throws -> (Range<Int>) throws -> [[Float]]
    ) throws -> (Rankings, RightRanks) {
        var queries: [Rankings.Query] = []
        var ranks: [RightRanks.Row] = []
        for (position, scenario) in scenarios.enumerated() {
            progress(RunProgress(done: position, total: scenarios.count, unit: "scenarios"))
            let own = PhotographPairs(scenario).own
            let score = try scores(scenario)
            for range in scenario.queries.indices.chunks(ofCount: Self.block) {
                try Task.checkCancellation()
                for (number, scores) in zip(range, try score(range)) {
                    let order = scores.indices.filter { $0 != own[number] }
                        .sorted { (scores[$1], $0) < (scores[$0], $1) }
                    let query = scenario.queries[number]
                    queries.append(
                        .init(
                            query, of: scenario, found: order.prefix(count).map { ($0, scores[$0]) }, whales: whales))
                    ranks += rightRanks(query, of: scenario, order)
                }
            }
        }
        progress(RunProgress(done: scenarios.count, total: scenarios.count, unit: "scenarios"))
        return (Rankings(queries: queries), RightRanks(rows: ranks))
    }

    private func rightRanks(_ query: Scenario.Query, of scenario: Scenario, _ order: [Int]) -> [RightRanks.Row] {
        guard let whale = whales[query.imageID] else { return [] }
        var seen: [Viewpoint: Int] = [:]
        var rows: [RightRanks.Row] = []
        for (position, place) in order.enumerated() {
            let id = scenario.database[place]
            let view = catalog[id]?.viewpoint ?? .unknown
            seen[view, default: 0] += 1
            guard whales[id] == whale else { continue }
            rows.append(
                RightRanks.Row(
                    scenario: scenario.id, queryID: query.id, imageID: id, rank: position + 1,
                    rankInView: seen[view] ?? 1))
        }
        return rows
    }
}
