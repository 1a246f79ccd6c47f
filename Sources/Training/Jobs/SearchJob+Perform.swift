import Basics
import Catalog
import Evaluation
import Foundation
import Jobs
import Marks
import Results
import Retrieval
import Torch

extension SearchJob {
    /// Ranks every scenario's database for its queries and writes `neighbors.csv`.
    ///
    /// Processes can share the databases: each searches a contiguous part, and the best of all parts are the best of the
    /// whole. The file is that of one process, since no similarity depends on the part; rank 0 writes it.
    ///
    /// - Throws: `FileError`, `RetrievalError`, `TorchError`.
    public func perform(sharedBy ranks: RankGroup? = nil, report: (Event) -> Void) throws {
        // libtorch only passes on what was found.
        ProductThreads.allow()
        let questions = URL(filePath: split)
        let scenarios = try SplitFiles.scenarios.read(in: questions).scenarios
        let whales = try SplitFiles.split.read(in: questions).whales
        let rows = try rows()
        var queries: [Rankings.Query] = []
        for (position, scenario) in scenarios.enumerated() {
            report(.progress(done: position, total: scenarios.count, unit: "scenarios", rate: nil, note: nil))
            let found = try neighbours(PhotographPairs(scenario), rows, sharedBy: ranks)
            queries += zip(scenario.queries, found).map { query, neighbours in
                Rankings.Query(query, of: scenario, found: neighbours.map { ($0.row, $0.score) }, whales: whales)
            }
        }
        if ranks.lead { try SearchFiles.neighbours.write(Rankings(queries: queries), in: URL(filePath: output)) }
        report(.finished(facts: .object([:])))
    }

    private func rows() throws -> EmbeddingRows {
        let files = models.map { URL(filePath: $0.embeddings) }
        let matrices = try zip(files, models).map { file, model in
            (embeddings: EmbeddingMatrix(try NPYMatrix.read(file)), weight: model.weight)
        }
        let list = try CSVTable.read(files[0].deletingPathExtension().appendingPathExtension("csv"))
        let column = try list.column("image_id")
        return EmbeddingRows(try .ensemble(matrices), ids: list.rows.map { $0[column] }, path: files[0].path)
    }

    private func neighbours(
        _ pairs: PhotographPairs, _ rows: EmbeddingRows, sharedBy ranks: RankGroup?
    ) throws -> [[Neighbour]] {
        let part = ranks?.part(of: pairs.database.count).rows ?? pairs.database.indices
        let set = try RetrievalSet(
            queries: rows.matrix(of: pairs.queries), database: rows.matrix(of: pairs.database[part]),
            ownRows: pairs.own.map { own in own.flatMap { part.contains($0) ? $0 - part.lowerBound : nil } })
        let found = try set.neighbours(count: count).map { neighbours in
            neighbours.map { Neighbour(row: part.lowerBound + $0.row, score: $0.score) }
        }
        return try ranks?.merged(found, count: min(count, pairs.database.count)) ?? found
    }
}

extension RankGroup {
    /// Each query's best neighbours of all processes' parts of the database.
    fileprivate func merged(_ own: [[Neighbour]], count: Int) throws -> [[Neighbour]] {
        let missing = Neighbour(row: -1, score: 0)
        let numbers = own.flatMap { found in
            (found + Array(repeating: missing, count: count - found.count)).flatMap {
                [Double($0.row), Double($0.score)]
            }
        }
        let all = try processes.gathered(Tensor(numbers, shape: [numbers.count])).doubles()
        return own.indices.map { query in
            let parts = (0..<place.count).map { rank in
                (0..<count).map { position in
                    let start = rank * numbers.count + (query * count + position) * 2
                    return Neighbour(row: Int(all[start]), score: Float(all[start + 1]))
                }.filter { $0 != missing }
            }
            return Neighbour.merged(parts, count: count)
        }
    }
}
