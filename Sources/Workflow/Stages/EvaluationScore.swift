import Catalog
import Digests
import Evaluation
import Results
import Retrieval

/// Scores the rankings of a run: the measures of `evaluation.json`.
///
/// Each list has one entry for every seed and fold. Results by query are those of the first entry; the others only give
/// the spread.
struct EvaluationScore {
    /// The node that made each entry.
    let runs: [Node]
    /// The ranking after training, by plain cosine.
    let before: [[QueryResult]]
    /// The ranking after query extension, which is final.
    let after: [[QueryResult]]
    /// The final ranking by the networks before training; empty if they are unknown.
    let untrained: [[QueryResult]]
    /// The models of ensembles, each alone; empty for a single model.
    let models: [Model]
    /// The final ranking of the first entry, by the views of query and database.
    let pairs: ViewpointPairs
    let scenarios: [Scenario]
    /// The animals that training saw.
    let trained: Set<String>
    /// The steps that made the final ranking.
    let plan: SearchPlan
    /// The effect of a bridge between views; nil if none is configured.
    let bridge: AdapterEffect?
    /// What each model recognises of the animal and of its background; nil if it is not checked.
    let background: [BackgroundEffect]?
    /// Whether each model distinguishes an animal's sides; nil if it is not checked.
    let laterality: [LateralityEffect]?
    /// The final ranking of the first entry, without right matches from the query's own encounter; nil if no encounters
    /// are known.
    let otherEncounters: [QueryResult]?
    /// The rankings by networks, by marks and by both; nil if marks are not matched.
    let fusion: FusionScore?
    let resamples: Int
    let seed: UInt64

    /// A model of an ensemble and its final ranking.
    struct Model {
        let member: String
        let seed: Int?
        let fold: Int
        let weight: Double
        let results: [QueryResult]
    }

    /// The contents of `evaluation.json`, computed from the rankings and the other parts.
    func result(
        _ contract: EvaluationContract, novelty: NoveltyMeasures, causes: CauseSummary
    ) -> EvaluationResult {
        EvaluationResult(
            contract: contract,
            pooled: Measured(
                measures(after[0]),
                Spreads(
                    seeds: spread(of: \.seed, in: after), folds: spread(of: \.fold, in: after),
                    curveIntervals: Summary.curveIntervals(of: after[0], resamples: resamples, seed: seed))),
            scenarios: Dictionary(
                scenarios.map { scenario in
                    let own = after[0].filter { $0.scenario == scenario.id }
                    return (scenario.id, Measured(measures(own), ScenarioSize(database: scenario.database.count)))
                }, uniquingKeysWith: { first, _ in first }),
            viewpoints: pairs.pairs.map {
                Measured(measures($0.results), ViewpointPair(query: $0.query, database: $0.database))
            },
            animals: Dictionary(grouping: after[0].filter { !$0.whaleID.isEmpty }, by: \.whaleID)
                .mapValues(AnimalMeasures.init),
            populations: populations(after[0]),
            untrained: untrained.first.map {
                Measured(measures($0), UntrainedPopulations(populations: populations($0)))
            }, training: training,
            expanded: ExpandedMeasures(
                steps: plan.descriptions, before: measures(before[0]), after: measures(after[0]),
                effect: ExpansionEffect(before: before[0], after: after[0])), bridge: bridge, background: background,
            laterality: laterality,
            members: models.isEmpty
                ? nil
                : models.map {
                    Measured(
                        measures($0.results), ModelName(member: $0.member, seed: $0.seed ?? 0, fold: $0.fold))
                },
            // Re-ranking and joined marks give no similarities that could be summed.
            summed: models.isEmpty || plan.reRanking != nil || fusion != nil ? nil : measures(summed),
            otherEncounters: otherEncounters.flatMap(measures), fusion: fusion?.measures(measures, seed: seed),
            novelty: novelty, causes: causes)
    }

    /// The final ranking, scored as in the write-up's code: similarities are summed but not divided by the weights, so
    /// that the best matches all reach the limit and tie.
    private var summed: [QueryResult] {
        let own = models.filter { $0.seed == runs[0].seed && (runs[0].fold == nil || $0.fold == runs[0].fold) }
        let total = own.reduce(0) { $0 + $1.weight }
        return after[0].map { result in
            QueryResult(
                scenario: result.scenario, queryID: result.queryID, imageID: result.imageID, whaleID: result.whaleID,
                relevant: result.relevant,
                answers: result.answers.map {
                    .init(score: ScoreMapping.writeUp(Float(total * $0.score)), isRelevant: $0.isRelevant)
                })
        }
    }

    /// The measures; nil if no query is answerable.
    private func measures(_ results: [QueryResult]) -> Summary? {
        Summary(results, resamples: resamples, seed: seed)
    }

    private func populations(_ results: [QueryResult]) -> Populations {
        Populations(
            known: measures(results.filter { trained.contains($0.whaleID) }),
            unseen: measures(results.filter { !trained.contains($0.whaleID) }))
    }

    /// The spread of mAP@20 over seeds, or over folds.
    private func spread(of part: (Node) -> Int?, in rankings: [[QueryResult]]) -> Spread {
        Spread(
            zip(runs, rankings).compactMap { run, results in
                Summary(results, resamples: 0, seed: 0).map { (part: part(run) ?? 0, value: $0.map) }
            })
    }

