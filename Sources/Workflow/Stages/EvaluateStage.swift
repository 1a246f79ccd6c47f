import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Retrieval

/// Scores the rankings by the official rule: all queries together, each scenario, known and unseen animals, before and
/// after training, before and after query extension.
struct EvaluateStage: Stage {
    static let evaluation = "evaluation.json"
    static let queries = "queries.csv"
    static let submission = "submission.csv"

    let name = StageName.evaluate
    let version = 3
    let options = ["search.k", "expand", "evaluate.bootstrap"]
    let inputs: [StageName: [String]] = [
        .split: [SplitStage.splitFile, SplitStage.scenarioFile, SplitStage.labelFile, SplitStage.brokenFile],
        .search: [SearchStage.neighbours],
        .expand: [ExpandStage.neighbours, ExpandStage.untrainedNeighbours, ExpandStage.modelNeighbours],
    ]
    let data: Set<DataPart> = [.metadata]
    let outputs = [evaluation, queries, submission]

    /// The interval must not change with the training's seed.
    private static let bootstrapSeed: UInt64 = 1

    func perform(_ context: StageContext) async throws -> JSONValue {
        let scenarios = try context.scenarios()
        let splits = try context.inputs(.split, SplitStage.splitFile).map { try Split.read($0.url) }
        let judge = Judge(
            scenarios: scenarios, labels: try Labels.read(context.input(.split, SplitStage.labelFile)),
            whales: try context.whales())
        func judged(_ stage: StageName, _ file: String) throws -> [[QueryResult]] {
            try context.inputs(stage, file).map { try judge.results(of: Rankings.read($0.url)) }
        }
        let before = try judged(.search, SearchStage.neighbours)
        let after = try judged(.expand, ExpandStage.neighbours)
        let hasUntrained = try context.has(.expand, ExpandStage.untrainedNeighbours)
        let untrained = hasUntrained ? try judged(.expand, ExpandStage.untrainedNeighbours) : []

        let runs = try context.inputs(.expand, ExpandStage.neighbours).map(\.node)
        let hasModels = try context.has(.expand, ExpandStage.modelNeighbours)
        let models =
            hasModels
            ? try context.inputs(.expand, ExpandStage.modelNeighbours).flatMap { node, url in
                try ModelRankings.read(url).map {
                    EvaluationReport.Model(
                        member: $0.member, seed: node.seed, fold: $0.fold, weight: $0.weight,
                        results: judge.results(of: $0.rankings))
                }
            } : []
        // An ensemble of all folds knows what any of them was trained on.
        let trained = runs[0].fold == nil ? Set(splits.flatMap(\.trainedWhales)) : Set(splits[0].trainedWhales)
        let report = EvaluationReport(
            runs: runs, before: before, after: after, untrained: untrained, models: models,
            scenarios: scenarios, trained: trained, plan: try SearchPlan(context.configuration.expand),
            resamples: context.configuration.evaluate.bootstrap, seed: Self.bootstrapSeed)
        let catalog = try context.configuration.resolvedData.catalog()
        let contract = EvaluationContract(
            scenarios: scenarios, catalog: catalog, results: after[0], returned: context.configuration.search.k,
            split: try context.input(.split, SplitStage.splitFile),
            broken: try context.has(.split, SplitStage.brokenFile)
                ? CSVTable.read(context.input(.split, SplitStage.brokenFile)).rows.count : 0, run: runs[0])
        let evaluation = report.json.adding("contract", try contract.json())
        try AtomicFile.write(evaluation.text, to: context.output(Self.evaluation))
        let rows = zip(after[0], before[0]).map { after, before in
            QueryRow(after, before: before, viewpoint: catalog[after.imageID]?.viewpoint.rawValue ?? "")
        }
        try QueryRow.write(rows, to: context.output(Self.queries))
        try Rankings.read(context.input(.expand, ExpandStage.neighbours)).submission()
            .write(to: context.output(Self.submission))
        return ["map": evaluation[path: "pooled.map"] ?? .null]
    }
}

/// Tells right answers from wrong ones by the labels.
private struct Judge {
    let scenarios: [Scenario]
    let labels: Labels
    let whales: [String: String]

    /// One result for every query of the scenarios, in their order; a query that was given no answer has none.
    func results(of rankings: Rankings) -> [QueryResult] {
        let found = Dictionary(rankings.queries.map { ($0.id, $0.answers) }) { first, _ in first }
        return scenarios.flatMap { scenario in
            scenario.queries.map { query in
                let right = labels.answers[query.id] ?? []
                return QueryResult(
                    scenario: scenario.id, queryID: query.id, imageID: query.imageID,
                    whaleID: whales[query.imageID] ?? "", relevant: right.count,
                    answers: (found[query.id] ?? []).map {
                        .init(score: Double($0.score), isRelevant: right.contains($0.imageID))
                    })
            }
        }
    }
}
