import Basics
import Catalog
import Evaluation
import Imaging
import Retrieval

/// How well the network finds animals again while it is trained: each validation photograph is a query, and all
/// labelled photographs of training and validation are its database, less those of its own encounter.
struct Validation {
    let catalog: Catalog
    let queries: [PhotographFile]
    /// The training photographs.
    let others: [PhotographFile]

    /// Embedding everything takes about a quarter of an epoch's time, so a long training is measured ten times in all.
    static func isDue(epoch: Int, of epochs: Int) -> Bool {
        epoch == epochs || epoch % max(1, epochs / 10) == 0
    }

    /// mAP@20; nil where no query has a right answer.
    func map(by embedder: Embedder) throws -> Double? {
        guard !queries.isEmpty else { return nil }
        let database = queries + others
        let embeddings = EmbeddingMatrix(try embedder.rows(of: database))
        let photographs = database.compactMap { catalog[$0.id] }
        let encounters = Dictionary(grouping: photographs.compactMap(\.encounterID)) { $0 }.mapValues(\.count)
        let depth = AveragePrecision.limit + (encounters.values.max() ?? 1)
        let set = try RetrievalSet(
            queries: embeddings.selecting(rows: queries.indices), database: embeddings,
            ownRows: Array(queries.indices))
        let results = zip(queries.indices, try set.neighbours(count: depth)).map { row, neighbours in
            let query = photographs[row]
            func isAnswer(_ photograph: Photograph) -> Bool {
                photograph.whaleID == query.whaleID && !photograph.sharesEncounter(with: query)
            }
            let allowed = neighbours.filter { !photographs[$0.row].sharesEncounter(with: query) }
            return QueryResult(
                scenario: "validation", queryID: query.id, imageID: query.id, whaleID: query.whaleID ?? "",
                relevant: photographs.count(where: isAnswer),
                answers: allowed.prefix(AveragePrecision.limit).map {
                    .init(score: Double($0.score), isRelevant: isAnswer(photographs[$0.row]))
                })
        }
        return Summary(results, resamples: 0, seed: 0)?.map
    }
}

extension Photograph {
    /// Whether this is the other's photograph itself or one of the same encounter.
    fileprivate func sharesEncounter(with other: Photograph) -> Bool {
        id == other.id || (encounterID != nil && encounterID == other.encounterID)
    }
}
