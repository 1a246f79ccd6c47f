import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Jobs
import Marks
import Results
import Retrieval

/// Ranks the scenarios of an unlabelled folder with a project's current models, in the competition's format.
///
/// All members, seeds and folds rank together: the similarity is their mean, weighted by member. Query extension and
/// re-ranking are those of the configuration. If it matches marks, they are joined as in the first search.
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
        let embeddings = try LabelledEmbeddings.ensemble(members)
        let (plan, count) = (try SearchPlan(project.configuration.expand), project.configuration.search.k)
        let asked = AskedCatalog(scenarios: scenarios, whales: [:], catalog: catalog)
        let rankings: Rankings
        if project.configuration.match.isOn {
            let fusion = try await fusion()
            let local = try await localScores(of: scenarios, in: folder, observer: observer)
            rankings = try asked.rankings(
                embeddings, from: members[0].url.path, .expanded, by: fusion, local, steps: plan.steps, count: count,
                progress: { _ in }
            ).0
        } else {
            rankings = try Rankings(
                scenarios, in: embeddings, by: plan, count: count, whales: [:], embeddingsPath: members[0].url.path)
        }
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

    /// The curves that join marks and similarity, of the first search.
    private func fusion() async throws -> Fusion {
        let inspector = try await project.inspector(of: [.fuse], reading: .everything)
        guard let node = inspector.graph.nodes.first(where: { $0.stage == .fuse }) else {
            throw WorkflowError.noMatching(.fuse)
        }
        return try FuseFiles.fusion.read(in: project.results(of: node, inspector))
    }

    /// The scores of every pair of the scenarios by their marks; a temporary file in `folder` keeps the marks.
    private func localScores(
        of scenarios: [Scenario], in folder: URL, observer: some RunObserver
    ) async throws -> LocalScores {
        let settings = project.configuration.match
        let file = folder.appending(path: KeypointFiles.features.name)
        let job = KeypointsJob(data: data, settings: settings, skipsBroken: false, output: file.path)
        try await project.worker.run(
            .keypoints(job), as: Node(.keypoints), log: file.appendingPathExtension("log"), observer: observer)
        let marks = try MarkedPhotographs(file)
        let search = try LocalSearch(marks, marks, settings)
        let values = try scenarios.flatMap { scenario in
            try search.scores(of: PhotographPairs(scenario)) { _ in try Task.checkCancellation() }
        }
        return try LocalScores(NPYMatrix(localScores: values), of: scenarios, path: file.path)
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
