import Catalog
import Evaluation

extension CauseFinder {
    /// Collects what the causes of misses are told by from the results of a run.
    ///
    /// - Parameter results: Of the final ranking, query by query.
    init(
        _ results: [QueryResult], ranking: Rankings, scenarios: [Scenario], catalog: Catalog, split: Split,
        suspects: [IdentitySuspect]
    ) {
        let answers = Dictionary(ranking.queries.map { ($0.id, $0.answers.map(\.imageID)) }) { first, _ in first }
        let names = Dictionary(split.rows.map { ($0.imageID, $0.whaleID) }) { first, _ in first }
        self.init(
            queries: results.map { Query($0, answers: answers[$0.queryID] ?? []) },
            photographs: catalog.photographs.map {
                NamedPhotograph(
                    id: $0.id, whaleID: names[$0.id] ?? "", encounterID: $0.encounterID,
                    viewpoint: $0.viewpoint.rawValue)
            },
            databases: Dictionary(scenarios.map { ($0.id, $0.database) }) { first, _ in first },
            training: Set(split.images(.train)),
            quality: Dictionary(
                catalog.photographs.map { photograph in
                    let side = photograph.sides.map { Double(min($0.width, $0.height)) }
                    return (photograph.id, PhotographQuality(side: side))
                }, uniquingKeysWith: { first, _ in first }),
            hashes: [:], hashLimit: Duplicates.limit, suspects: suspects)
    }
}
