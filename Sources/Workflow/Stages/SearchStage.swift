import Basics
import Catalog
import Configuration
import Evaluation
import Retrieval

/// Ranks each scenario's database for its queries by the ensemble's cosine similarity.
struct SearchStage: Stage {
    static let neighbours = "neighbors.csv"
    static let ranks = "ranks.csv"

    let name = StageName.search
    let version = 2
    let options = ["search.k", "train.members.*.weight"]
    let inputs: [StageName: [String]] = [
        .split: [SplitStage.splitFile, SplitStage.scenarioFile],
        .embed: [EmbedStage.embeddings, EmbedStage.embeddingIDs],
    ]
    let data: Set<DataPart> = [.metadata]
    let outputs = [neighbours, ranks]

    func perform(_ context: StageContext) async throws -> JSONValue {
        let rankings = try context.rankings(
            of: EmbedStage.embeddings, by: SearchPlan(), neighbours: Self.neighbours, ranks: Self.ranks)
        return ["queries": .number(Double(rankings.queries.count))]
    }
}

extension StageContext {
    /// Ranks all scenarios by embeddings of this node's seed and fold, and writes both the first answers and the ranks of
    /// the right ones.
    func rankings(
        of embeddings: String, by plan: SearchPlan, neighbours: String, ranks: String
    ) throws -> Rankings {
        let whales = try whales()
        let catalog = try configuration.resolvedData.catalog()
        let views = Dictionary(catalog.photographs.map { ($0.id, $0.viewpoint) }) { first, _ in first }
        var rows: [RightRanks.Row] = []
        let rankings = try Rankings(
            scenarios(), in: self.embeddings(embeddings), by: plan, count: configuration.search.k,
            whales: whales, embeddingsPath: embeddings, progress: progress
        ) { scenario, set in
            rows += try RightRanks.rows(
                of: scenario, in: set, by: plan.reRanking, whales: whales, views: views)
        }
        try rankings.write(to: output(neighbours))
        try RightRanks(rows: rows).write(to: output(ranks))
        return rankings
    }
}
