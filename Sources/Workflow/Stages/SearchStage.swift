import Basics
import Catalog
import Configuration
import Evaluation
import Results
import Retrieval

/// Ranks each scenario's database for its queries by the ensemble's cosine similarity, and says what the similarity tells
/// of names: how near each photograph is to its own animal and to others, and which names are suspect.
struct SearchStage: Stage {
    struct Inputs: StageInputs {
        let questions: QuestionInput
        let ensemble: EnsembleInput
        let adapter: AdapterInput
        let catalog: CatalogInput

        init(_ declare: inout InputDeclaration) {
            questions = QuestionInput(&declare)
            ensemble = EnsembleInput(&declare)
            adapter = AdapterInput(&declare)
            catalog = declare.catalog()
        }
    }

    struct Options: StageOptions {
        let k: Int
        let ensemble: EnsembleOptions
        let adapter: AdapterOptions
        let trained: Set<String>

        init(_ declare: inout OptionDeclaration) {
            k = declare("search.k", \.search.k)
            _ = declare("search.join", \.search.join)
            ensemble = EnsembleOptions(&declare)
            adapter = AdapterOptions(&declare)
            trained = declare.trainedMembers()
        }
    }

    let name = StageName.search
    let version = 3
    let outputs = [
        SearchFiles.neighbours.name, SearchFiles.ranks.name, SearchFiles.novelty.name, SearchFiles.suspects.name,
        SearchFiles.suspectSummary.name,
    ]
    let optionalOutputs = [SearchFiles.acrossViews.name]

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let catalog = try inputs.catalog.catalog()
        let embeddings = try inputs.ensemble.embeddings(options.ensemble)
        let asked = try AskedCatalog(inputs.questions, catalog)
        let rows = EmbeddingRows(embeddings, path: EmbedFiles.embeddings.name)
        let novelty = NoveltySearch(catalog: catalog, whales: asked.whales)
        // Where folds are joined, some model was trained on each photograph that validates.
        var samples =
            workspace.node.fold == nil ? [] : try novelty.validation(inputs.questions.split.first(), rows: rows)
        let (rankings, ranks) = try asked.rankings(
            in: embeddings, from: EmbedFiles.embeddings.name, by: SearchPlan(), count: options.k, workspace
        ) { samples += try novelty.samples(of: $0, in: $1) }
        try workspace.write(rankings, to: SearchFiles.neighbours)
        try workspace.write(ranks, to: SearchFiles.ranks)
        try workspace.write(samples, to: SearchFiles.novelty)
        let trained =
            options.trained.isEmpty ? [] : Set(try inputs.questions.split.all().flatMap { $0.images(.train) })
        let (suspects, quality) = try IdentitySuspect.found(
            in: catalog, whales: asked.whales, rows: rows, trained: trained)
        try workspace.write(suspects, to: SearchFiles.suspects)
        let summary = SuspectSummary(quality)
        try workspace.write(summary, to: SearchFiles.suspectSummary)
        if let reason = quality.reason { workspace.message("no suspects: \(reason)") }
        if options.adapter.isAskedFor {
            try workspace.write(
                inputs.adapter.rows(embeddings, of: asked, options.adapter, options.ensemble),
                to: SearchFiles.acrossViews)
        }
        return ["queries": .number(Double(rankings.queries.count)), "suspects": try JSONValue(encoding: summary)]
    }
}

/// The questions of a run with the photographs that they are about.
struct AskedCatalog {
    let scenarios: [Scenario]
    /// The animal of each photograph, where it is known.
    let whales: [String: String]
    let catalog: Catalog

    init(_ questions: QuestionInput, _ catalog: Catalog) throws {
        scenarios = try questions.scenarios()
        whales = try questions.whales()
        self.catalog = catalog
    }

    /// Ranks all scenarios: the first answers, and the ranks of the right ones in the whole database.
    ///
    /// - Parameters:
    ///   - file: Where the embeddings come from, for messages.
    ///   - visit: Is handed each scenario as it is ranked, after the steps.
    func rankings(
        in embeddings: LabelledEmbeddings, from file: String, by plan: SearchPlan, count: Int, _ workspace: Workspace,
        visit: (Scenario, RetrievalSet) throws -> Void = { _, _ in }
    ) throws -> (Rankings, RightRanks) {
        let views = Dictionary(catalog.photographs.map { ($0.id, $0.viewpoint) }) { first, _ in first }
        var rows: [RightRanks.Row] = []
        let rankings = try Rankings(
            scenarios, in: embeddings, by: plan, count: count, whales: whales, embeddingsPath: file,
            progress: workspace.progress
        ) { scenario, set in
            rows += try RightRanks.rows(of: scenario, in: set, by: plan.reRanking, whales: whales, views: views)
            try visit(scenario, set)
        }
        return (rankings, RightRanks(rows: rows))
    }
}
