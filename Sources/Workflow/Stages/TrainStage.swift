import Basics
import Configuration
import Jobs

/// Trains one member of the ensemble for one seed and fold, in the worker.
struct TrainStage: Stage {
    static let modelFiles = ["model.safetensors", "model.json"]
    static let historyFile = "history.csv"

    let name = StageName.train
    let version = 3
    let options = [
        "train.pooling", "train.neck", "train.head", "train.loss", "train.optimizer", "train.schedule",
        "train.batch-size", "train.accumulation", "train.average-decay", "train.sampler", "train.selection",
        "train.augment", "train.members.*.backbone", "train.members.*.image-size", "train.members.*.fit",
        "train.members.*.stochastic-depth", "train.members.*.pooling", "train.members.*.neck",
    ]
    let inputs: [StageName: [String]] = [.split: [SplitStage.splitFile]]
    let data: Set<DataPart> = [.metadata, .photographs, .weights]
    let outputs = modelFiles + [historyFile]
    let usesBackend = true
    let resumes = true

    func perform(_ context: StageContext) async throws -> JSONValue {
        let configuration = context.configuration
        let member = try context.resolvedMember()
        return try await context.run(
            .train(
                TrainJob(
                    data: configuration.resolvedData,
                    split: context.input(.split, SplitStage.splitFile).path, member: member,
                    train: configuration.train.applied(to: member), seed: context.node.seed ?? 0,
                    fold: context.node.fold ?? 0,
                    device: context.device, precision: configuration.precision, checkpoints: configuration.checkpoints,
                    output: context.folder.path)))
    }
}

extension StageContext {
    /// The node's member with its weights files as absolute paths and its backbone's tag.
    ///
    /// - Throws: ``WorkflowError/notRun(node:reason:)`` for a node without a member of the configuration.
    func resolvedMember() throws -> MemberSettings {
        var member = try ownMember()
        member.backbone = try Weights.backbone(of: member)
        member.weights = try member.weights.map { text in
            switch try weights.place(of: text) {
            case .nowhere: return text
            case .file(let url): return url.path
            case .absent(let reference):
                throw WorkflowError.notRun(node: node.name, reason: "the weights \(reference) are not downloaded")
            }
        }
        return member
    }

    /// The node's member as the configuration has it.
    ///
    /// - Throws: ``WorkflowError/notRun(node:reason:)`` for a node without a member of the configuration.
    func ownMember() throws -> MemberSettings {
        guard let member = configuration.train.members.first(where: { $0.name == node.member }) else {
            throw WorkflowError.notRun(node: node.name, reason: "the configuration has no such member")
        }
        return member
    }

    /// The device that the key was made with.
    var device: DeviceChoice { backend.flatMap { DeviceChoice(rawValue: $0.device) } ?? .cpu }
}
