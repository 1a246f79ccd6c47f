import Basics
import Configuration
import Evaluation
import Jobs

/// Shows where a model looked: heat maps over the photographs that went worst as queries, each beside its first wrong and its first
/// right answer, and over those.
struct ExplainStage: Stage {
    static let pairs = "pairs.csv"
    static let heatMaps = "heat-maps.csv"
    static let summary = "explain.json"

    let name = StageName.explain
    let version = 3
    let options = [
        "explain", "embed.mirror", "train.kind", "train.members.*.train", "train.members.*.backbone",
        "train.members.*.image-size", "train.members.*.fit",
    ]
    let inputs: [StageName: [String]] = [
        .train: TrainStage.modelFiles, .expand: [ExpandStage.neighbours, ExpandStage.ranks],
        .evaluate: [EvaluateStage.queries],
    ]
    let data: Set<DataPart> = [.metadata, .photographs, .weights]
    let outputs = [pairs, heatMaps, summary]
    let usesBackend = true

    func perform(_ context: StageContext) async throws -> JSONValue {
        let configuration = context.configuration
        let queries = try QueryRow.read(context.input(.evaluate, EvaluateStage.queries))
            .worstPhotographsFirst.prefix(configuration.explain.queries)
        let pairs = ExplainedPair.pairs(
            of: Array(queries), ranking: try Rankings.read(context.input(.expand, ExpandStage.neighbours)),
            ranks: try RightRanks.read(context.input(.expand, ExpandStage.ranks)))
        try ExplainedPair.write(pairs, to: context.output(Self.pairs))
        let facts = try await context.run(
            .explain(
                ExplainJob(
                    data: configuration.resolvedData,
                    model: context.model(),
                    pairs: context.output(Self.pairs).path, map: configuration.explain.map,
                    mirror: configuration.embed.mirror, device: context.device,
                    output: context.output(Self.heatMaps).path)))
        let summary = facts.adding("queries", .number(Double(queries.count)))
            .adding("pairs", .number(Double(pairs.count)))
            .adding("map", .string(configuration.explain.map.rawValue))
        try AtomicFile.write(summary.text, to: context.output(Self.summary))
        return summary
    }
}
