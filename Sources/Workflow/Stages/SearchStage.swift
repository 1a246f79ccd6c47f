import Basics
import Catalog
import Configuration
import Evaluation
import Retrieval

/// Ranks each scenario's database for its queries by the ensemble's cosine similarity, and says what the similarity tells
/// of names: how near each photograph is to its own animal and to others, and which names are suspect.
struct SearchStage: Stage {
    static let neighbours = "neighbors.csv"
    static let ranks = "ranks.csv"
    static let novelty = "novelty.csv"
    static let suspects = "suspects.csv"
    /// How well the similarity ranks, and why no name is suspect where it ranks too poorly.
    static let suspicion = "suspects.json"
    /// Queries across views, where there is a bridge to be judged.
    static let bridge = "bridge.csv"

    let name = StageName.search
    let version = 3
    let options = [
        "search.k", "search.join", "train.members.*.weight", "bridge.kind", "bridge.weight", "train.kind",
        "train.members.*.train",
    ]
    let inputs: [StageName: [String]] = [
        .split: [SplitStage.splitFile, SplitStage.scenarioFile],
        .embed: [EmbedStage.embeddings, EmbedStage.embeddingIDs], .bridge: [BridgeStage.lateral, BridgeStage.top],
    ]
    let data: Set<DataPart> = [.metadata]
    let outputs = [neighbours, ranks, novelty, suspects, suspicion]
    let optionalOutputs = [bridge]

    func perform(_ context: StageContext) async throws -> JSONValue {
        let embeddings = try context.embeddings(EmbedStage.embeddings)
        let catalog = try context.configuration.resolvedData.catalog()
        let whales = try context.whales()
        let rows = EmbeddingRows(embeddings, path: EmbedStage.embeddings)
        let novelty = NoveltySearch(catalog: catalog, whales: whales)
        // Where folds are joined, some model was trained on each photograph that validates.
        var samples =
            context.node.fold == nil
            ? [] : try novelty.validation(Split.read(context.input(.split, SplitStage.splitFile)), rows: rows)
        let rankings = try context.rankings(
            of: embeddings, from: EmbedStage.embeddings, in: catalog, neighbours: Self.neighbours, ranks: Self.ranks
        ) { samples += try novelty.samples(of: $0, in: $1) }
        try NoveltySample.write(samples, to: context.output(Self.novelty))
        let splits = try context.inputs(.split, SplitStage.splitFile).map { try Split.read($0.url) }
        let train = context.configuration.train
        let trained = train.members.contains(where: train.trains) ? Set(splits.flatMap { $0.images(.train) }) : []
        let (suspects, quality) = try IdentitySuspect.found(
            in: catalog, whales: whales, rows: rows, trained: trained)
        try IdentitySuspect.write(suspects, to: context.output(Self.suspects))
        try AtomicFile.write(quality.json.text, to: context.output(Self.suspicion))
        if let reason = quality.reason { context.message("no suspects: \(reason)") }
        try context.askAcrossViews(embeddings, in: catalog, whales: whales, output: Self.bridge)
        return ["queries": .number(Double(rankings.queries.count)), "suspects": quality.json]
    }
}

extension StageContext {
    /// Ranks all scenarios, and writes both the first answers and the ranks of the right ones.
    ///
    /// - Parameters:
    ///   - file: Where the embeddings come from, for messages.
    ///   - visit: Is handed each scenario as it is ranked, after the steps.
    func rankings(
        of embeddings: LabelledEmbeddings, from file: String, in catalog: Catalog, by plan: SearchPlan = SearchPlan(),
        neighbours: String, ranks: String, visit: (Scenario, RetrievalSet) throws -> Void = { _, _ in }
    ) throws -> Rankings {
        let whales = try whales()
        let views = Dictionary(catalog.photographs.map { ($0.id, $0.viewpoint) }) { first, _ in first }
        var rows: [RightRanks.Row] = []
        let rankings = try Rankings(
            scenarios(), in: embeddings, by: plan, count: configuration.search.k, whales: whales,
            embeddingsPath: file, progress: progress
        ) { scenario, set in
            rows += try RightRanks.rows(
                of: scenario, in: set, by: plan.reRanking, whales: whales, views: views)
            try visit(scenario, set)
        }
        try rankings.write(to: output(neighbours))
        try RightRanks(rows: rows).write(to: output(ranks))
        return rankings
    }
}