    /// The effect of training; nil if nothing was trained, or the state before is unknown.
    private var training: TrainingEffect? {
        guard let first = untrained.first else { return nil }
        return TrainingEffect(
            without: first, with: after[0], seedsWithout: spread(of: \.seed, in: untrained).values,
            seedsWith: spread(of: \.seed, in: after).values, seed: seed)
    }
}

/// Scores the rankings by the networks' similarity, by matched marks, and by both.
struct FusionScore {
    /// One ranking, of the first seed and fold.
    struct Ranking {
        let results: [QueryResult]
        /// Without right matches from the query's own encounter; nil if no encounters are known.
        let otherEncounters: [QueryResult]?
    }

    let rankings: [FusionMeasures.Name: Ranking]
    /// The ranking by the networks alone before training; nil if it is not known.
    let untrained: [QueryResult]?
    let fusion: Fusion
    /// The view of each query photograph.
    let views: [String: String]
    /// The number of training photographs of each animal that has one; nil if nothing is trained.
    let trained: [String: Int]?
    /// The animals of the validation photographs that chose the scores, one for each photograph.
    let validated: [String]
    let isEnsemble: Bool

    func measures(_ measures: ([QueryResult]) -> Summary?, seed: UInt64) -> FusionMeasures {
        func parts(_ results: [QueryResult], by key: (QueryResult) -> String) -> [String: Summary] {
            Dictionary(grouping: results, by: key).compactMapValues(measures)
        }
        func rows(_ results: [QueryResult]) -> [QueryRow] {
            results.map { QueryRow($0, before: $0, viewpoint: "") }
        }
        func group(_ whale: String, _ trained: [String: Int]) -> String {
            TrainingPhotographs(count: trained[whale] ?? 0).rawValue
        }
        func ranking(_ name: FusionMeasures.Name) -> FusionMeasures.Ranking {
            let results = rankings[name]?.results ?? []
            return FusionMeasures.Ranking(
                name: name, pooled: measures(results),
                otherEncounters: rankings[name]?.otherEncounters.flatMap(measures),
                scenarios: parts(results, by: \.scenario), viewpoints: parts(results) { views[$0.imageID] ?? "" },
                training: trained.map { trained in parts(results) { group($0.whaleID, trained) } })
        }
        func test(_ name: FusionMeasures.Name, against other: [QueryResult]) -> FusionMeasures.Test {
            let own = rankings[name]?.results ?? []
            return FusionMeasures.Test(
                name, Comparison(old: rows(other), new: rows(own), oldSeeds: [], newSeeds: [], seed: seed))
        }
        func test(_ name: FusionMeasures.Name, against other: FusionMeasures.Name) -> FusionMeasures.Test {
            test(name, against: rankings[other]?.results ?? [])
        }
        return FusionMeasures(
            fusion, untrained: untrained.flatMap(measures), network: ranking(.network), marks: ranking(.marks),
            both: ranking(.both),
            tests: .init(
                marks: test(.marks, against: .network), both: test(.both, against: .network),
                network: test(.both, against: .marks),
                training: untrained.map { test(.network, against: $0) }), isEnsemble: isEnsemble,
            validationTraining: trained.map { trained in
                Dictionary(grouping: validated) { group($0, trained) }.mapValues(\.count)
            })
    }
}

extension EvaluationContract {
    /// Describes the data and the rules of an evaluation.
    ///
    /// `results` are those of the final ranking, query by query, and `run` is its node. The search returns `returned`
    /// photographs for a query. `splitDigest` is the SHA-256 of `split.csv`, `broken` the number of unreadable
    /// photographs that were left out, and `trains` whether any member is trained.
    init(
        scenarios: [Scenario], catalog: Catalog, results: [QueryResult], returned: Int, splitDigest: String,
        broken: Int,
        run: Node, trains: Bool
    ) {
        let knowsEncounters = scenarios.contains { scenario in
            scenario.queries.contains { catalog[$0.imageID]?.encounterID != nil }
        }
        self.init(
            metric: "mAP@\(AveragePrecision.limit)", k: AveragePrecision.limit, returned: returned,
            queries: results.count(where: \.isAnswerable), asked: results.count, scenarios: scenarios.count,
            sameEncounter: knowsEncounters
                ? Self.sameEncounter(scenarios, catalog) : "unknown, because no query names its encounter",
            encountersKnown: knowsEncounters, trained: trains,
            queriesDigest: Self.digest(scenarios) { $0.queries.map { "\($0.id),\($0.imageID)" } },
            databaseDigest: Self.digest(scenarios, \.database), splitDigest: "sha256:\(splitDigest)",
            run: Run(seed: run.seed, fold: run.fold), brokenPhotographs: broken > 0 ? broken : nil)
    }

    /// Whether right matches are from the query's own encounter. All queries of a ranking share one database, so a
    /// scenario can exclude them only by keeping the encounters of queries out of the database.
    private static func sameEncounter(_ scenarios: [Scenario], _ catalog: Catalog) -> String {
        let shares = scenarios.map { $0.answersOfOwnEncounter(in: catalog) }
        let (count, total) = shares.reduce((0, 0)) { ($0.0 + $1.count, $0.1 + $1.total) }
        return count == 0
            ? "none is a correct match"
            : "\(count) of \(total) correct matches are from their query's encounter"
    }

    private static func digest(_ scenarios: [Scenario], _ lines: (Scenario) -> [String]) -> String {
        let text = scenarios.map { ([$0.id] + lines($0)).joined(separator: "\n") }.joined(separator: "\n\n")
        return "sha256:" + Digest.of(text)
    }
}
