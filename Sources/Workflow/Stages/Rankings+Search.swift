import Basics
import Catalog
import Evaluation
import Foundation
import Retrieval

extension Rankings {
    /// Searches every scenario by a plan: exact neighbours, the query's own photograph left out, ties by database order.
    ///
    /// - Parameter whales: The animal of each photograph, where it is known.
    /// - Throws: ``RetrievalError``; ``FileError`` for a photograph without an embedding.
    init(
        _ scenarios: [Scenario], in embeddings: LabelledEmbeddings, by plan: SearchPlan, count: Int,
        whales: [String: String], embeddingsPath: String, progress: (RunProgress) -> Void = { _ in }
    ) throws {
        let rows = Dictionary(embeddings.ids.enumerated().map { ($1, $0) }) { first, _ in first }
        func row(_ id: String) throws -> Int {
            guard let row = rows[id] else {
                throw FileError.malformed(
                    path: embeddingsPath, line: nil, problem: "there is no embedding of '\(id)'",
                    remedy: "Embed the folder anew.")
            }
            return row
        }
        var queries: [Query] = []
        for (position, scenario) in scenarios.enumerated() {
            try Task.checkCancellation()
            progress(RunProgress(done: position, total: scenarios.count, unit: "scenarios"))
            let places = Dictionary(scenario.database.enumerated().map { ($1, $0) }) { first, _ in first }
            let set = try RetrievalSet(
                queries: embeddings.matrix.selecting(rows: scenario.queries.map { try row($0.imageID) }),
                database: embeddings.matrix.selecting(rows: scenario.database.map(row)),
                ownRows: scenario.queries.map { places[$0.imageID] })
            let found = try set.neighbours(count: count, by: plan)
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

extension StageContext {
    /// The ensemble's embeddings of this node's seed and fold.
    func embeddings(_ file: String) throws -> LabelledEmbeddings {
        let weights = Dictionary(
            configuration.train.members.map { ($0.name, $0.weight) }, uniquingKeysWith: { first, _ in first })
        return try .ensemble(
            inputs(.embed, file).map { (url: $0.url, weight: $0.node.member.flatMap { weights[$0] } ?? 1) })
    }

    /// The animal of each photograph, as the split has it; of one that nobody has named there is none.
    func whales() throws -> [String: String] {
        let split = try Split.read(input(.split, SplitStage.splitFile))
        return Dictionary(split.rows.filter { !$0.whaleID.isEmpty }.map { ($0.imageID, $0.whaleID) }) { first, _ in
            first
        }
    }

    /// The questions of the evaluation.
    func scenarios() throws -> [Scenario] { try ScenarioSet.read(input(.split, SplitStage.scenarioFile)).scenarios }
}
