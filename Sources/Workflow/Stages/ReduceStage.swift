import Basics
import Configuration
import Evaluation
import Retrieval

/// Reduces the embeddings of the first ensemble to maps in the plane: principal components, and t-SNE.
struct ReduceStage: Stage {
    static let map = "embedding-map.csv"
    static let summary = "reduce.json"

    let name = StageName.reduce
    let version = 1
    let options = ["reduce", "train.members.*.weight"]
    let inputs: [StageName: [String]] = [.embed: [EmbedStage.embeddings, EmbedStage.embeddingIDs]]
    let data: Set<DataPart> = []
    let outputs = [map, summary]

    /// Of fewer, nothing can be said of who is whose neighbour.
    private static let fewest = 4

    func perform(_ context: StageContext) async throws -> JSONValue {
        let settings = context.configuration.reduce
        let all = try context.embeddings(EmbedStage.embeddings)
        let chosen = Self.chosen(all.ids, settings.photographs, seed: context.node.seed ?? 0)
        var summary: JSONValue = [
            "photographs": .number(Double(chosen.count)), "of": .number(Double(all.ids.count)),
            "steps": .number(Double(settings.steps)),
        ]
        var rows: [EmbeddingMap.Row] = []
        if chosen.count < Self.fewest {
            context.message("\(NumberText.counted(chosen.count, "photograph", "photographs")) make no map")
        } else {
            let matrix = try all.matrix.selecting(rows: chosen)
            let components = PrincipalComponents(of: matrix, count: 2)
            let tsne = try TSNE(
                of: matrix, from: components, perplexity: settings.perplexity, steps: settings.steps
            ) { step in
                try Task.checkCancellation()
                context.progress(RunProgress(done: step, total: settings.steps, unit: "steps"))
            }
            rows = zip(chosen, zip(components.coordinates, tsne.coordinates)).map { row, places in
                EmbeddingMap.Row(
                    imageID: all.ids[row], components: SIMD2(places.0.first ?? 0, places.0.count > 1 ? places.0[1] : 0),
                    neighbourhood: SIMD2<Double>(places.1))
            }
            summary = summary.adding("variance", .array(components.shares.map(JSONValue.number)))
                .adding("perplexity", .number(tsne.perplexity)).adding("divergence", .number(tsne.divergence))
        }
        try EmbeddingMap(rows: rows).write(to: context.output(Self.map))
        try AtomicFile.write(summary.text, to: context.output(Self.summary))
        return summary
    }

    /// The rows that are mapped, in their order: all, or as many as are wanted, by draw.
    private static func chosen(_ ids: [String], _ count: Int, seed: Int) -> [Int] {
        guard ids.count > count else { return Array(ids.indices) }
        var generator = SeededGenerator(seed: UInt64(bitPattern: Int64(seed)), "reduce")
        return generator.shuffled(ids.indices).prefix(count).sorted()
    }
}
