import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Jobs
import Results

/// Matches new photographs against a project's catalogue: which animals they may show, and whether the animal is new.
///
/// The models of the first search embed them, those of the first seed and fold unless folds are joined, because the
/// probability of a new animal was fitted on them. Every photograph of a named animal in the catalogue is a candidate.
public struct Identification: Sendable {
    private let project: Project
    private let question: IdentificationQuestion

    /// Creates a task.
    public init(_ project: Project, _ question: IdentificationQuestion) {
        self.project = project
        self.question = question
    }

    /// Embeds the photographs and ranks the animals for each; photographs that cannot be decoded are reported and left
    /// out.
    ///
    /// - Throws: ``WorkflowError/notRun(node:reason:)`` for results that are missing or not current, `CatalogError`,
    ///   `FileError`, ``StageFailure``.
    public func run(observer: some RunObserver) async throws -> Identified {
        let configuration = project.configuration
        let inspector = try await project.inspector(of: [.evaluate], reading: .everything)
        // The evaluation, and so the probability, is of the first search.
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
        let marks = try search.flatMap { search -> MarkComparison? in
            guard configuration.match.isOn else { return nil }
            let fusion = try FuseFiles.fusion.read(
                in: project.results(of: Node(.fuse, seed: search.seed, fold: search.fold), inspector))
            let features = KeypointFiles.features.url(in: try project.results(of: Node(.keypoints), inspector))
            return try MarkComparison(fusion, configuration.match, marks: features)
        }
        let matching = PhotographMatching(
            catalog: try configuration.resolvedData.catalog(),
            hashes: try project.fingerprints(inspector).compactMapValues(\.perceptualHash),
            patterns: configuration.data.patterns,
            question: question, worker: project.worker,
            device: configuration.device, precision: configuration.precision, mirror: configuration.embed.mirror,
            marks: marks, environment: project.weights.environment)
        return try await matching.identified(
            among: known,
            by: try members.map { node in
                let member = try settings(node)
                return (try project.model(of: member, seed: node.seed, fold: node.fold, inspector), member.weight)
            },
            novelty.calibration, reason: novelty.reason, observer: observer)
    }
}
