import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Matching
import Results

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

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let catalog = try inputs.catalog.catalog()
        let scenarios = try inputs.questions.scenarios()
        // If folds are joined, each validation photograph trained some model.
        let validation =
            workspace.node.fold == nil ? nil : try Scenario.validation(catalog, inputs.questions.split.first())
        let features = try MarkedPhotographs(inputs.features.place())
        let search = try LocalSearch(features, features, options.match)
        let near = try options.ensemble.map { ensemble in
            let embeddings = try inputs.ensemble.embeddings(ensemble)
            return Shortlist(
                rows: EmbeddingRows(embeddings, path: EmbedFiles.embeddings.name), count: options.match.shortlist ?? 1)
        }
        let total = (scenarios + [validation].compactMap(\.self)).reduce(0) { $0 + $1.queries.count }
        var done = 0
        let start = ContinuousClock.now
        func scores(_ scenario: Scenario) throws -> [Float] {
            let shortlist = try near?.rows(of: scenario)
            return try search.scores(of: PhotographPairs(scenario), shortlist: shortlist) { count in
                try Task.checkCancellation()
                done += count
                workspace.progress(
                    RunProgress(
                        done: done, total: total, unit: "queries",
                        rate: Double(done) / (ContinuousClock.now - start).seconds))
            }
        }
        try workspace.write(Self.matrix(scenarios.flatMap(scores)), to: MatchFiles.scores)
        if let validation { try workspace.write(Self.matrix(scores(validation)), to: MatchFiles.calibration) }
        let summary = MatchSummary(
            pairs: scenarios.reduce(0) { $0 + $1.queries.count * $1.database.count },
            calibrating: validation?.queries.count ?? 0)
        try workspace.write(summary, to: MatchFiles.summary)
        return try JSONValue(encoding: summary)
    }

    private static func matrix(_ values: [Float]) -> NPYMatrix {
        NPYMatrix(rows: values.count / LocalScores.columns, columns: LocalScores.columns, values: values)
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
