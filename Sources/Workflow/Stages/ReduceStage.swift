import Basics
import Configuration
import Evaluation
import Results
import Retrieval

/// Reduces the embeddings of the first ensemble to maps in the plane: principal components, and t-SNE.
struct ReduceStage: Stage {
    struct Inputs: StageInputs {
        let ensemble: EnsembleInput

        init(_ declare: inout DeclaredInputs) { ensemble = EnsembleInput(&declare) }
    }

    struct Options: StageOptions {
        let reduce: ReduceSettings
        let ensemble: EnsembleOptions

        init(_ declare: inout DeclaredOptions) {
            reduce = declare(\.$reduce)
            ensemble = EnsembleOptions(&declare)
        }
    }

    let name = StageName.reduce
    let version = 1
    let outputs = [ReduceFiles.map.name, ReduceFiles.summary.name]

    /// The fewest photographs on a map; with fewer, neighbourhoods have no meaning.
    private static let fewest = 4

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let settings = options.reduce
        let all = try inputs.ensemble.embeddings(options.ensemble)
        let chosen = Self.chosen(all.ids, settings.photographs, seed: workspace.seed)
        var summary = ReduceSummary(photographs: chosen.count, of: all.ids.count, steps: settings.steps)
        var rows: [EmbeddingMap.Row] = []
        if chosen.count < Self.fewest {
            workspace.message("no map: there are \(chosen.count) photographs, but it needs \(Self.fewest)")
        } else {
            let matrix = try all.matrix.selecting(rows: chosen)
            let components = PrincipalComponents(of: matrix, count: 2)
            let tsne = try TSNE(
                of: matrix, from: components, perplexity: settings.perplexity, steps: settings.steps
            ) { step in
                try Task.checkCancellation()
                workspace.progress(RunProgress(done: step, total: settings.steps, unit: "steps"))
            }
            rows = zip(chosen, zip(components.coordinates, tsne.coordinates)).map { row, places in
                EmbeddingMap.Row(
                    imageID: all.ids[row], components: SIMD2(places.0.first ?? 0, places.0.count > 1 ? places.0[1] : 0),
                    neighbourhood: SIMD2<Double>(places.1))
            }
            summary.variance = components.shares
            summary.perplexity = tsne.perplexity
            summary.divergence = tsne.divergence
        }
        try workspace.write(EmbeddingMap(rows: rows), to: ReduceFiles.map)
        try workspace.write(summary, to: ReduceFiles.summary)
        return try JSONValue(encoding: summary)
    }

    /// The rows to map, in their order: all, or a random sample of `count`.
    private static func chosen(_ ids: [String], _ count: Int, seed: Int) -> [Int] {
        guard ids.count > count else { return Array(ids.indices) }
        var generator = SeededGenerator(seed: UInt64(bitPattern: Int64(seed)), "reduce")
        return generator.shuffled(ids.indices).prefix(count).sorted()
    }
}
