import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Jobs
import Marks
import Results
import Retrieval

/// Ranks each scenario's database for its queries by the ensemble's cosine similarity. It also derives from the
/// similarity how near each photograph is to its own animal and to others; and from the similarity and matched marks,
/// which names are suspect.
struct SearchStage: Stage {
    struct Inputs: StageInputs {
        let questions: QuestionInput
        let ensemble: EnsembleInput
        let adapter: AdapterInput
        let features: Input<Data>
        let catalog: CatalogInput

        init(_ declare: inout DeclaredInputs) {
            questions = QuestionInput(&declare)
            ensemble = EnsembleInput(&declare)
            adapter = AdapterInput(&declare)
            features = declare(KeypointFiles.features)
            catalog = declare.catalog()
        }
    }

    struct Options: StageOptions {
        let k: Int
        let ensemble: EnsembleOptions
        let adapter: AdapterOptions
        let trained: Set<String>

        init(_ declare: inout DeclaredOptions) {
            k = declare(\.search.$k)
            _ = declare(\.search.$join)
            ensemble = EnsembleOptions(&declare)
            adapter = AdapterOptions(&declare)
            trained = declare.trainedMembers()
        }
    }

    let name = StageName.search
    let version = 8
    let outputs = [
        SearchFiles.neighbours.name, SearchFiles.ranks.name, SearchFiles.novelty.name, SearchFiles.suspects.name,
        SearchFiles.suspectSummary.name, SearchFiles.typical.name,
    ]
    let optionalOutputs = [SearchFiles.acrossViews.name]
    /// The least multiplications of a search that several processes share. Two take 1.8 s to start and to meet, and two
    /// cores 5 s for this many (Benchmarks/distributed and retrieval).
    var leastShared = 1 << 39

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let catalog = try inputs.catalog.catalog()
        let embeddings = try inputs.ensemble.embeddings(options.ensemble)
        let asked = try AskedCatalog(inputs.questions, catalog)
        let rows = EmbeddingRows(embeddings, path: EmbedFiles.embeddings.name)
        let novelty = NoveltySearch(catalog: catalog, whales: asked.whales)
        // If folds are joined, each validation photograph trained some model.
        var samples =
            workspace.node.fold == nil ? [] : try novelty.validation(inputs.questions.split.first(), rows: rows)
        var ranks: [RightRanks.Row] = []
        func visit(_ scenario: Scenario, _ set: RetrievalSet) throws {
            ranks += try asked.rightRanks(of: scenario, in: set)
            samples += try novelty.samples(of: scenario, in: set)
        }
        let rankings: Rankings
        if workspace.worker.crew.count > 1, asked.scenarios.pairs * embeddings.matrix.columns >= leastShared {
            let job = SearchJob(
                models: inputs.ensemble.models.map {
                    .init(embeddings: $0.url.path, weight: options.ensemble.weight(of: $0.node))
                },
                split: try inputs.questions.split.place().deletingLastPathComponent().path, count: options.k,
                output: workspace.folder.path)
            _ = try await workspace.run(.search(job))
            try asked.scenarios.forEachSet(rows, steps: [], progress: workspace.progress, visit)
            rankings = try SearchFiles.neighbours.read(in: workspace.folder)
        } else {
            rankings = try Rankings(
                asked.scenarios, in: embeddings, by: SearchPlan(), count: options.k, whales: asked.whales,
                embeddingsPath: EmbedFiles.embeddings.name, progress: workspace.progress, visit: visit)
            try workspace.write(rankings, to: SearchFiles.neighbours)
        }
        try workspace.write(RightRanks(rows: ranks), to: SearchFiles.ranks)
        try workspace.write(samples, to: SearchFiles.novelty)
        let trained =
            options.trained.isEmpty ? [] : Set(try inputs.questions.split.all().flatMap { $0.images(.train) })
        let names = try SuspectSearch(
            in: catalog, whales: asked.whales, rows: rows, trained: trained, rankings: rankings,
            features: inputs.features.isPresent ? MarkedPhotographs(inputs.features.place()) : nil
        ) {
            try Task.checkCancellation()
            workspace.progress($0)
        }
        try workspace.write(names.suspects, to: SearchFiles.suspects)
        try workspace.write(names.typical, to: SearchFiles.typical)
        let summary = names.summary
        try workspace.write(summary, to: SearchFiles.suspectSummary)
        if let reason = summary.reason, summary.marks == nil { workspace.message("no suspects: \(reason)") }
        if options.adapter.isAskedFor {
            try workspace.write(
                inputs.adapter.rows(embeddings, of: asked, options.adapter, options.ensemble),
                to: SearchFiles.acrossViews)
        }
        let queries = asked.scenarios.reduce(0) { $0 + $1.queries.count }
        return ["queries": .number(Double(queries)), "suspects": try JSONValue(encoding: summary)]
    }
}

