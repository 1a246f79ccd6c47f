import Basics
import Configuration
import Evaluation
import Retrieval

/// Ranks again after query extension and database augmentation, for the trained network and for the untrained one.
struct ExpandStage: Stage {
    static let neighbours = "neighbors.csv"
    static let untrainedNeighbours = "untrained.csv"
    /// The rankings of each model of an ensemble alone.
    static let modelNeighbours = "members.csv"

    let name = StageName.expand
    let version = 1
    let options = ["expand", "search.k", "search.join", "train.members.*.weight"]
    let inputs: [StageName: [String]] = [
        .split: [SplitStage.splitFile, SplitStage.scenarioFile],
        .embed: [
            EmbedStage.embeddings, EmbedStage.embeddingIDs, EmbedStage.untrained, EmbedStage.untrainedIDs,
        ],
    ]
    let data: Set<DataPart> = []
    let outputs = [neighbours]
    let optionalOutputs = [untrainedNeighbours, modelNeighbours]

    func perform(_ context: StageContext) async throws -> JSONValue {
        let steps = try context.configuration.expand.map(ExpansionStep.init)
        let scenarios = try context.scenarios()
        let whales = try context.whales()
        for (file, output) in [
            (EmbedStage.embeddings, Self.neighbours), (EmbedStage.untrained, Self.untrainedNeighbours),
        ] where try context.has(.embed, file) {
            try Rankings(
                scenarios, in: context.embeddings(file), steps: steps, count: context.configuration.search.k,
                whales: whales, embeddingsPath: file, progress: context.progress
            ).write(to: context.output(output))
        }
        let models = try context.inputs(.embed, EmbedStage.embeddings)
        if models.count > 1 {
            try ModelRankings.write(
                models.map { node, url in
                    ModelRankings(
                        member: node.member ?? "", fold: node.fold ?? 0, weight: context.weight(of: node),
                        rankings: try Rankings(
                            scenarios, in: .read(url), steps: steps, count: context.configuration.search.k,
                            whales: whales, embeddingsPath: url.path))
                }, to: context.output(Self.modelNeighbours))
        }
        return ["steps": .array(steps.map { .string($0.description) })]
    }
}

extension ExpansionStep {
    /// The step that an entry of the section `expand` asks for.
    init(_ settings: ExpansionSettings) throws {
        let kind: Kind =
            switch settings.kind {
            case .alphaQE: .alphaQE
            case .averageQE: .averageQE
            case .databaseAugmentation: .databaseAugmentation
            }
        try self.init(kind: kind, neighbours: settings.neighbours, alpha: settings.alpha)
    }
}
