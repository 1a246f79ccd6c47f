import Basics
import Catalog
import Configuration
import Evaluation
import Retrieval

/// Measures alpha query extension over its neighbours and alpha, on the validation's photographs alone.
///
/// They are asked against the other photographs of training and validation; an encounter either asks or answers. The
/// test has no part in it, so that its score stays true after the best choice was taken.
struct SweepStage: Stage {
    static let table = "sweep.csv"
    static let summary = "sweep.json"

    let name = StageName.sweep
    let version = 1
    let options = ["sweep", "train.members.*.weight"]
    let inputs: [StageName: [String]] = [
        .split: [SplitStage.splitFile], .embed: [EmbedStage.embeddings, EmbedStage.embeddingIDs],
    ]
    let data: Set<DataPart> = [.metadata]
    let outputs = [table, summary]

    private static let rule = ScenarioRule(name: "validation") {
        $0.queries.roles = [.validation]
        $0.database.roles = [.train, .validation]
    }

    func perform(_ context: StageContext) async throws -> JSONValue {
        let sweep = try sweep(context)
        if sweep.rows.isEmpty { context.message("no photograph of the validation has an answer, so nothing is swept") }
        try sweep.write(to: context.output(Self.table))
        try AtomicFile.write(sweep.json.text, to: context.output(Self.summary))
        return sweep.json
    }

    /// What the validation asks; nil where nothing of it has an answer.
    static func scenario(_ catalog: Catalog, _ split: Split) throws -> Scenario? {
        do {
            return try ScenarioBuilder(catalog, split: split).scenarios(by: [rule]).scenarios.first
        } catch ScenarioError.empty {
            return nil
        }
    }

    private func sweep(_ context: StageContext) throws -> ExpansionSweep {
        let catalog = try context.configuration.resolvedData.catalog()
        let split = try Split.read(context.input(.split, SplitStage.splitFile))
        guard let scenario = try Self.scenario(catalog, split) else { return ExpansionSweep(rows: [], queries: 0) }
        let embeddings = try context.embeddings(EmbedStage.embeddings)
        let whales = try context.whales()
        let answers = scenario.answers(in: catalog).map(\.answers.count)
        let settings = context.configuration.sweep
        let choices =
            [(neighbours: 0, alpha: 0.0)]
            + settings.neighbours.sorted().flatMap { neighbours in
                settings.alpha.sorted().map { (neighbours: neighbours, alpha: $0) }
            }
        let rows = try choices.enumerated().compactMap { position, choice -> ExpansionSweep.Row? in
            try Task.checkCancellation()
            context.progress(RunProgress(done: position, total: choices.count, unit: "choices"))
            let steps =
                try choice.neighbours == 0
                ? [] : [ExpansionStep(kind: .alphaQE, neighbours: choice.neighbours, alpha: choice.alpha)]
            let rankings = try Rankings(
                [scenario], in: embeddings, by: SearchPlan(steps: steps), count: AveragePrecision.limit, whales: whales,
                embeddingsPath: EmbedStage.embeddings)
            let results = zip(rankings.queries, answers).map { query, relevant in
                QueryResult(
                    scenario: query.scenario, queryID: query.id, imageID: query.imageID,
                    whaleID: whales[query.imageID] ?? "", relevant: relevant,
                    answers: query.answers.map { .init(score: Double($0.score), isRelevant: $0.isRelevant == true) })
            }
            return Summary(results, resamples: 0, seed: 0).map {
                .init(neighbours: choice.neighbours, alpha: choice.alpha, map: $0.map)
            }
        }
        return ExpansionSweep(rows: rows, queries: answers.count { $0 > 0 })
    }
}