/// The scenarios of a run and the photographs' animals and encounters.
struct AskedCatalog {
    let scenarios: [Scenario]
    /// The animal of each photograph, if it is known.
    let whales: [String: String]
    let catalog: Catalog
    private let views: [String: Viewpoint]

    init(_ questions: QuestionInput, _ catalog: Catalog) throws {
        self.init(scenarios: try questions.scenarios(), whales: try questions.whales(), catalog: catalog)
    }

    init(scenarios: [Scenario], whales: [String: String], catalog: Catalog) {
        self.scenarios = scenarios
        self.whales = whales
        self.catalog = catalog
        views = Dictionary(catalog.photographs.map { ($0.id, $0.viewpoint) }) { first, _ in first }
    }

    /// Ranks all scenarios: the photographs returned, and the ranks of the right ones in the whole database.
    ///
    /// Messages name the `file` of the embeddings.
    func rankings(
        in embeddings: LabelledEmbeddings, from file: String, by plan: SearchPlan, count: Int,
        progress: (RunProgress) -> Void
    ) throws -> (Rankings, RightRanks) {
        var ranks: [RightRanks.Row] = []
        let rankings = try Rankings(
            scenarios, in: embeddings, by: plan, count: count, whales: whales, embeddingsPath: file,
            progress: progress
        ) { ranks += try rightRanks(of: $0, in: $1, by: plan.reRanking) }
        return (rankings, RightRanks(rows: ranks))
    }

    /// The ranks of a scenario's right photographs; `set` has its embeddings after the plan's steps.
    fileprivate func rightRanks(
        of scenario: Scenario, in set: RetrievalSet, by reRanking: ReRanking? = nil
    ) throws -> [RightRanks.Row] {
        try RightRanks.rows(of: scenario, in: set, by: reRanking, whales: whales, views: views)
    }
}

extension Rankings {
    /// Searches every scenario by a plan: exact neighbours, the query's own photograph left out, ties by database
    /// order.
    ///
    /// `whales` has the animal of each photograph, if it is known. `visit` is called with each scenario as it is
    /// ranked, after the steps.
    ///
    /// - Throws: ``RetrievalError``; ``FileError`` for a photograph without an embedding; errors of `visit`.
    init(
        _ scenarios: [Scenario], in embeddings: LabelledEmbeddings, by plan: SearchPlan, count: Int,
        whales: [String: String], embeddingsPath: String, progress: (RunProgress) -> Void = { _ in },
        visit: (Scenario, RetrievalSet) throws -> Void = { _, _ in }
    ) throws {
        let rows = EmbeddingRows(embeddings, path: embeddingsPath)
        var queries: [Query] = []
        try scenarios.forEachSet(rows, steps: plan.steps, progress: progress) { scenario, set in
            let found = try set.neighbours(count: count, by: SearchPlan(reRanking: plan.reRanking))
            try visit(scenario, set)
            queries += zip(scenario.queries, found).map { query, neighbours in
                Query(query, of: scenario, found: neighbours.map { ($0.row, $0.score) }, whales: whales)
            }
        }
        self.init(queries: queries)
    }
}

extension [Scenario] {
    /// The number of pairs of a query and a database photograph.
    var pairs: Int { reduce(0) { $0 + $1.queries.count * $1.database.count } }

    /// Calls `visit` with each scenario and its embeddings after the steps.
    ///
    /// - Throws: As ``RetrievalSet/init(_:_:)``, and errors of `visit`.
    fileprivate func forEachSet(
        _ rows: EmbeddingRows, steps: [ExpansionStep], progress: (RunProgress) -> Void,
        _ visit: (Scenario, RetrievalSet) throws -> Void
    ) throws {
        for (position, scenario) in enumerated() {
            try Task.checkCancellation()
            progress(RunProgress(done: position, total: count, unit: "scenarios"))
            try visit(scenario, ScenarioCosines(scenario, rows, steps: steps).set)
        }
        progress(RunProgress(done: count, total: count, unit: "scenarios"))
    }
}
