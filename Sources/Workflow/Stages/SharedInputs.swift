import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Results
import Retrieval

/// The scenarios of the evaluation, and the animals of photographs.
struct QuestionInput: StageInputs {
    let split: Input<Split>
    private let scenarioSet: Input<ScenarioSet>

    init(_ declare: inout DeclaredInputs) {
        split = declare(SplitFiles.split)
        scenarioSet = declare(SplitFiles.scenarios)
    }

    /// The scenarios of the first fold.
    func scenarios() throws -> [Scenario] { try scenarioSet.first().scenarios }

    /// The animal of each photograph according to the split; photographs without a name are left out.
    func whales() throws -> [String: String] { try split.first().whales }
}

/// The embeddings of every model of an ensemble.
struct EnsembleInput: StageInputs {
    private let matrices: Input<NPYMatrix>

    init(_ declare: inout DeclaredInputs) {
        matrices = declare(EmbedFiles.embeddings)
        _ = declare(EmbedFiles.photographs)
    }

    /// The models, each with the file of its embeddings.
    var models: [(node: Node, url: URL)] { matrices.places }

    /// The joined embeddings.
    ///
    /// - Throws: As ``LabelledEmbeddings/ensemble(_:)``.
    func embeddings(_ options: EnsembleOptions) throws -> LabelledEmbeddings {
        try .ensemble(matrices.places.map { (url: $0.url, weight: options.weight(of: $0.node)) })
    }
}

/// The embeddings of every model of an ensemble, after training and before.
struct TrainedEnsembleInput: StageInputs {
    let trained: EnsembleInput
    private let untrained: Input<NPYMatrix>

    init(_ declare: inout DeclaredInputs) {
        trained = EnsembleInput(&declare)
        untrained = declare(EmbedFiles.untrained)
        _ = declare(EmbedFiles.untrainedPhotographs)
    }

    /// The joined embeddings before training; a member without training is the same before and after. Nil if nothing
    /// was trained, or a model's initial weights are unknown.
    func embeddingsBeforeTraining(
        _ options: EnsembleOptions, trained members: Set<String>
    ) throws -> LabelledEmbeddings? {
        func isTrained(_ node: Node) -> Bool { node.member.map(members.contains) ?? true }
        let before = zip(trained.models, untrained.places).map { after, before in
            isTrained(after.node) ? before : after
        }
        guard before.contains(where: { isTrained($0.node) }),
            before.allSatisfy({ FileManager.default.fileExists(atPath: $0.url.path) })
        else { return nil }
        return try .ensemble(before.map { (url: $0.url, weight: options.weight(of: $0.node)) })
    }
}

/// The share of each member in an ensemble's similarity.
struct EnsembleOptions: StageOptions {
    private let members: [String: MemberSettings]

    init(_ declare: inout DeclaredOptions) { members = declare.members(\.$weight) }

    /// A model's share.
    func weight(of model: Node) -> Double { model.member.flatMap { members[$0]?.weight } ?? 1 }
}
