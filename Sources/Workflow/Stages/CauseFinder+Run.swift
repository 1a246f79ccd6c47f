import Catalog
import Evaluation
import Results

extension CauseFinder {
    /// Collects what the causes of misses are told by from the results of a run.
    ///
    /// - Parameters:
    ///   - results: Of the final ranking, query by query.
    ///   - splits: Of every fold that a model of the ranking was trained on.
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
