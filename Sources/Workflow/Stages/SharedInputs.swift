import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Results
import Retrieval

/// The questions of the evaluation, and whom photographs show.
struct QuestionInput: StageInputs {
    let split: Input<Split>
    private let scenarioSet: Input<ScenarioSet>

    init(_ declare: inout InputDeclaration) {
        split = declare(SplitFiles.split)
        scenarioSet = declare(SplitFiles.scenarios)
    }

    /// The questions, by the first fold.
    func scenarios() throws -> [Scenario] { try scenarioSet.first().scenarios }

    /// The animal of each photograph, as the split has it; of one that nobody has named there is none.
    func whales() throws -> [String: String] { try split.first().whales }
}

extension Split {
    /// The animal of each photograph; of one that nobody has named there is none.
    var whales: [String: String] {
        Dictionary(rows.filter { !$0.whaleID.isEmpty }.map { ($0.imageID, $0.whaleID) }) { first, _ in first }
    }
}

/// The embeddings of every model of an ensemble.
struct EnsembleInput: StageInputs {
    private let matrices: Input<NPYMatrix>

    init(_ declare: inout InputDeclaration) {
        matrices = declare(EmbedFiles.embeddings)
        _ = declare(EmbedFiles.photographs)
    }

    /// The models, each with the place of its embeddings.
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

    init(_ declare: inout InputDeclaration) {
        trained = EnsembleInput(&declare)
        untrained = declare(EmbedFiles.untrained)
        _ = declare(EmbedFiles.untrainedPhotographs)
    }

    /// The joined embeddings before training: a member without training is the same before and after. Nil where nothing
    /// was trained, or what some model started from is not known.
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

    init(_ declare: inout OptionDeclaration) { members = declare.members(\.$weight) }

    /// A model's share.
    func weight(of model: Node) -> Double { model.member.flatMap { members[$0]?.weight } ?? 1 }
}
