import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Jobs
import Results
import Retrieval

/// Ranks the scenarios of an unlabelled folder with a project's current models, in the competition's format.
///
/// All members, seeds and folds rank together: the similarity is their mean, weighted by member. Query extension and
/// re-ranking are those of the configuration.
public struct TestSubmission: Sendable {
    private let project: Project
    private let data: DataSettings
    private let scores: ScoreMapping

    /// Creates a task on a folder, given by its absolute path, with `query_scenarios.csv`; `scores` maps similarities
    /// to scores.
    public init(_ project: Project, data: DataSettings, scores: ScoreMapping) {
        self.project = project
        self.data = data
        self.scores = scores
    }

    /// The numbers of queries, rows and models of a submission.
    public struct Summary: Sendable, Equatable {
        public let queries: Int
        public let rows: Int
        public let models: Int
    }

    /// Embeds the folder with every model, ranks, checks, and only then writes.
    ///
    /// - Throws: ``WorkflowError/noScenarioFiles(_:)``, ``WorkflowError/notRun(node:reason:)`` for a model that is
    ///   missing or not current, `SubmissionError` for a query without matches, `CatalogError`, `FileError`,
    ///   ``StageFailure``.
    public func write(to output: URL, observer: some RunObserver) async throws -> Summary {
        // Errors of the folder are found before libtorch is mapped.
        try OutputFile.requireFree(output, orTableOf: Submission.columns, kind: "submission")
        let catalog = try data.catalog()
        guard ScenarioFiles.exist(in: catalog.directory) else { throw WorkflowError.noScenarioFiles(data.folder) }
        let scenarios = try ScenarioFiles.read(catalog)
        if let empty = scenarios.lazy.flatMap({ scenario in
            scenario.queries.filter { query in scenario.database.allSatisfy { $0 == query.imageID } }
                .map { SubmissionError.unanswered(query: $0.id, scenario: scenario.id) }
        }).first {
            throw empty
        }
        let models = try await models()
        let temporary = try TemporaryFolder("submit")
        let folder = temporary.url
        defer { temporary.remove() }
        var members: [(url: URL, weight: Double)] = []
        for (number, model) in models.enumerated() {
            let file = folder.appending(path: "\(number).npy")
            let embedding = FolderEmbedding(
                data: data, model: model.model,
                mirror: project.configuration.embed.mirror, device: project.configuration.device,
                precision: project.configuration.precision, output: file)
            do {
                try await embedding.run(project.worker, observer: observer)
            } catch let failure as StageFailure {
                // It contains the log.
                temporary.keep()
                throw failure
            }
            members.append((file, model.weight))
        }
        let rankings = try Rankings(
            scenarios, in: .ensemble(members), by: SearchPlan(project.configuration.expand),
            count: project.configuration.search.k, whales: [:], embeddingsPath: members[0].url.path)
        let submission = rankings.submission(scores)
        try Self.check(scenarios)(submission)
        try submission.write(to: output)
        return Summary(queries: rankings.queries.count, rows: submission.rows.count, models: models.count)
    }

    private static func check(_ scenarios: [Scenario]) -> SubmissionCheck {
        SubmissionCheck(
            scenarios.flatMap { scenario in
                scenario.queries.map { .init(id: $0.id, imageID: $0.imageID, scenario: scenario.id) }
            },
            databases: Dictionary(scenarios.map { ($0.id, Set($0.database)) }) { first, _ in first })
    }

    /// All models, with their weights in the ensemble.
    private func models() async throws -> [(model: EmbedJob.Model, weight: Double)] {
        let configuration = project.configuration
        let inspector = try await project.inspector(of: [.train], reading: .everything)
        return try configuration.train.members.flatMap { member in
            try configuration.seeds.flatMap { seed in
                try (member.folds ?? configuration.folds).map { fold in
                    (try project.model(of: member, seed: seed, fold: fold, inspector), member.weight)
                }
            }
        }
    }
}
