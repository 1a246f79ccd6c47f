import Algorithms
import Basics
import Configuration
import Evaluation
import Foundation
import Jobs
import Marks
import Results

/// Shows what made photographs similar: heat maps of the worst queries, each paired with its first wrong and its first
/// right match, and of these matches; and the marks that match, if marks are matched.
struct ExplainStage: Stage {
    struct Inputs: StageInputs {
        let model: ModelInput
        let neighbours: Input<Rankings>
        let ranks: Input<RightRanks>
        let queries: Input<[QueryRow]>
        let features: Input<Data>
        let firstMatches: Input<[FirstMatch]>
        let confusedPairs: Input<ConfusedPairs>
        let photographs: CatalogInput

        init(_ declare: inout DeclaredInputs) {
            model = ModelInput(&declare)
            neighbours = declare(ExpandFiles.neighbours)
            ranks = declare(ExpandFiles.ranks)
            queries = declare(EvaluateFiles.queries)
            features = declare(KeypointFiles.features)
            firstMatches = declare(FuseFiles.firstMatches)
            confusedPairs = declare(EvaluateFiles.confusedPairs)
            photographs = declare.photographs()
        }
    }

    struct Options: StageOptions {
        let explain: ExplainSettings
        let mirror: Bool
        let model: ModelOptions
        let match: MatchSettings

        init(_ declare: inout DeclaredOptions) {
            match = declare(\.match, \.$kind)
            explain = declare(\.$explain)
            mirror = declare(\.embed.$mirror)
            model = ModelOptions(&declare)
        }
    }

    let name = StageName.explain
    let version = 7
    let outputs = [ExplainFiles.pairs.name, ExplainFiles.heatMaps.name, ExplainFiles.summary.name]
    let optionalOutputs = [ExplainFiles.matches.name, ExplainFiles.compared.name]
    let usesBackend = true

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let ranks = try inputs.ranks.first()
        // A photograph may be the query of several scenarios.
        let all = try inputs.queries.first()
        let queries = all.worstFirst(ranks.byQuery).uniqued(on: \.imageID).prefix(options.explain.queries)
        let pairs = ExplainedPair.pairs(of: Array(queries), ranking: try inputs.neighbours.first(), ranks: ranks)
        try workspace.write(pairs, to: ExplainFiles.pairs)
        if options.match.isOn {
            let features = try MarkedPhotographs(inputs.features.place())
            let search = try LocalSearch(features, features, options.match)
            let compared = ComparedPhotographs(search: search, catalog: try inputs.photographs.catalog())
            try workspace.write(
                pairs.flatMap { try compared.matches(of: $0.queryImageID, with: $0.imageID) },
                to: ExplainFiles.matches)
            try workspace.write(
                compared.typical(inputs.firstMatches.first(), all)
                    + compared.mostAlike(inputs.confusedPairs.first().pairs), to: ExplainFiles.compared)
        }
        let found = try await workspace.run(
            .explain(
                ExplainJob(
                    data: inputs.photographs.settings, model: inputs.model.trained(options.model, workspace.node),
                    pairs: ExplainFiles.pairs.url(in: workspace.folder).path, map: options.explain.map,
                    mirror: options.mirror, device: workspace.device,
                    output: ExplainFiles.heatMaps.url(in: workspace.folder).path))
        ).decoded(as: ExplainJob.Facts.self)
        let summary = ExplainSummary(
            queries: queries.count, pairs: pairs.count, map: options.explain.map.rawValue, fit: found.fit,
            cropShare: found.cropShare, height: found.height, width: found.width,
            animals: HeatOnAnimals(pairs, maps: try ExplainFiles.heatMaps.read(in: workspace.folder)))
        try workspace.write(summary, to: ExplainFiles.summary)
        return try JSONValue(encoding: summary)
    }
}
