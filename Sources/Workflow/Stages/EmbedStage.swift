import Basics
import Configuration
import Jobs

/// Turns every photograph into a vector of unit length: by the trained network, and by the one before training, so that
/// both can be compared; for a member without training by its backbone's pooled features alone.
struct EmbedStage: Stage {
    static let embeddings = "embeddings.npy"
    static let embeddingIDs = "embeddings.csv"
    static let untrained = "untrained.npy"
    static let untrainedIDs = "untrained.csv"

    let name = StageName.embed
    let version = 4
    /// The network before training is made of the options below `train` that shape it.
    let options = [
        "embed", "skip-broken", "train.kind", "train.members.*.train", "train.pooling", "train.neck",
        "train.members.*.backbone", "train.members.*.image-size",
        "train.members.*.fit", "train.members.*.pooling", "train.members.*.neck",
    ]
    let inputs: [StageName: [String]] = [.train: TrainStage.modelFiles]
    let data: Set<DataPart> = [.metadata, .photographs, .weights]
    let outputs = [embeddings, embeddingIDs]
    let optionalOutputs = [untrained, untrainedIDs]
    let usesBackend = true

    func perform(_ context: StageContext) async throws -> JSONValue {
        let configuration = context.configuration
        var passes: [(file: String, model: EmbedJob.Model)] = [(Self.embeddings, try context.model())]
        // What a model from elsewhere started from is not known here.
        if try context.isTrained(), !context.buildsOnImport {
            passes.append((Self.untrained, try context.modelBeforeTraining()))
        }
        let count = passes.count
        var facts: [String: JSONValue] = [:]
        for (position, pass) in passes.enumerated() {
            let job = EmbedJob(
                data: configuration.resolvedData, model: pass.model, mirror: configuration.embed.mirror,
                skipsBroken: configuration.skipsBroken, device: context.device, precision: configuration.precision,
                output: context.output(pass.file).path)
            let name = position == 0 ? "trained model" : "before training"
            facts[pass.file] = try await context.run(.embed(job)) { progress in
                RunProgress(
                    done: progress.done, total: progress.total, unit: progress.unit, rate: progress.rate,
                    note: count > 1 ? name : progress.note)
            }
        }
        return .object(facts)
    }
}

extension StageContext {
    /// Whether the node's member has a training.
    func isTrained() throws -> Bool { configuration.train.trains(try ownMember()) }

    /// The model that embeds: the trained one, or the backbone's pooled features where nothing is trained.
    func model() throws -> EmbedJob.Model {
        try isTrained()
            ? .trained(directory: input(.train, TrainStage.modelFiles[0]).deletingLastPathComponent().path)
            : modelBeforeTraining()
    }

    /// What the member is without training: the pooled features of its weights. Where weights are drawn, wholly or in
    /// what joins a hybrid's parts, the network as training finds it, neck and all.
    func modelBeforeTraining() throws -> EmbedJob.Model {
        let member = try resolvedMember()
        guard case .whole(let weights) = member.weights, weights != MemberWeights.unnamed else {
            return .untrained(member: member, train: configuration.train.applied(to: member), seed: node.seed ?? 0)
        }
        return .backbone(name: member.backbone, weights: weights, imageSize: member.imageSize, fit: member.fit)
    }
}
