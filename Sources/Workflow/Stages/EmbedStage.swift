import Basics
import Configuration
import Jobs

/// Turns every photograph into a vector of unit length, by the trained network and by the one it started from.
struct EmbedStage: Stage {
    static let embeddings = "embeddings.npy"
    static let embeddingIDs = "embeddings.csv"
    static let untrained = "untrained.npy"
    static let untrainedIDs = "untrained.csv"

    let name = StageName.embed
    let version = 3
    /// The network before training is made of the options below `train` that shape it.
    let options = [
        "embed", "skip-broken", "train.pooling", "train.neck", "train.members.*.backbone", "train.members.*.image-size",
        "train.members.*.fit", "train.members.*.pooling", "train.members.*.neck",
    ]
    let inputs: [StageName: [String]] = [.train: TrainStage.modelFiles]
    let data: Set<DataPart> = [.metadata, .photographs, .weights]
    let outputs = [embeddings, embeddingIDs]
    let optionalOutputs = [untrained, untrainedIDs]
    let usesBackend = true

    func perform(_ context: StageContext) async throws -> JSONValue {
        let configuration = context.configuration
        let model = try context.input(.train, TrainStage.modelFiles[0]).deletingLastPathComponent()
        var passes: [(file: String, model: EmbedJob.Model)] = [(Self.embeddings, .trained(directory: model.path))]
        // What a model from elsewhere started from is not known here.
        if !context.buildsOnImport {
            let member = try context.resolvedMember()
            passes.append(
                (
                    Self.untrained,
                    .untrained(
                        member: member, train: configuration.train.applied(to: member), seed: context.node.seed ?? 0)
                ))
        }
        let count = passes.count
        var facts: [String: JSONValue] = [:]
        for (position, pass) in passes.enumerated() {
            let job = EmbedJob(
                data: configuration.resolvedData, model: pass.model, mirror: configuration.embed.mirror,
                skipsBroken: configuration.skipsBroken, device: context.device, precision: configuration.precision,
                output: context.output(pass.file).path)
            // All passes are of one length.
            facts[pass.file] = try await context.run(.embed(job)) { progress in
                RunProgress(
                    done: progress.done + position * progress.total, total: progress.total * count,
                    unit: progress.unit, rate: progress.rate, note: progress.note)
            }
        }
        return .object(facts)
    }
}
