import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Results
import Retrieval

/// Ranks each scenario's database for its queries by the ensemble's cosine similarity. It also derives from the
/// similarity how near each photograph is to its own animal and to others, and which names are suspect.
struct SearchStage: Stage {
    struct Inputs: StageInputs {
        let questions: QuestionInput
        let ensemble: EnsembleInput
        let adapter: AdapterInput
        let catalog: CatalogInput

        init(_ declare: inout DeclaredInputs) {
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

        init(_ declare: inout DeclaredOptions) {
            k = declare(\.search.$k)
            _ = declare(\.search.$join)
            ensemble = EnsembleOptions(&declare)
            adapter = AdapterOptions(&declare)
            trained = declare.trainedMembers()
        }
    }

    let name = StageName.search
    let version = 6
    let outputs = [
        SearchFiles.neighbours.name, SearchFiles.ranks.name, SearchFiles.novelty.name, SearchFiles.suspects.name,
        SearchFiles.suspectSummary.name, SearchFiles.typical.name,
    ]
    let optionalOutputs = [SearchFiles.acrossViews.name]

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let catalog = try inputs.catalog.catalog()
        let embeddings = try inputs.ensemble.embeddings(options.ensemble)
        let asked = try AskedCatalog(inputs.questions, catalog)
        let rows = EmbeddingRows(embeddings, path: EmbedFiles.embeddings.name)
        let novelty = NoveltySearch(catalog: catalog, whales: asked.whales)
        // If folds are joined, each validation photograph trained some model.
        var samples =
            workspace.node.fold == nil ? [] : try novelty.validation(inputs.questions.split.first(), rows: rows)
        let (rankings, ranks) = try asked.rankings(
            in: embeddings, from: EmbedFiles.embeddings.name, by: SearchPlan(), count: options.k,
            progress: workspace.progress
        ) { samples += try novelty.samples(of: $0, in: $1) }
        try workspace.write(rankings, to: SearchFiles.neighbours)
        try workspace.write(ranks, to: SearchFiles.ranks)
        try workspace.write(samples, to: SearchFiles.novelty)
        let trained =
            options.trained.isEmpty ? [] : Set(try inputs.questions.split.all().flatMap { $0.images(.train) })
        let (suspects, quality, typical) = try IdentitySuspect.found(
            in: catalog, whales: asked.whales, rows: rows, trained: trained, rankings: rankings)
        try workspace.write(suspects, to: SearchFiles.suspects)
        try workspace.write(typical, to: SearchFiles.typical)
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

/// The scenarios of a run and the photographs' animals and encounters.
struct AskedCatalog {
    let scenarios: [Scenario]
    /// The animal of each photograph, if it is known.
    let whales: [String: String]
    let catalog: Catalog

    init(_ questions: QuestionInput, _ catalog: Catalog) throws {
        self.init(scenarios: try questions.scenarios(), whales: try questions.whales(), catalog: catalog)
    }

    init(scenarios: [Scenario], whales: [String: String], catalog: Catalog) {
        self.scenarios = scenarios
        self.whales = whales
        self.catalog = catalog
    }

    /// Ranks all scenarios: the photographs returned, and the ranks of the right ones in the whole database.
    ///
    /// Messages name the `file` of the embeddings. `visit` is called with each scenario as it is ranked, after the
    /// steps.
    func rankings(
        in embeddings: LabelledEmbeddings, from file: String, by plan: SearchPlan, count: Int,
        progress: (RunProgress) -> Void, visit: (Scenario, RetrievalSet) throws -> Void = { _, _ in }
    ) throws -> (Rankings, RightRanks) {
        let views = Dictionary(catalog.photographs.map { ($0.id, $0.viewpoint) }) { first, _ in first }
        var rows: [RightRanks.Row] = []
        let rankings = try Rankings(
            scenarios, in: embeddings, by: plan, count: count, whales: whales, embeddingsPath: file,
            progress: progress
        ) { scenario, set in
            rows += try RightRanks.rows(of: scenario, in: set, by: plan.reRanking, whales: whales, views: views)
            try visit(scenario, set)
        }
        return (rankings, RightRanks(rows: rows))
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
        for (position, scenario) in scenarios.enumerated() {
            try Task.checkCancellation()
            progress(RunProgress(done: position, total: scenarios.count, unit: "scenarios"))
            let places = Dictionary(scenario.database.enumerated().map { ($1, $0) }) { first, _ in first }
            let set = try RetrievalSet(
                queries: rows.matrix(of: scenario.queries.map(\.imageID)), database: rows.matrix(of: scenario.database),
                ownRows: scenario.queries.map { places[$0.imageID] }
            ).applying(plan.steps)
            let found = try set.neighbours(count: count, by: SearchPlan(reRanking: plan.reRanking))
            try visit(scenario, set)
            for (query, neighbours) in zip(scenario.queries, found) {
                let whale = whales[query.imageID]
                let answers = neighbours.map { neighbour in
                    let id = scenario.database[neighbour.row]
                    let other = whales[id]
                    return Answer(
                        imageID: id, score: neighbour.score,
                        isRelevant: whale == nil || other == nil ? nil : whale == other)
                }
                queries.append(Query(scenario: scenario.id, id: query.id, imageID: query.imageID, answers: answers))
            }
        }
        progress(RunProgress(done: scenarios.count, total: scenarios.count, unit: "scenarios"))
        self.init(queries: queries)
    }
}

/// Embeddings by image_id.
struct EmbeddingRows {
    private let matrix: EmbeddingMatrix
    private let rows: [String: Int]
    private let path: String

    /// Finds the row of each photograph; messages name the embeddings' file, `path`.
    init(_ embeddings: LabelledEmbeddings, path: String) {
        matrix = embeddings.matrix
        rows = Dictionary(embeddings.ids.enumerated().map { ($1, $0) }) { first, _ in first }
        self.path = path
    }

    /// Whether a photograph has an embedding; an unreadable one does not.
    func has(_ id: String) -> Bool { rows[id] != nil }

    /// One row for each photograph, in the given order.
    ///
    /// - Throws: ``FileError`` for a photograph without an embedding.
    func matrix(of ids: [String]) throws -> EmbeddingMatrix {
        try matrix.selecting(
            rows: ids.map { id in
                guard let row = rows[id] else {
                    throw FileError.malformed(
                        path: path, line: nil, problem: "photograph \(quoted: id) has no embedding",
                        remedy: "Embed the folder again.")
                }
                return row
            })
    }
}
