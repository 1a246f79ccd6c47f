import Basics
import Configuration
import Foundation
import Jobs
import Results

/// Computes every photograph's embedding, a vector of unit length: with the trained network and, for comparison, with
/// the network before training; for a member without training only with its backbone's pooled features.
struct EmbedStage: Stage {
    struct Inputs: StageInputs {
        let model: ModelInput
        let photographs: CatalogInput

        init(_ declare: inout DeclaredInputs) {
            model = ModelInput(&declare)
            photographs = declare.photographs()
        }
    }

    struct Options: StageOptions {
        let embed: EmbedSettings
        let skipsBroken: Bool
        let model: ModelOptions

        init(_ declare: inout DeclaredOptions) {
            embed = declare(\.$embed)
            skipsBroken = declare(\.$skipsBroken)
            model = ModelOptions(&declare)
        }
    }

    let name = StageName.embed
    let version = 6
    let outputs = [EmbedFiles.embeddings.name, EmbedFiles.photographs.name]
    let optionalOutputs = [EmbedFiles.untrained.name, EmbedFiles.untrainedPhotographs.name]
    let usesBackend = true
    let isShared = true

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let node = workspace.node
        var passes = [(file: EmbedFiles.embeddings, model: try inputs.model.trained(options.model, node))]
        // The initial weights of an imported model are unknown.
        if options.model.trains(node), !workspace.buildsOnImport {
            passes.append((EmbedFiles.untrained, try inputs.model.untrained(options.model, node)))
        }
        let count = passes.count
        var facts: [String: JSONValue] = [:]
        for (position, pass) in passes.enumerated() {
            let job = EmbedJob(
                data: inputs.photographs.settings, model: pass.model, mirror: options.embed.mirror,
                skipsBroken: options.skipsBroken, device: workspace.device, precision: workspace.precision,
                output: pass.file.url(in: workspace.folder).path)
            let name = position == 0 ? "trained model" : "before training"
            facts[pass.file.name] = try await workspace.run(.embed(job)) { progress in
                RunProgress(
                    done: progress.done, total: progress.total, unit: progress.unit, rate: progress.rate,
                    note: count > 1 ? name : progress.note)
            }
        }
        return .object(facts)
    }
}

/// The options that determine the network of the node's member: pooled features, or a trained model.
struct ModelOptions: StageOptions {
    private let trained: Set<String>
    private let networks: [String: MemberSettings]
    /// The options of the network before training.
    private let train: TrainSettings

    init(_ declare: inout DeclaredOptions) {
        trained = declare.trainedMembers()
        train = declare(\.train, \.$pooling, \.$neck)
        networks = declare.networks()
    }

    /// Whether the node's member has a training.
    func trains(_ node: Node) -> Bool { node.member.map(trained.contains) ?? false }

    fileprivate func network(_ node: Node) throws -> MemberSettings { try networks.own(node) }

    fileprivate func settings(for member: MemberSettings) -> TrainSettings { train.applied(to: member) }
}

/// The source of a network: a trained model, or weights.
struct ModelInput: StageInputs {
    private let description: Input<ModelDescription>
    private let weights: MemberWeightsInput

    init(_ declare: inout DeclaredInputs) {
        _ = declare(TrainFiles.weights)
        description = declare(TrainFiles.description)
        weights = declare.memberWeights()
    }

    /// The model that embeds: the trained one, or the backbone's pooled features without training.
    func trained(_ options: ModelOptions, _ node: Node) throws -> EmbedJob.Model {
        options.trains(node)
            ? .trained(directory: try description.place().deletingLastPathComponent().path)
            : try untrained(options, node)
    }

    /// The member without training: the pooled features of its weights. If weights are random, all of them or those
    /// that join a hybrid's parts, it is the network at the start of training, including the neck.
    func untrained(_ options: ModelOptions, _ node: Node) throws -> EmbedJob.Model {
        let member = try weights.resolved(options.network(node), for: node)
        guard case .whole(let weights) = member.weights, weights != MemberWeights.unnamed else {
            return .untrained(member: member, train: options.settings(for: member), seed: node.seed ?? 0)
        }
        return .backbone(member)
    }
}
