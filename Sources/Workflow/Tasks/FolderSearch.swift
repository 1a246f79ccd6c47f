import Basics
import Catalog
import Evaluation
import Foundation
import Retrieval

/// Ranks a folder's scenarios by any embeddings, outside the workflow: labels are not needed.
public struct FolderSearch: Sendable {
    private let embeddings: URL
    private let data: URL
    private let count: Int
    private let steps: [ExpansionStep]

    /// Settles what to search with.
    ///
    /// - Parameters:
    ///   - augment: `neighbours:alpha` of a database augmentation, which comes before every expansion.
    ///   - expand: Steps such as `alpha-qe:3:3`, in order.
    /// - Throws: ``RetrievalError/badStep(text:problem:)``, ``WorkflowError/tooManyAnswers(count:limit:)``.
    public init(embeddings: URL, data: URL, count: Int, augment: String?, expand: [String]) throws {
        guard (1...AveragePrecision.limit).contains(count) else {
            throw WorkflowError.tooManyAnswers(count: count, limit: AveragePrecision.limit)
        }
        self.embeddings = embeddings
        self.data = data
        self.count = count
        let first = try augment.map { text in
            try ExpansionStep(parsing: "\(ExpansionStep.Kind.databaseAugmentation.rawValue):\(text)")
        }
        steps = [first].compactMap(\.self) + (try expand.map(ExpansionStep.init(parsing:)))
    }

    /// Writes the competition's `submission.csv`.
    ///
    /// - Returns: How many queries were answered.
    /// - Throws: ``WorkflowError/noScenarioFiles(_:)``, ``WorkflowError/rowsDiffer(embeddings:rows:data:photographs:)``,
    ///   ``CatalogError``, ``FileError``, ``RetrievalError``.
    public func write(to output: URL) throws -> Int {
        let catalog = try Catalog.read(data)
        guard ScenarioFiles.exist(in: data) else { throw WorkflowError.noScenarioFiles(data.path) }
        let rankings = try Rankings(
            ScenarioFiles.read(catalog), in: labelled(catalog), steps: steps, count: count, whales: [:],
            embeddingsPath: embeddings.path)
        try rankings.submission.write(to: output)
        return rankings.queries.count
    }

    /// The rows with the folder's image_ids; where a list of ids lies beside the matrix, both must agree.
    private func labelled(_ catalog: Catalog) throws -> LabelledEmbeddings {
        let ids = catalog.photographs.map(\.id)
        let matrix = EmbeddingMatrix(try NPYMatrix.read(embeddings)).unitRows()
        guard matrix.rows == ids.count else {
            throw WorkflowError.rowsDiffer(
                embeddings: embeddings.path, rows: matrix.rows, data: data.path, photographs: ids.count)
        }
        let list = LabelledEmbeddings.list(of: embeddings)
        if FileManager.default.fileExists(atPath: list.path) {
            let told = try LabelledEmbeddings.ids(list)
            if let row = ids.indices.first(where: { !told.indices.contains($0) || told[$0] != ids[$0] }) {
                throw WorkflowError.idsDiffer(
                    embeddings: embeddings.path, row: row, found: told.indices.contains(row) ? told[row] : "nothing",
                    expected: ids[row])
            }
        }
        return LabelledEmbeddings(matrix: matrix, ids: ids)
    }
}
