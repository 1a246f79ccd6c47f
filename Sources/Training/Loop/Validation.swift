import Basics
import Catalog
import Configuration
import Evaluation
import Imaging
import Networks
import Retrieval
import Torch

/// Measures during training, from embeddings alone, how well the network finds animals again.
struct Validation {
    let catalog: Catalog
    let split: Split
    let settings: SelectionSettings

    /// Whether to validate after an epoch. Embedding everything takes about a quarter of an epoch's time, so a training
    /// is validated ten times in all unless configured otherwise, and always after the last epoch.
    func isDue(epoch: Int, of epochs: Int) -> Bool {
        epoch == epochs || epoch % (settings.every ?? max(1, epochs / 10)) == 0
    }

    /// mAP@20; nil if no query has a match.
    func map(by embedder: ValidationEmbedder) throws -> Double? {
        let results =
            switch settings.measure {
            case .photographs: try photographResults(by: embedder)
            case .scenarios: try scenarioResults(by: embedder)
            }
        return Summary(results, resamples: 0, seed: 0)?.map
    }

    /// The results with each validation photograph as a query and all labelled photographs of training and validation,
    /// except those of its own encounter, as its database.
    private func photographResults(by embedder: ValidationEmbedder) throws -> [QueryResult] {
        let queries = split.images(.validation)
        guard !queries.isEmpty else { return [] }
        let photographs = (queries + split.images(.train)).compactMap { catalog[$0] }
        let embeddings = EmbeddingMatrix(try embedder.rows(of: photographs.map(catalog.file)))
        let encounters = Dictionary(grouping: photographs.compactMap(\.encounterID)) { $0 }.mapValues(\.count)
        let depth = AveragePrecision.limit + (encounters.values.max() ?? 1)
        let set = try RetrievalSet(
            queries: embeddings.selecting(rows: queries.indices), database: embeddings,
            ownRows: Array(queries.indices))
        return zip(queries.indices, try set.neighbours(count: depth)).map { row, neighbours in
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
    }

    /// The results of scenarios like the competition's, pooled.
    private func scenarioResults(by embedder: ValidationEmbedder) throws -> [QueryResult] {
        let scenarios = ScenarioBuilder(catalog, split: split.validating).automatic()
        let needed = Set(scenarios.flatMap { $0.queries.map(\.imageID) + $0.database })
        let photographs = catalog.photographs.filter { needed.contains($0.id) }
        let rows = Dictionary(uniqueKeysWithValues: photographs.enumerated().map { ($1.id, $0) })
        let embeddings = EmbeddingMatrix(try embedder.rows(of: photographs.map(catalog.file)))
        return try scenarios.flatMap { scenario in
            let places = Dictionary(uniqueKeysWithValues: scenario.database.enumerated().map { ($1, $0) })
            let set = try RetrievalSet(
                queries: embeddings.selecting(rows: scenario.queries.compactMap { rows[$0.imageID] }),
                database: embeddings.selecting(rows: scenario.database.compactMap { rows[$0] }),
                ownRows: scenario.queries.map { places[$0.imageID] })
            let found = try set.neighbours(count: AveragePrecision.limit)
            return zip(scenario.answers(in: catalog), found).map { asked, neighbours in
                let right = Set(asked.answers)
                return QueryResult(
                    scenario: scenario.id, queryID: asked.query.id, imageID: asked.query.imageID,
                    whaleID: catalog[asked.query.imageID]?.whaleID ?? "", relevant: right.count,
                    answers: neighbours.map {
                        .init(score: Double($0.score), isRelevant: right.contains(scenario.database[$0.row]))
                    })
            }
        }
    }
}

extension Photograph {
    /// Whether this is the other photograph itself or one of the same encounter.
    fileprivate func sharesEncounter(with other: Photograph) -> Bool {
        id == other.id || (encounterID != nil && encounterID == other.encounterID)
    }
}

/// Embeds photographs during training, for validation.
final class ValidationEmbedder {
    private let model: MemberModel
    private var embedder: Embedder
    /// The features after a frozen backbone, once they have been computed; nil if they do not fit in memory.
    private var frozen: FrozenFeatures?
    private var isTooLarge = false

    /// Embeds by a model's present weights; processes share the photographs.
    init(_ model: MemberModel, loader: PhotographLoader, sharedBy ranks: RankGroup?, on device: Device) {
        self.model = model
        embedder = Embedder(model, mirror: false, on: device, loader: loader)
        embedder.ranks = ranks
    }

    /// The embeddings of photographs, one row each, in their order.
    func rows(of photographs: [PhotographFile]) throws -> NPYMatrix {
        guard model.settings.freeze == .backbone, let features = try features(of: photographs) else {
            return try embedder.rows(of: photographs)
        }
        let mode = Mode.serving(FoldedWeights())
        return try features.embeddings(width: embedder.width) {
            try model.network.embeddings(of: $0, model.frozenPart, mode: mode).unitLength()
        }
    }

    private func features(of photographs: [PhotographFile]) throws -> FrozenFeatures? {
        if isTooLarge { return nil }
        if let frozen, frozen.photographs.map(\.id) == photographs.map(\.id) { return frozen }
        let mode = Mode.serving(FoldedWeights())
        do {
            frozen = try FrozenFeatures(
                of: photographs, loader: embedder.loader, preparation: .plain(), mirrored: false,
                on: embedder.device, progress: { _ in }
            ) { try model.network.features(of: $0, model.frozenPart, mode: mode) }
        } catch is FrozenFeatures.TooLarge {
            isTooLarge = true
        }
        return frozen
    }
}
