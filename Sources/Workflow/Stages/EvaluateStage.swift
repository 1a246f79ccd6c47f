import Basics
import Catalog
import Configuration
import Digests
import Evaluation
import Results
import Retrieval

/// Scores the rankings by the official rule: all queries together, each scenario, known and unseen animals, before and
/// after training, before and after query extension.
struct EvaluateStage: Stage {
    struct Inputs: StageInputs {
        let questions: QuestionInput
        let labels: Input<Labels>
        let broken: Input<[BrokenPhotograph]>
        let measures: Input<[MeasuredPhotograph]>
        let adapter: Input<AdapterSummary>
        let checks: CheckInput
        let search: SearchInput
        let fuse: FuseInput
        let expand: ExpandInput
        let catalog: CatalogInput

        init(_ declare: inout DeclaredInputs) {
            questions = QuestionInput(&declare)
            labels = declare(SplitFiles.labels)
            broken = declare(SplitFiles.broken)
            measures = declare(MeasureFiles.measures)
            adapter = declare(AdapterFiles.summary)
            checks = CheckInput(&declare)
            search = SearchInput(&declare)
            fuse = FuseInput(&declare)
            expand = ExpandInput(&declare)
            catalog = declare.catalog()
        }
    }

    /// The results of the checks of what each model recognises, if there are any.
    struct CheckInput: StageInputs {
        private let rows: Input<[BackgroundRow]>
        private let laterality: Input<[LateralityRow]>
        private let summary: Input<BackgroundSummary>

        init(_ declare: inout DeclaredInputs) {
            rows = declare(BackgroundFiles.rows)
            laterality = declare(BackgroundFiles.laterality)
            summary = declare(BackgroundFiles.summary)
        }

        /// What each model recognises of the animal and of its background.
        func background(_ options: Options) throws -> [BackgroundEffect] {
            zip(zip(rows.nodes, try rows.all()), try summary.all()).map { model, summary in
                BackgroundEffect(
                    model.1, model: model.0.member ?? "", outlined: summary.outlined, boxed: summary.boxed,
                    resamples: options.resamples, seed: EvaluateStage.seed)
            }
        }

        /// Whether each model distinguishes an animal's sides.
        func laterality(_ options: Options) throws -> [LateralityEffect] {
            zip(zip(laterality.nodes, try laterality.all()), try summary.all()).map { model, summary in
                LateralityEffect(
                    model.1, model: model.0.member ?? "", averagesMirror: summary.averagesMirror,
                    resamples: options.resamples, seed: EvaluateStage.seed)
            }
        }
    }

    /// The results of the search by plain similarity.
    struct SearchInput: StageInputs {
        let rankings: RankingInput
        let novelty: Input<[NoveltySample]>
        let suspects: Input<[IdentitySuspect]>
        let acrossViews: Input<[AdapterRow]>

        init(_ declare: inout DeclaredInputs) {
            rankings = RankingInput(declare(SearchFiles.neighbours), declare(SearchFiles.ranks))
            novelty = declare(SearchFiles.novelty)
            suspects = declare(SearchFiles.suspects)
            acrossViews = declare(SearchFiles.acrossViews)
        }
    }

    /// The results of the rankings with matched marks, if marks are matched.
    struct FuseInput: StageInputs {
        let fusion: Input<Fusion>
        let rankings: RankingInput
        let local: RankingInput
        let untrained: RankingInput

        init(_ declare: inout DeclaredInputs) {
            fusion = declare(FuseFiles.fusion)
            rankings = RankingInput(declare(FuseFiles.neighbours), declare(FuseFiles.ranks))
            local = RankingInput(declare(FuseFiles.localNeighbours), declare(FuseFiles.localRanks))
            untrained = RankingInput(declare(FuseFiles.untrainedNeighbours), declare(FuseFiles.untrainedRanks))
        }
    }

    /// The results of the final ranking.
    struct ExpandInput: StageInputs {
        let rankings: RankingInput
        let untrained: RankingInput
        let models: Input<[ModelRankings]>

        init(_ declare: inout DeclaredInputs) {
            rankings = RankingInput(declare(ExpandFiles.neighbours), declare(ExpandFiles.ranks))
            untrained = RankingInput(declare(ExpandFiles.untrainedNeighbours), declare(ExpandFiles.untrainedRanks))
            models = declare(ExpandFiles.modelNeighbours)
        }
    }

    /// The photographs returned, with the ranks of all right ones.
    struct RankingInput {
        let neighbours: Input<Rankings>
        let ranks: Input<RightRanks>

        init(_ neighbours: Input<Rankings>, _ ranks: Input<RightRanks>) {
            self.neighbours = neighbours
            self.ranks = ranks
        }

