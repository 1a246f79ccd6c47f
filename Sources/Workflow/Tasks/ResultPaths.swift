import Foundation
import Results

/// A result that users and other programs find by name.
public enum ResultName: String, Sendable, CaseIterable {
    case suspects, embeddings, neighbors, queries, submission, evaluation, split, history
    /// A folder: `model.safetensors` and `model.json`.
    case model

    /// The stage that makes it, and its file; an empty name is the folder itself.
    fileprivate var place: (stage: StageName, file: String) {
        switch self {
        case .suspects: (.search, SearchFiles.suspects.name)
        case .embeddings: (.embed, EmbedFiles.embeddings.name)
        // The final ranking, after query extension.
        case .neighbors: (.expand, ExpandFiles.neighbours.name)
        case .queries: (.evaluate, EvaluateFiles.queries.name)
        case .submission: (.evaluate, EvaluateFiles.submission.name)
        case .evaluation: (.evaluate, EvaluateFiles.evaluation.name)
        case .split: (.split, SplitFiles.split.name)
        case .history: (.train, TrainFiles.history.name)
        case .model: (.train, "")
        }
    }
}

extension Project {
    /// The paths of a result: one for each node that makes it, in the order of members, seeds and folds.
    ///
    /// - Throws: ``WorkflowError/notRun(node:reason:)`` for a result that is missing or not current.
    public func paths(of result: ResultName) async throws -> [URL] {
        let (stage, file) = result.place
        let inspector = try await inspector(of: [stage])
        let nodes = inspector.graph.nodes.filter { $0.stage == stage }
        guard !nodes.isEmpty else {
            throw WorkflowError.notRun(node: stage.rawValue, reason: "the configuration has no such stage")
        }
        return try nodes.map { node in
            let folder = try results(of: node, inspector)
            return file.isEmpty ? folder : folder.appending(path: file)
        }
    }
}
