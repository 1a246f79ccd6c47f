import Basics
import Configuration
import Evaluation
import Retrieval

/// Ranks again after query extension, database augmentation and re-ranking, by the embeddings and by those before training.
struct ExpandStage: Stage {
    static let neighbours = "neighbors.csv"
    static let ranks = "ranks.csv"
    static let untrainedNeighbours = "untrained.csv"
    static let untrainedRanks = "untrained-ranks.csv"
    /// The rankings of each model of an ensemble alone.
    static let modelNeighbours = "members.csv"

    let name = StageName.expand
    let version = 2
    let options = [
        "expand", "search.k", "search.join", "train.members.*.weight", "train.kind", "train.members.*.train",
    ]
    let inputs: [StageName: [String]] = [
        .split: [SplitStage.splitFile, SplitStage.scenarioFile],
        .embed: [
            EmbedStage.embeddings, EmbedStage.embeddingIDs, EmbedStage.untrained, EmbedStage.untrainedIDs,
        ],
    ]
    let data: Set<DataPart> = [.metadata]
    let outputs = [neighbours, ranks]
    let optionalOutputs = [untrainedNeighbours, untrainedRanks, modelNeighbours]

    func perform(_ context: StageContext) async throws -> JSONValue {
        let plan = try SearchPlan(context.configuration.expand)
        let catalog = try context.configuration.resolvedData.catalog()
        _ = try context.rankings(
            of: context.embeddings(EmbedStage.embeddings), from: EmbedStage.embeddings, in: catalog, by: plan,
            neighbours: Self.neighbours, ranks: Self.ranks)
        if let before = try context.embeddingsBeforeTraining() {
            _ = try context.rankings(
                of: before, from: EmbedStage.untrained, in: catalog, by: plan, neighbours: Self.untrainedNeighbours,
                ranks: Self.untrainedRanks)
        }
        let models = try context.inputs(.embed, EmbedStage.embeddings)
        if models.count > 1 {
            let scenarios = try context.scenarios()
            let whales = try context.whales()
            try ModelRankings.write(
                models.map { node, url in
                    ModelRankings(
                        member: node.member ?? "", fold: node.fold ?? 0, weight: context.weight(of: node),
                        rankings: try Rankings(
                            scenarios, in: .read(url), by: plan, count: context.configuration.search.k,
                            whales: whales, embeddingsPath: url.path))
                }, to: context.output(Self.modelNeighbours))
        }
        return ["steps": .array(plan.descriptions.map(JSONValue.string))]
    }
}

extension SearchPlan {
    /// What the section `expand` asks for.
    ///
    /// - Throws: ``RetrievalError`` for numbers that a step does not take; the configuration's limits let none pass.
    init(_ settings: [ExpansionSettings]) throws {
        var steps: [ExpansionStep] = []
        var reRanking: ReRanking?
        for entry in settings {
            func step(_ kind: ExpansionStep.Kind) throws {
                steps.append(try ExpansionStep(kind: kind, neighbours: entry.neighbours, alpha: entry.alpha))
            }
            switch entry.kind {
            case .alphaQE: try step(.alphaQE)
            case .averageQE: try step(.averageQE)
            case .databaseAugmentation: try step(.databaseAugmentation)
            case .power: reRanking = .power(try PowerReRanking(exponent: entry.exponent))
            case .kReciprocal:
                reRanking = .kReciprocal(try KReciprocal(k1: entry.k1, k2: entry.k2, lambda: entry.lambda))
            }
        }
        self.init(steps: steps, reRanking: reRanking)
    }
}