        /// The results of every seed and fold; empty if the rankings do not exist.
        func results(by scorer: RankingScorer) throws -> [[QueryResult]] {
            guard neighbours.isPresent else { return [] }
            return try zip(neighbours.all(), ranks.all()).map { scorer.results(of: $0, ranks: $1) }
        }
    }

    struct Options: StageOptions {
        let k: Int
        let expand: [ExpansionSettings]
        let resamples: Int
        let hasAdapter: Bool
        let checksBackground: Bool
        let matches: Bool
        let trained: Set<String>

        init(_ declare: inout DeclaredOptions) {
            k = declare(\.search.$k)
            expand = declare(\.$expand)
            resamples = declare(\.evaluate.$bootstrap)
            hasAdapter = declare(\.bridge.$kind) != .off
            checksBackground = declare(\.background.$check) == .on
            matches = declare(\.match.$kind) != .off
            trained = declare.trainedMembers()
        }
    }

    let name = StageName.evaluate
    let version = 18
    let outputs = [
        EvaluateFiles.evaluation.name, EvaluateFiles.queries.name, EvaluateFiles.submission.name,
        EvaluateFiles.calibration.name, EvaluateFiles.causes.name, EvaluateFiles.confusedPairs.name,
    ]

    /// Fixed, so that intervals do not change with the training's seed.
    private static let seed: UInt64 = 1

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let catalog = try inputs.catalog.catalog()
        let scenarios = try inputs.questions.scenarios()
        let splits = try inputs.questions.split.all()
        let scorer = RankingScorer(
            scenarios: scenarios, labels: try inputs.labels.first(), whales: try inputs.questions.whales())
        // Query extension follows the joining of marks.
        let before = try (options.matches ? inputs.fuse.rankings : inputs.search.rankings).results(by: scorer)
        let after = try inputs.expand.rankings.results(by: scorer)
        let runs = inputs.expand.rankings.neighbours.nodes
        // An ensemble of all folds has seen the training photographs of every fold.
        let seen = runs[0].fold == nil ? splits : [splits[0]]
        let novelty = Novelty(
            try inputs.search.novelty.first(), resamples: options.resamples, seed: Self.seed)
        let ranking = try inputs.expand.rankings.neighbours.first()
        let causes = try CauseFinder(
            after[0], ranking: ranking, scenarios: scenarios, catalog: catalog, splits: seen,
            measures: inputs.measures.first(), suspects: inputs.search.suspects.first())
        let reasons = causes.rows()
        let encounters = OtherEncounters(catalog, scenarios: scenarios)
        let score = EvaluationScore(
            runs: runs, before: before, after: after, untrained: try inputs.expand.untrained.results(by: scorer),
            models: try models(inputs, scorer),
            pairs: ViewpointPairs(
                after[0], ranks: try inputs.expand.rankings.ranks.first(),
                views: Dictionary(catalog.photographs.map { ($0.id, $0.viewpoint.rawValue) }) { first, _ in first }),
            scenarios: scenarios, trained: Set(seen.flatMap(\.trainedWhales)), plan: try SearchPlan(options.expand),
            bridge: try options.hasAdapter ? adapterEffect(inputs, options) : nil,
            background: try options.checksBackground ? inputs.checks.background(options) : nil,
            laterality: try options.checksBackground ? inputs.checks.laterality(options) : nil,
            otherEncounters: try encounters?.results(after[0], ranks: inputs.expand.rankings.ranks.first()),
            fusion: try options.matches
                ? fusionScore(inputs, scorer, encounters, catalog, splits: seen, trains: !options.trained.isEmpty)
                : nil,
            resamples: options.resamples, seed: Self.seed)
        let contract = try EvaluationContract(
            scenarios: scenarios, catalog: catalog, results: after[0], returned: options.k,
            splitDigest: Digest.ofContents(of: inputs.questions.split.place().path),
            broken: inputs.broken.isPresent ? inputs.broken.first().count : 0, run: runs[0],
            trains: !options.trained.isEmpty)
        let evaluation = score.result(
            contract, novelty: NoveltyMeasures(novelty), causes: causes.summary(of: reasons))
        try workspace.write(evaluation, to: EvaluateFiles.evaluation)
        try workspace.write(novelty, to: EvaluateFiles.calibration)
        try workspace.write(reasons, to: EvaluateFiles.causes)
        try workspace.write(ConfusedPairs(pairs: evaluation.causes.confusedPairs), to: EvaluateFiles.confusedPairs)
        try workspace.write(rows(before[0], after[0], reasons, catalog), to: EvaluateFiles.queries)
        try workspace.write(ranking.submission(), to: EvaluateFiles.submission)
        return ["map": evaluation.pooled.summary.map { .number($0.map) } ?? .null]
    }

    /// The models of an ensemble, each alone; empty for a single model.
    private func models(_ inputs: Inputs, _ scorer: RankingScorer) throws -> [EvaluationScore.Model] {
        let models = inputs.expand.models
        guard models.isPresent else { return [] }
        return try zip(models.nodes, models.all()).flatMap { node, rankings in
            rankings.map {
                EvaluationScore.Model(
                    member: $0.member, seed: node.seed, fold: $0.fold, weight: $0.weight,
                    results: scorer.results(of: $0.rankings))
            }
        }
    }

    /// The rankings by networks, by marks and by both, of the first seed and fold.
    private func fusionScore(
        _ inputs: Inputs, _ scorer: RankingScorer, _ encounters: OtherEncounters?, _ catalog: Catalog,
        splits: [Split], trains: Bool
    ) throws -> FusionScore {
        let found: [(FusionMeasures.Name, RankingInput)] = [
            (.network, inputs.search.rankings), (.marks, inputs.fuse.local), (.both, inputs.fuse.rankings),
        ]
        let rankings = try found.map { name, ranking in
            let ranks = try ranking.ranks.first()
            let results = try scorer.results(of: ranking.neighbours.first(), ranks: ranks)
            return (
                name,
                FusionScore.Ranking(results: results, otherEncounters: encounters?.results(results, ranks: ranks))
            )
        }
        let trained = Dictionary(
            splits.flatMap { $0.rows.filter { $0.role == .train } }.map { ($0.imageID, $0.whaleID) }
        ) { first, _ in first }
        let validation = try splits.count > 1 ? nil : Scenario.validation(catalog, splits[0])
        return FusionScore(
            rankings: Dictionary(uniqueKeysWithValues: rankings),
            untrained: try inputs.fuse.untrained.results(by: scorer).first, fusion: try inputs.fuse.fusion.first(),
            views: Dictionary(catalog.photographs.map { ($0.id, $0.viewpoint.rawValue) }) { first, _ in first },
            trained: trains
                ? Dictionary(grouping: trained.values.filter { !$0.isEmpty }) { $0 }.mapValues(\.count) : nil,
            validated: validation?.answers(in: catalog).filter { !$0.answers.isEmpty }
                .compactMap { catalog[$0.query.imageID]?.whaleID } ?? [],
            isEnsemble: inputs.expand.models.isPresent)
    }

    /// The effect of the adapter between views, from the searches of all seeds and folds.
    private func adapterEffect(_ inputs: Inputs, _ options: Options) throws -> AdapterEffect {
        let rows = inputs.search.acrossViews
        return AdapterEffect(
            zip(rows.nodes, try rows.all()).map { ($0.seed ?? 0, $1) }, resamples: options.resamples, seed: Self.seed,
            absence: try inputs.adapter.all().compactMap(\.absence).first)
    }

    private func rows(
        _ before: [QueryResult], _ after: [QueryResult], _ reasons: [CauseRow], _ catalog: Catalog
    ) -> [QueryRow] {
        let first = Dictionary(
            reasons.filter { $0.order == 1 }.map { ($0.queryID, $0.cause.rawValue) }, uniquingKeysWith: { $1 })
        return zip(after, before).map { after, before in
            QueryRow(
                after, before: before, viewpoint: catalog[after.imageID]?.viewpoint.rawValue ?? "",
                cause: first[after.queryID] ?? "")
        }
    }
}

/// Leaves right matches from a query's own encounter out of rankings: they may show the same waves and plants.
struct OtherEncounters {
    private let catalog: Catalog

    /// Nil if no query names its encounter.
    init?(_ catalog: Catalog, scenarios: [Scenario]) {
        let knows = scenarios.contains { $0.queries.contains { catalog[$0.imageID]?.encounterID != nil } }
        guard knows else { return nil }
        self.catalog = catalog
    }

    func results(_ results: [QueryResult], ranks: RightRanks) -> [QueryResult] {
        let byQuery = ranks.byQuery
        return results.map { result in
            let encounter = catalog[result.imageID]?.encounterID
            return result.leavingOut(
                { encounter != nil && catalog[$0]?.encounterID == encounter }, of: byQuery[result.queryID] ?? [])
        }
    }
}

/// Distinguishes right from wrong matches by the labels.
struct RankingScorer {
    let scenarios: [Scenario]
    let labels: Labels
    let whales: [String: String]

    /// One result for every query of the scenarios, in their order; a query without matches has an empty one. `ranks`
    /// are those of right matches in the whole database, if they are known.
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
