import Basics
import Configuration
import Evaluation
import Retrieval

/// Ranks each scenario's database for its queries by the ensemble's cosine similarity.
struct SearchStage: Stage {
    static let neighbours = "neighbors.csv"

    let name = StageName.search
    let version = 1
    let options = ["search.k", "search.join", "train.members.*.weight"]
    let inputs: [StageName: [String]] = [
        .split: [SplitStage.splitFile, SplitStage.scenarioFile],
        .embed: [EmbedStage.embeddings, EmbedStage.embeddingIDs],
    ]
    let data: Set<DataPart> = []
    let outputs = [neighbours]

    func perform(_ context: StageContext) async throws -> JSONValue {
        let rankings = try Rankings(
            context.scenarios(), in: context.embeddings(EmbedStage.embeddings), by: SearchPlan(),
            count: context.configuration.search.k, whales: context.whales(), embeddingsPath: EmbedStage.embeddings,
            progress: context.progress)
        try rankings.write(to: context.output(Self.neighbours))
        return ["queries": .number(Double(rankings.queries.count))]
    }
}
