import Basics
import Catalog
import Configuration
import Evaluation
import Results
import Retrieval

/// Measures alpha query extension for several neighbours and alphas, only on the validation photographs.
///
/// They are queries against the other photographs of training and validation; the photographs of an encounter are
/// either all queries or all database. The test is not used, so its score stays unbiased after the best choice is
/// adopted.
struct SweepStage: Stage {
    struct Inputs: StageInputs {
        let split: Input<Split>
        let ensemble: EnsembleInput
        let catalog: CatalogInput

        init(_ declare: inout DeclaredInputs) {
            split = declare(SplitFiles.split)
            ensemble = EnsembleInput(&declare)
            catalog = declare.catalog()
        }
    }

    struct Options: StageOptions {
        let sweep: SweepSettings
        let ensemble: EnsembleOptions

        init(_ declare: inout DeclaredOptions) {
            sweep = declare(\.$sweep)
            ensemble = EnsembleOptions(&declare)
        }
    }

    let name = StageName.sweep
    let version = 1
    let outputs = [SweepFiles.choices.name, SweepFiles.summary.name]

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let sweep = try sweep(inputs, options, workspace)
        if sweep.rows.isEmpty {
            workspace.message("no sweep: no validation photograph has a match")
        }
        try workspace.write(sweep, to: SweepFiles.choices)
        try workspace.write(SweepSummary(sweep), to: SweepFiles.summary)
        return try JSONValue(encoding: SweepSummary(sweep))
    }

    private func sweep(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) throws -> ExpansionSweep {
        let catalog = try inputs.catalog.catalog()
        let split = try inputs.split.first()
        guard let scenario = try Scenario.validation(catalog, split) else {
            return ExpansionSweep(rows: [], queries: 0)
        }
        let embeddings = try inputs.ensemble.embeddings(options.ensemble)
        let whales = split.whales
        let answers = scenario.answers(in: catalog).map(\.answers.count)
        let settings = options.sweep
        let choices =
            [(neighbours: 0, alpha: 0.0)]
            + settings.neighbours.sorted().flatMap { neighbours in
                settings.alpha.sorted().map { (neighbours: neighbours, alpha: $0) }
            }
        let rows = try choices.enumerated().compactMap { position, choice -> ExpansionSweep.Row? in
            try Task.checkCancellation()
            workspace.progress(RunProgress(done: position, total: choices.count, unit: "choices"))
            let steps =
                try choice.neighbours == 0
                ? [] : [ExpansionStep(kind: .alphaQE, neighbours: choice.neighbours, alpha: choice.alpha)]
            let rankings = try Rankings(
                [scenario], in: embeddings, by: SearchPlan(steps: steps), count: AveragePrecision.limit, whales: whales,
                embeddingsPath: EmbedFiles.embeddings.name)
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
