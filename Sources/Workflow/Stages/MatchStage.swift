import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Jobs
import Marks
import Results
import Retrieval

/// Matches the marks of each query with those of its database, and those of the validation photographs, which calibrate
/// the scores.
struct MatchStage: Stage {
    struct Inputs: StageInputs {
        let questions: QuestionInput
        let features: Input<Data>
        let catalog: CatalogInput
        let ensemble: EnsembleInput

        init(_ declare: inout DeclaredInputs) {
            questions = QuestionInput(&declare)
            features = declare(KeypointFiles.features)
            catalog = declare.catalog()
            ensemble = EnsembleInput(&declare)
        }
    }

    struct Options: StageOptions {
        let match: MatchSettings
        /// Nil if every pair is matched, whatever the networks find.
        let ensemble: EnsembleOptions?

        init(_ declare: inout DeclaredOptions) {
            match = declare(\.match, \.$kind, \.$neighbours, \.$verify, \.$verified, \.$shortlist)
            ensemble = match.shortlist == nil ? nil : EnsembleOptions(&declare)
        }
    }

    let name = StageName.match
    let version = 1
    let outputs = [MatchFiles.scores.name, MatchFiles.summary.name]
    let optionalOutputs = [MatchFiles.calibration.name]
    let isShared = true

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let catalog = try inputs.catalog.catalog()
        let scenarios = try inputs.questions.scenarios()
        // If folds are joined, each validation photograph trained some model.
        let validation =
            workspace.node.fold == nil ? nil : try Scenario.validation(catalog, inputs.questions.split.first())
        let near = try options.ensemble.map { ensemble in
            let embeddings = try inputs.ensemble.embeddings(ensemble)
            return Shortlist(
                rows: EmbeddingRows(embeddings, path: EmbedFiles.embeddings.name), count: options.match.shortlist ?? 1)
        }
        func pairs(_ scenario: Scenario) throws -> PhotographPairs {
            try PhotographPairs(scenario, shortlist: near?.rows(of: scenario))
        }
        var tables: [ScoreTable] = [(MatchFiles.scores, try scenarios.map(pairs))]
        if let validation { tables.append((MatchFiles.calibration, [try pairs(validation)])) }
        if workspace.worker.crew.count > 1 {
            try await workspace.share(tables, marks: inputs.features.place(), options.match)
        } else {
            try workspace.match(tables, marks: inputs.features.place(), options.match)
        }
        let summary = MatchSummary(pairs: scenarios.pairs, calibrating: validation?.queries.count ?? 0)
        try workspace.write(summary, to: MatchFiles.summary)
        return try JSONValue(encoding: summary)
    }
}

/// A file, and the comparisons whose scores it receives.
private typealias ScoreTable = (file: ResultFile<NPYMatrix>, comparisons: [PhotographPairs])

extension Workspace {
    /// Scores the pairs in this process.
    fileprivate func match(
        _ tables: [ScoreTable], marks: URL, _ settings: MatchSettings
    ) throws {
        let marks = try MarkedPhotographs(marks)
        let search = try LocalSearch(marks, marks, settings)
        let total = tables.flatMap { $0.comparisons }.reduce(0) { $0 + $1.queries.count }
        var done = 0
        let start = ContinuousClock.now
        for (file, comparisons) in tables {
            let scores = try comparisons.flatMap { pairs in
                try search.scores(of: pairs) { count in
                    try Task.checkCancellation()
                    done += count
                    progress(
                        RunProgress(
                            done: done, total: total, unit: "queries",
                            rate: Double(done) / (ContinuousClock.now - start).seconds))
                }
            }
            try write(NPYMatrix(localScores: scores), to: file)
        }
    }

    /// Scores the pairs in several processes, which read them from files; the store does not keep these.
    fileprivate func share(
        _ tables: [ScoreTable], marks: URL, _ settings: MatchSettings
    ) async throws {
        let job = MatchJob(
            features: marks.path, settings: settings,
            tables: try tables.map { file, comparisons in
                let output = file.url(in: folder)
                let pairs = output.deletingPathExtension().appendingPathExtension("json")
                try AtomicFile.write(JSONValue(encoding: comparisons).canonicalText, to: pairs)
                return MatchJob.Table(pairs: pairs.path, output: output.path)
            })
        _ = try await run(.match(job))
    }
}

/// The database photographs that the networks find most similar to each query.
private struct Shortlist {
    let rows: EmbeddingRows
    let count: Int

    /// For each query of a scenario the positions in its database, ascending.
    func rows(of scenario: Scenario) throws -> [[Int]] {
        try ScenarioCosines(scenario, rows).set.neighbours(count: count).map { $0.map(\.row).sorted() }
    }
}

extension Scenario {
    private static let validationRule = ScenarioRule(name: "validation") {
        $0.queries.roles = [.validation]
        $0.database.roles = [.train, .validation]
    }

    /// The validation photographs against the other photographs of training and validation, without the test; the
    /// photographs of an encounter are either all queries or all database. Nil if no query is answerable.
    static func validation(_ catalog: Catalog, _ split: Split) throws -> Scenario? {
        do {
            return try ScenarioBuilder(catalog, split: split).scenarios(by: [validationRule]).scenarios.first
        } catch ScenarioError.empty {
            return nil
        }
    }
}
