import Basics
import Catalog
import Configuration
import Evaluation
import Retrieval

/// The measures of `evaluation.json`.
///
/// Each list has one entry for every seed and fold. The first stands for the run in everything that is told query by
/// query; the others give the spread.
struct EvaluationReport {
    /// The node that made each entry.
    let runs: [Node]
    /// After training, by plain cosine.
    let before: [[QueryResult]]
    /// After query extension: the final ranking.
    let after: [[QueryResult]]
    /// The final ranking by the networks as they were before training; empty where that is not known.
    let untrained: [[QueryResult]]
    /// The models of ensembles, each alone; empty where one model ranks.
    let models: [Model]
    /// The final ranking of the first entry, by the views of query and database.
    let pairs: ViewpointPairs
    let scenarios: [Scenario]
    /// The animals that training saw.
    let trained: Set<String>
    /// What made the final ranking.
    let plan: SearchPlan
    /// What a bridge between views did; nil where none was asked for.
    let bridge: BridgeEffect?
    let resamples: Int
    let seed: UInt64

    /// A model of an ensemble by its final ranking.
    struct Model {
        let member: String
        let seed: Int?
        let fold: Int
        let weight: Double
        let results: [QueryResult]
    }

    var json: JSONValue {
        var json: [String: JSONValue] = [
            "pooled": measures(after[0]).adding("seeds", spread(of: \.seed)).adding("folds", spread(of: \.fold))
                .adding("curve_intervals", curveIntervals(after[0])),
            "scenarios": .object(
                Dictionary(
                    scenarios.map { scenario in
                        let own = after[0].filter { $0.scenario == scenario.id }
                        let database = JSONValue.number(Double(scenario.database.count))
                        return (scenario.id, measures(own).adding("database", database))
                    }, uniquingKeysWith: { first, _ in first })),
            "viewpoints": .array(pairs.pairs.map(measures)), "animals": animals(after[0]),
            "populations": populations(after[0]),
            "untrained": untrained.first.map { measures($0).adding("populations", populations($0)) } ?? .null,
            "training": training?.json ?? .null, "expanded": expanded,
        ]
        if let bridge { json["bridge"] = bridge.json }
        if !models.isEmpty {
            json["members"] = .array(models.map(member))
            // What re-ranks gives no similarities that could be added up.
            if plan.reRanking == nil { json["summed"] = measures(summed) }
        }
        return .object(json)
    }

    /// The final ranking scored as the write-up's code did: its similarities were added up without being divided by the
    /// weights, so that the scores of the likeliest answers meet at the limit and are ties.
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

    private func member(_ model: Model) -> JSONValue {
        measures(model.results).adding("member", .string(model.member))
            .adding("fold", .number(Double(model.fold))).adding("seed", .number(Double(model.seed ?? 0)))
    }

    /// Null where no query has an answer.
    private func measures(_ results: [QueryResult]) -> JSONValue {
        Summary(results, resamples: resamples, seed: seed)?.json ?? .null
    }

    /// An interval for each place of the curve; null where there is none.
    private func curveIntervals(_ results: [QueryResult]) -> JSONValue {
        Summary.curveIntervals(of: results, resamples: resamples, seed: seed)
            .map { .array($0.map { .interval($0) }) } ?? .null
    }

    private func measures(_ pair: ViewpointPairs.Pair) -> JSONValue {
        measures(pair.results).adding("query", .string(pair.query)).adding("database", .string(pair.database))
    }

    /// Each animal that was asked for, by name; its photographs succeed and fail together, so there is no interval.
    private func animals(_ results: [QueryResult]) -> JSONValue {
        let byAnimal = Dictionary(grouping: results.filter { !$0.whaleID.isEmpty }, by: \.whaleID)
        return .object(
            byAnimal.mapValues { own in
                let summary = Summary(own, resamples: 0, seed: 0)
                return [
                    "map": summary.map { .number($0.map) } ?? .null,
                    "top1": summary.map { .number($0.top1) } ?? .null,
                    "queries": .number(Double(own.count)),
                    "answerable": .number(Double(summary?.answerable ?? 0)),
                ]
            })
    }

    private func populations(_ results: [QueryResult]) -> JSONValue {
        [
            "known": measures(results.filter { trained.contains($0.whaleID) }),
            "unseen": measures(results.filter { !trained.contains($0.whaleID) }),
        ]
    }

    /// mAP@20 of each seed, or fold.
    private func spread(of part: (Node) -> Int?) -> JSONValue { spread(of: part, in: after).json }

    private func spread(of part: (Node) -> Int?, in rankings: [[QueryResult]]) -> Spread {
        Spread(
            zip(runs, rankings).compactMap { run, results in
                Summary(results, resamples: 0, seed: 0).map { (part: part(run) ?? 0, value: $0.map) }
            })
    }

    /// What training did; nil where nothing was trained, or what was before it is not known.
    private var training: TrainingEffect? {
        guard let first = untrained.first else { return nil }
        return TrainingEffect(
            without: first, with: after[0], seedsWithout: spread(of: \.seed, in: untrained).values,
            seedsWith: spread(of: \.seed, in: after).values, seed: seed)
    }

    private var expanded: JSONValue {
        let effect = ExpansionEffect(before: before[0], after: after[0])
        return [
            "steps": .array(plan.descriptions.map(JSONValue.string)), "before": measures(before[0]),
            "after": measures(after[0]), "gained": .number(Double(effect.gained)),
            "lost": .number(Double(effect.lost)), "unchanged": .number(Double(effect.unchanged)),
        ]
    }
}

extension JSONValue {
    /// The object with one more member.
    func adding(_ key: String, _ value: JSONValue) -> JSONValue {
        .object((object ?? [:]).merging([key: value]) { $1 })
    }
}
