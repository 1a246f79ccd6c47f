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
    static let calibration = "calibration.json"
    static let causes = "causes.csv"

    let name = StageName.evaluate
    let version = 6
    let options = [
        "search.k", "expand", "evaluate.bootstrap", "bridge.kind", "train.kind", "train.members.*.train",
    ]
    let inputs: [StageName: [String]] = [
        .split: [SplitStage.splitFile, SplitStage.scenarioFile, SplitStage.labelFile, SplitStage.brokenFile],
        .measure: [MeasureStage.measureFile],
        .bridge: [BridgeStage.summary],
        .search: [
            SearchStage.neighbours, SearchStage.ranks, SearchStage.novelty, SearchStage.suspects, SearchStage.bridge,
        ],
        .expand: [
            ExpandStage.neighbours, ExpandStage.ranks, ExpandStage.untrainedNeighbours, ExpandStage.untrainedRanks,
            ExpandStage.modelNeighbours,
        ],
    ]
    let data: Set<DataPart> = [.metadata]
    let outputs = [evaluation, queries, submission, calibration, causes]

    /// Intervals must not change with the training's seed.
    private static let seed: UInt64 = 1

    func perform(_ context: StageContext) async throws -> JSONValue {
        let scenarios = try context.scenarios()
        let splits = try context.inputs(.split, SplitStage.splitFile).map { try Split.read($0.url) }
        let judge = Judge(
            scenarios: scenarios, labels: try Labels.read(context.input(.split, SplitStage.labelFile)),
            whales: try context.whales())
        func judged(_ stage: StageName, _ file: String, _ ranks: String) throws -> [[QueryResult]] {
            try zip(context.inputs(stage, file), context.inputs(stage, ranks)).map { file, ranks in
                try judge.results(of: Rankings.read(file.url), ranks: RightRanks.read(ranks.url))
            }
        }
        let before = try judged(.search, SearchStage.neighbours, SearchStage.ranks)
        let after = try judged(.expand, ExpandStage.neighbours, ExpandStage.ranks)
        let hasUntrained = try context.has(.expand, ExpandStage.untrainedNeighbours)
        let untrained =
            hasUntrained ? try judged(.expand, ExpandStage.untrainedNeighbours, ExpandStage.untrainedRanks) : []
        let catalog = try context.configuration.resolvedData.catalog()
        let ranks = try RightRanks.read(context.input(.expand, ExpandStage.ranks))
        let pairs = ViewpointPairs(
            after[0], ranks: ranks,
            views: Dictionary(catalog.photographs.map { ($0.id, $0.viewpoint.rawValue) }) { first, _ in first })

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
        let seen = runs[0].fold == nil ? splits : [splits[0]]
        let report = EvaluationReport(
            runs: runs, before: before, after: after, untrained: untrained, models: models, pairs: pairs,
            scenarios: scenarios, trained: Set(seen.flatMap(\.trainedWhales)),
            plan: try SearchPlan(context.configuration.expand), bridge: try BridgeEffect(context, seed: Self.seed),
            resamples: context.configuration.evaluate.bootstrap, seed: Self.seed)
        let contract = EvaluationContract(
            scenarios: scenarios, catalog: catalog, results: after[0], returned: context.configuration.search.k,
            split: try context.input(.split, SplitStage.splitFile),
            broken: try context.has(.split, SplitStage.brokenFile)
                ? CSVTable.read(context.input(.split, SplitStage.brokenFile)).rows.count : 0, run: runs[0],
            trains: context.configuration.train.members.contains(where: context.configuration.train.trains))
        let novelty = Novelty(
            try NoveltySample.read(context.input(.search, SearchStage.novelty)),
            resamples: context.configuration.evaluate.bootstrap, seed: Self.seed)
        try AtomicFile.write(novelty.json.text, to: context.output(Self.calibration))
        let ranking = try Rankings.read(context.input(.expand, ExpandStage.neighbours))
        let causes = try CauseFinder(
            after[0], ranking: ranking, scenarios: scenarios, catalog: catalog, splits: seen,
            measures: context.input(.measure, MeasureStage.measureFile),
            suspects: IdentitySuspect.read(context.input(.search, SearchStage.suspects)).map(\.suspect))
        let reasons = causes.rows()
        try CauseRow.write(reasons, to: context.output(Self.causes))
        let evaluation = report.json.adding("contract", try contract.json()).adding("novelty", novelty.headline)
            .adding("causes", causes.json(of: reasons))
        try AtomicFile.write(evaluation.text, to: context.output(Self.evaluation))
        let first = Dictionary(
            reasons.filter { $0.order == 1 }.map { ($0.queryID, $0.cause.rawValue) }, uniquingKeysWith: { $1 })
        let rows = zip(after[0], before[0]).map { after, before in
            QueryRow(
                after, before: before, viewpoint: catalog[after.imageID]?.viewpoint.rawValue ?? "",
                cause: first[after.queryID] ?? "")
        }
        try QueryRow.write(rows, to: context.output(Self.queries))
        try ranking.submission().write(to: context.output(Self.submission))
        return ["map": evaluation[path: "pooled.map"] ?? .null]
    }
}

/// Tells right answers from wrong ones by the labels.
private struct Judge {
    let scenarios: [Scenario]
    let labels: Labels
    let whales: [String: String]

    /// One result for every query of the scenarios, in their order; a query that was given no answer has none.
    ///
    /// - Parameter ranks: Those of right answers in the whole database, where they are known.
    func results(of rankings: Rankings, ranks: RightRanks? = nil) -> [QueryResult] {
        let ranks = ranks?.byQuery.mapValues { $0.map(\.rank).sorted() }
        let found = Dictionary(rankings.queries.map { ($0.id, $0.answers) }) { first, _ in first }
        return scenarios.flatMap { scenario in
            scenario.queries.map { query in
                let right = labels.answers[query.id] ?? []
                return QueryResult(
                    scenario: scenario.id, queryID: query.id, imageID: query.imageID,
                    whaleID: whales[query.imageID] ?? "", relevant: right.count,
                    answers: (found[query.id] ?? []).map {
                        .init(score: Double($0.score), isRelevant: right.contains($0.imageID))
                    }, ranks: right.isEmpty ? nil : ranks?[query.id])
            }
        }
    }
}
