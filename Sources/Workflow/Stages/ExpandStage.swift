import Basics
import Configuration
import Evaluation
import Results
import Retrieval

/// Ranks again with query extension, database augmentation and re-ranking, by the embeddings after and before training,
/// joined with matched marks if marks are matched.
struct ExpandStage: Stage {
    struct Inputs: StageInputs {
        let questions: QuestionInput
        let ensemble: TrainedEnsembleInput
        let local: LocalScoreInput
        let fusion: Input<Fusion>
        let catalog: CatalogInput

        init(_ declare: inout DeclaredInputs) {
            questions = QuestionInput(&declare)
            ensemble = TrainedEnsembleInput(&declare)
            local = LocalScoreInput(&declare)
            fusion = declare(FuseFiles.fusion)
            catalog = declare.catalog()
        }
    }

    struct Options: StageOptions {
        let expand: [ExpansionSettings]
        let k: Int
        let ensemble: EnsembleOptions
        let trained: Set<String>
        let matches: Bool

        init(_ declare: inout DeclaredOptions) {
            expand = declare(\.$expand)
            k = declare(\.search.$k)
            _ = declare(\.search.$join)
            ensemble = EnsembleOptions(&declare)
            trained = declare.trainedMembers()
            matches = declare(\.match.$kind) != .off
        }
    }

    let name = StageName.expand
    let version = 2
    let outputs = [ExpandFiles.neighbours.name, ExpandFiles.ranks.name]
    let optionalOutputs = [
        ExpandFiles.untrainedNeighbours.name, ExpandFiles.untrainedRanks.name, ExpandFiles.modelNeighbours.name,
    ]

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let plan = try SearchPlan(options.expand)
        let asked = try AskedCatalog(inputs.questions, inputs.catalog.catalog())
        let fusion = try options.matches ? inputs.fusion.first() : nil
        let local = try options.matches ? inputs.local.scores(of: asked.scenarios) : nil
        func ranked(
            _ embeddings: LabelledEmbeddings, from file: String, _ kind: Fusion.Embeddings
        ) throws -> (Rankings, RightRanks) {
            guard let fusion, let local else {
                return try asked.rankings(
                    in: embeddings, from: file, by: plan, count: options.k, progress: workspace.progress)
            }
            return try asked.rankings(
                embeddings, from: file, kind, by: fusion, local, steps: plan.steps, count: options.k,
                progress: workspace.progress)
        }
        let (rankings, ranks) = try ranked(
            inputs.ensemble.trained.embeddings(options.ensemble), from: EmbedFiles.embeddings.name, .expanded)
        try workspace.write(rankings, to: ExpandFiles.neighbours)
        try workspace.write(ranks, to: ExpandFiles.ranks)
        if let before = try inputs.ensemble.embeddingsBeforeTraining(options.ensemble, trained: options.trained) {
            let (rankings, ranks) = try ranked(before, from: EmbedFiles.untrained.name, .untrained)
            try workspace.write(rankings, to: ExpandFiles.untrainedNeighbours)
            try workspace.write(ranks, to: ExpandFiles.untrainedRanks)
        }
        let models = inputs.ensemble.trained.models
        if models.count > 1 {
            let alone = try models.map { node, url in
                ModelRankings(
                    member: node.member ?? "", fold: node.fold ?? 0, weight: options.ensemble.weight(of: node),
                    rankings: try Rankings(
                        asked.scenarios, in: .read(url), by: plan, count: options.k, whales: asked.whales,
                        embeddingsPath: url.path))
            }
            try workspace.write(alone, to: ExpandFiles.modelNeighbours)
        }
        return ["steps": .array(plan.descriptions.map(JSONValue.string))]
    }
}

extension SearchPlan {
    /// Creates the plan of the section `expand`.
    ///
    /// - Throws: ``RetrievalError`` for numbers that a step refuses; the configuration's limits already exclude them.
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
