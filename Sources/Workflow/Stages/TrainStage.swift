import Basics
import Catalog
import Configuration
import Jobs
import Results

/// Trains one member of the ensemble for one seed and fold, in the worker.
struct TrainStage: Stage {
    struct Inputs: StageInputs {
        let split: Input<Split>
        let photographs: CatalogInput
        let weights: MemberWeightsInput

        init(_ declare: inout DeclaredInputs) {
            split = declare(SplitFiles.split)
            photographs = declare.photographs()
            weights = declare.memberWeights()
        }
    }

    struct Options: StageOptions {
        let train: TrainSettings
        let networks: [String: MemberSettings]
        let depths: [String: MemberSettings]

        init(_ declare: inout DeclaredOptions) {
            train = declare(
                \.train, \.$pooling, \.$neck, \.$head, \.$loss, \.$optimizer, \.$schedule, \.$freeze,
                \.$batchSize, \.$accumulation, \.$statistics, \.$processes, \.$averageDecay, \.$sampler, \.$selection,
                \.$augment)
            networks = declare.networks()
            depths = declare.members(\.$stochasticDepth)
        }
    }

    let name = StageName.train
    let version = 4
    let outputs = [TrainFiles.weights.name, TrainFiles.description.name, TrainFiles.history.name]
    let usesBackend = true
    let resumes = true
    let isShared = true

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        var member = try inputs.weights.resolved(options.networks.own(workspace.node), for: workspace.node)
        member.stochasticDepth = try options.depths.own(workspace.node).stochasticDepth
        return try await workspace.run(
            .train(
                TrainJob(
                    data: inputs.photographs.settings, split: inputs.split.place().path, member: member,
                    train: options.train.applied(to: member), seed: workspace.seed, fold: workspace.fold,
                    device: workspace.device, precision: workspace.precision, checkpoints: workspace.checkpoints,
                    licence: inputs.weights.licence(of: member), output: workspace.folder.path)))
    }
}
