import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Jobs
import Results

/// Matches new photographs against a project's catalogue: which animals they may show, and whether it is a new one.
///
/// The models of the first search embed them, of the first seed and fold unless folds are joined, since the probability of
/// a new animal was fitted on those; every photograph of the catalogue whose animal has a name is an answer.
public struct Identification: Sendable {
    private let project: Project
    private let question: IdentificationQuestion

    /// Settles what is asked of which project.
    public init(_ project: Project, _ question: IdentificationQuestion) {
        self.project = project
        self.question = question
    }

    /// Embeds the photographs and ranks the animals for each; those that cannot be decoded are told and left out.
    ///
    /// - Throws: ``WorkflowError/notRun(node:reason:)`` for results that are not there or not current, `CatalogError`,
    ///   `FileError`, ``StageFailure``.
    public func run(observer: some RunObserver) async throws -> Identified {
        let configuration = project.configuration
        let inspector = try await project.inspector(of: [.evaluate], reading: .everything)
        // What the evaluation tells query by query, and so the probability, is of the first search.
        let search = inspector.graph.nodes.first { $0.stage == .search }
        let members = search.map(inspector.graph.upstream)?.filter { $0.stage == .embed } ?? []
        func settings(_ node: Node) throws -> MemberSettings {
            guard let member = configuration.train.members.first(where: { $0.name == node.member }) else {
                throw WorkflowError.notRun(node: node.name, reason: "the configuration has no such member")
            }
            return member
        }
        let known = try LabelledEmbeddings.ensemble(
            members.map { node in
                let folder = try project.results(of: node, inspector)
                return (url: EmbedFiles.embeddings.url(in: folder), weight: try settings(node).weight)
            })
        let novelty = try EvaluateFiles.calibration.read(in: project.results(of: Node(.evaluate), inspector))
        let matching = PhotographMatching(
            catalog: try configuration.resolvedData.catalog(), patterns: configuration.data.patterns,
            question: question, worker: project.worker,
            device: configuration.device, precision: configuration.precision, mirror: configuration.embed.mirror,
            environment: project.weights.environment)
        return try await matching.identified(
            among: known,
            by: try members.map { node in
                let member = try settings(node)
                return (try project.model(of: member, seed: node.seed, fold: node.fold, inspector), member.weight)
            },
            novelty.calibration, reason: novelty.reason, observer: observer)
    }
}
