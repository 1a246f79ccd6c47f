import Basics
import Catalog
import Evaluation
import Foundation
import Results
import Retrieval

extension Rankings {
    /// Searches every scenario by a plan: exact neighbours, the query's own photograph left out, ties by database order.
    ///
    /// - Parameters:
    ///   - whales: The animal of each photograph, where it is known.
    ///   - visit: Is handed each scenario as it is ranked, after the steps.
    /// - Throws: ``RetrievalError``; ``FileError`` for a photograph without an embedding; what `visit` throws.
    init(
        _ scenarios: [Scenario], in embeddings: LabelledEmbeddings, by plan: SearchPlan, count: Int,
        whales: [String: String], embeddingsPath: String, progress: (RunProgress) -> Void = { _ in },
        visit: (Scenario, RetrievalSet) throws -> Void = { _, _ in }
    ) throws {
        let rows = EmbeddingRows(embeddings, path: embeddingsPath)
        var queries: [Query] = []
        for (position, scenario) in scenarios.enumerated() {
            try Task.checkCancellation()
            progress(RunProgress(done: position, total: scenarios.count, unit: "scenarios"))
            let places = Dictionary(scenario.database.enumerated().map { ($1, $0) }) { first, _ in first }
            let set = try RetrievalSet(
                queries: rows.matrix(of: scenario.queries.map(\.imageID)), database: rows.matrix(of: scenario.database),
                ownRows: scenario.queries.map { places[$0.imageID] }
            ).applying(plan.steps)
            let found = try set.neighbours(count: count, by: SearchPlan(reRanking: plan.reRanking))
            try visit(scenario, set)
            for (query, neighbours) in zip(scenario.queries, found) {
                let whale = whales[query.imageID]
                let answers = neighbours.map { neighbour in
                    let id = scenario.database[neighbour.row]
                    let other = whales[id]
                    return Answer(
                        imageID: id, score: neighbour.score,
                        isRelevant: whale == nil || other == nil ? nil : whale == other)
                }
                queries.append(Query(scenario: scenario.id, id: query.id, imageID: query.imageID, answers: answers))
            }
        }
        progress(RunProgress(done: scenarios.count, total: scenarios.count, unit: "scenarios"))
        self.init(queries: queries)
    }
}

/// Embeddings by image_id.
struct EmbeddingRows {
    private let matrix: EmbeddingMatrix
    private let rows: [String: Int]
    private let path: String

    /// - Parameter path: Where they come from, for messages.
    init(_ embeddings: LabelledEmbeddings, path: String) {
        matrix = embeddings.matrix
        rows = Dictionary(embeddings.ids.enumerated().map { ($1, $0) }) { first, _ in first }
        self.path = path
    }

    /// Whether there is an embedding of a photograph; of one that could not be read there is none.
    func has(_ id: String) -> Bool { rows[id] != nil }

    /// One row for each photograph, in the order given.
    ///
    /// - Throws: ``FileError`` for a photograph without an embedding.
    func matrix(of ids: [String]) throws -> EmbeddingMatrix {
        try matrix.selecting(
            rows: ids.map { id in
                guard let row = rows[id] else {
                    throw FileError.malformed(
                        path: path, line: nil, problem: "there is no embedding of \(quoted: id)",
                        remedy: "Embed the folder anew.")
                }
                return row
            })
    }
}
