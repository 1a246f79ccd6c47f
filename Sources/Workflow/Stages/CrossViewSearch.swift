import Basics
import Catalog
import Configuration
import Evaluation
import Results
import Retrieval

/// Searches across views, with and without a bridge: each query of one view against the database photographs of the
/// other.
struct CrossViewSearch {
    let catalog: Catalog
    /// The animal of each photograph, if it is known.
    let whales: [String: String]
    let plain: EmbeddingRows
    /// Embeddings mapped to the lateral view.
    let lateral: EmbeddingRows
    /// Embeddings mapped to the top view.
    let top: EmbeddingRows
    /// The share of the bridged similarity.
    let weight: Double

    /// One row for each answerable query, scenario by scenario.
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

/// The embeddings mapped to each view, if there is an adapter between views.
struct AdapterInput: StageInputs {
    private let lateral: Input<NPYMatrix>
    private let top: Input<NPYMatrix>

    init(_ declare: inout DeclaredInputs) {
        lateral = declare(AdapterFiles.lateral)
        top = declare(AdapterFiles.top)
    }

    /// Searches across views, with and without the adapter; empty if a model has none, because it has too few animals.
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

/// The options of the adapter between views that a search reads.
struct AdapterOptions: StageOptions {
    let isAskedFor: Bool
    /// The share of the adapted similarity.
    let weight: Double

    init(_ declare: inout DeclaredOptions) {
        isAskedFor = declare(\.bridge.$kind) != .off
        weight = declare(\.bridge.$weight)
    }
}
