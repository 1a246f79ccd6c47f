import Basics
import Catalog
import Evaluation
import Foundation
import Retrieval

/// Asks across views, plainly and by a bridge: each query of one view against the database photographs of the other.
struct CrossViewSearch {
    let catalog: Catalog
    /// The animal of each photograph, where it is known.
    let whales: [String: String]
    let plain: EmbeddingRows
    /// Photographs as they would look from the side.
    let lateral: EmbeddingRows
    /// Photographs as they would look from the top.
    let top: EmbeddingRows
    /// The bridged similarity's share.
    let weight: Double

    /// One row for each query with an answer, scenario by scenario.
    ///
    /// - Throws: ``RetrievalError``; ``FileError`` for a photograph without an embedding.
    /// - Complexity: That of two searches of the database.
    func rows(_ scenarios: [Scenario]) throws -> [BridgeRow] {
        try scenarios.flatMap { scenario in
            try BridgeRow.Direction.allCases.flatMap { try rows(scenario, $0) }
        }
    }

    private func rows(_ scenario: Scenario, _ direction: BridgeRow.Direction) throws -> [BridgeRow] {
        let asksFromTop = direction == .topLateral
        func isOf(top: Bool, _ id: String) -> Bool {
            let viewpoint = catalog[id]?.viewpoint
            return top ? viewpoint == .top : viewpoint?.isLateral == true
        }
        let database = scenario.database.filter { isOf(top: !asksFromTop, $0) }
        let byWhale = Dictionary(grouping: database.indices.filter { whales[database[$0]] != nil }) {
            whales[database[$0]] ?? ""
        }
        let asked = scenario.queries.compactMap { query -> (query: Scenario.Query, whale: String, right: [Int])? in
            guard isOf(top: asksFromTop, query.imageID), let whale = whales[query.imageID], let right = byWhale[whale]
            else { return nil }
            return (query, whale, right)
        }
        guard !asked.isEmpty else { return [] }
        let ids = asked.map(\.query.imageID)
        let queries = try plain.matrix(of: ids)
        let mapped = try (asksFromTop ? lateral : top).matrix(of: ids)
        let ranked = try plain.matrix(of: database)
        let right = asked.map(\.right)
        let before = try RetrievalSet(queries: queries, database: ranked).ranks(of: right)
        let after = try RetrievalSet(queries: queries.approaching(mapped, by: weight), database: ranked)
            .ranks(of: right)
        return asked.indices.map { place in
            BridgeRow(
                direction: direction, scenario: scenario.id, queryID: asked[place].query.id, imageID: ids[place],
                whaleID: asked[place].whale, plain: before[place], bridged: after[place])
        }
    }
}

extension StageContext {
    /// Asks across views where there is a bridge to be judged, and writes what came of it.
    ///
    /// A model without a bridge, for want of animals, leaves nothing to compare: the file then has no rows.
    func askAcrossViews(
        _ embeddings: LabelledEmbeddings, in catalog: Catalog, whales: [String: String], output file: String
    ) throws {
        guard configuration.bridge.kind != .off else { return }
        var rows: [BridgeRow] = []
        if try has(.bridge, BridgeStage.lateral), try has(.bridge, BridgeStage.top) {
            func mapped(_ file: String) throws -> EmbeddingRows {
                let models = try inputs(.bridge, file).map {
                    (embeddings: EmbeddingMatrix(try .read($0.url)), weight: weight(of: $0.node))
                }
                return EmbeddingRows(
                    LabelledEmbeddings(matrix: try .ensemble(models), ids: embeddings.ids), path: file)
            }
            let search = CrossViewSearch(
                catalog: catalog, whales: whales, plain: EmbeddingRows(embeddings, path: EmbedStage.embeddings),
                lateral: try mapped(BridgeStage.lateral), top: try mapped(BridgeStage.top),
                weight: configuration.bridge.weight)
            rows = try search.rows(scenarios())
        }
        try BridgeRow.write(rows, to: output(file))
    }
}

extension BridgeEffect {
    /// What the searches of all seeds and folds say of the bridge; nil where the configuration asks for none.
    ///
    /// - Throws: ``FileError``.
    init?(_ context: StageContext, seed: UInt64) throws {
        guard context.configuration.bridge.kind != .off else { return nil }
        let absences = try context.inputs(.bridge, BridgeStage.summary).compactMap {
            try JSONValue.read($0.url)["absence"]?.string
        }
        self.init(
            try context.inputs(.search, SearchStage.bridge).map { ($0.node.seed ?? 0, try BridgeRow.read($0.url)) },
            resamples: context.configuration.evaluate.bootstrap, seed: seed, absence: absences.first)
    }
}
