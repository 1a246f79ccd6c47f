import Basics
import Catalog
import Configuration
import Evaluation
import Results
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
    func rows(_ scenarios: [Scenario]) throws -> [AdapterRow] {
        try scenarios.flatMap { scenario in
            try AdapterRow.Direction.allCases.flatMap { try rows(scenario, $0) }
        }
    }

    private func rows(_ scenario: Scenario, _ direction: AdapterRow.Direction) throws -> [AdapterRow] {
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
            AdapterRow(
                direction: direction, scenario: scenario.id, queryID: asked[place].query.id, imageID: ids[place],
                whaleID: asked[place].whale, plain: before[place], bridged: after[place])
        }
    }
}

/// The embeddings as each view would have them, where there is an adapter between views.
struct AdapterInput: StageInputs {
    private let lateral: Input<NPYMatrix>
    private let top: Input<NPYMatrix>

    init(_ declare: inout InputDeclaration) {
        lateral = declare(AdapterFiles.lateral)
        top = declare(AdapterFiles.top)
    }

    /// Asks across views, plainly and by the adapter; nothing where a model has none, for want of animals.
    func rows(
        _ embeddings: LabelledEmbeddings, of asked: AskedCatalog, _ options: AdapterOptions, _ ensemble: EnsembleOptions
    ) throws -> [AdapterRow] {
        guard lateral.isPresent, top.isPresent else { return [] }
        func mapped(_ input: Input<NPYMatrix>, _ file: ResultFile<NPYMatrix>) throws -> EmbeddingRows {
            let models = zip(input.nodes, try input.all()).map { node, matrix in
                (embeddings: EmbeddingMatrix(matrix), weight: ensemble.weight(of: node))
            }
            return EmbeddingRows(
                LabelledEmbeddings(matrix: try .ensemble(models), ids: embeddings.ids), path: file.name)
        }
        let search = CrossViewSearch(
            catalog: asked.catalog, whales: asked.whales,
            plain: EmbeddingRows(embeddings, path: EmbedFiles.embeddings.name),
            lateral: try mapped(lateral, AdapterFiles.lateral), top: try mapped(top, AdapterFiles.top),
            weight: options.weight)
        return try search.rows(asked.scenarios)
    }
}

/// What a search needs to know of the adapter between views.
struct AdapterOptions: StageOptions {
    let isAskedFor: Bool
    /// The adapted similarity's share.
    let weight: Double

    init(_ declare: inout OptionDeclaration) {
        isAskedFor = declare(\.bridge.$kind) != .off
        weight = declare(\.bridge.$weight)
    }
}
