import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Results
import Retrieval

/// Ranks a folder's scenarios by any embeddings, outside the workflow: labels are not needed.
public struct FolderSearch: Sendable {
    /// Answers to a query, as many as the competition takes.
    public static let counts = 1...AveragePrecision.limit

    private let embeddings: URL
    private let data: DataSettings
    private let count: Int
    private let plan: SearchPlan

    /// Settles what to search with.
    ///
    /// - Parameters:
    ///   - data: The folder by its absolute path.
    ///   - augment: `neighbours:alpha` of a database augmentation, which comes before every expansion.
    ///   - expand: Steps such as `alpha-qe:3:3`, in order.
    ///   - rerank: What ranks in the end, such as `k-reciprocal:20:6:0.3` or `power:7`.
    /// - Throws: ``RetrievalError/badStep(text:problem:)``, ``RetrievalError/badReRanking(text:problem:)``,
    ///   ``WorkflowError/tooManyAnswers(count:limit:)``.
    public init(
        embeddings: URL, data: DataSettings, count: Int, augment: String?, expand: [String],
        rerank: String? = nil
    ) throws {
        guard Self.counts.contains(count) else {
            throw WorkflowError.tooManyAnswers(count: count, limit: AveragePrecision.limit)
        }
        self.embeddings = embeddings
        self.data = data
        self.count = count
        let first = try augment.map { text in
            try ExpansionStep(parsing: "\(ExpansionStep.Kind.databaseAugmentation.rawValue):\(text)")
        }
        plan = SearchPlan(
            steps: [first].compactMap(\.self) + (try expand.map(ExpansionStep.init(parsing:))),
            reRanking: try rerank.map(ReRanking.init(parsing:)))
    }

    /// Writes the competition's `submission.csv`; an earlier submission is written over, and no other file.
    ///
    /// - Returns: How many queries were answered.
    /// - Throws: ``WorkflowError/noScenarioFiles(_:)``, ``WorkflowError/rowsDiffer(embeddings:rows:data:photographs:)``,
    ///   ``WorkflowError/notOurs(path:kind:)``, ``CatalogError``, ``FileError``, ``RetrievalError``.
    public func write(to output: URL) throws -> Int {
        try OutputFile.requireFree(output, orTableOf: Submission.columns, kind: "submission")
        let catalog = try data.catalog()
        guard ScenarioFiles.exist(in: catalog.directory) else { throw WorkflowError.noScenarioFiles(data.folder) }
        let rankings = try Rankings(
            ScenarioFiles.read(catalog), in: .read(embeddings, of: catalog), by: plan, count: count, whales: [:],
            embeddingsPath: embeddings.path)
        try rankings.submission().write(to: output)
        return rankings.queries.count
    }
}
