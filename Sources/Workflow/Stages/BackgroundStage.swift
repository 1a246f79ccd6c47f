import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Jobs
import Results
import Retrieval

/// Checks what else than the animal a model recognises, in the worker: it ranks the queries again by the animals alone
/// and by their backgrounds alone, and compares photographs with their mirror images and with the animal's other side.
///
/// It runs only if it is configured.
struct BackgroundStage: Stage {
    struct Inputs: StageInputs {
        let model: ModelInput
        let questions: QuestionInput
        let embeddings: Input<NPYMatrix>
        let photographs: CatalogInput

        init(_ declare: inout DeclaredInputs) {
            model = ModelInput(&declare)
            questions = QuestionInput(&declare)
            embeddings = declare(EmbedFiles.embeddings)
            _ = declare(EmbedFiles.photographs)
            photographs = declare.photographs()
        }
    }

    struct Options: StageOptions {
        let mirror: Bool
        let model: ModelOptions

        init(_ declare: inout DeclaredOptions) {
            _ = declare(\.background.$check)
            mirror = declare(\.embed.$mirror)
            model = ModelOptions(&declare)
        }
    }

    let name = StageName.background
    let version = 1
    let outputs = [
        BackgroundFiles.rows.name, BackgroundFiles.laterality.name, BackgroundFiles.summary.name,
    ]
    let usesBackend = true

    /// The most photographs that are compared with their mirror images and the others.
    private static let mostCompared = 500

    func perform(_ inputs: Inputs, _ options: Options, _ workspace: Workspace) async throws -> JSONValue {
        let asked = try AskedCatalog(inputs.questions, inputs.photographs.catalog())
        let embeddings = try LabelledEmbeddings.read(inputs.embeddings.place())
        let rows = EmbeddingRows(embeddings, path: EmbedFiles.embeddings.name)
        let trains = options.model.trains(workspace.node)
        let sides = try SideComparison(
            asked, trained: trains ? Set(inputs.questions.split.first().images(.train)) : [], rows: rows,
            count: Self.mostCompared, seed: workspace.seed)
        // The mean of a photograph's embedding and its mirror image's is the same for both.
        let mirrored = options.mirror ? [] : sides.ids
        let job = BackgroundJob(
            data: inputs.photographs.settings, model: try inputs.model.trained(options.model, workspace.node),
            mirror: options.mirror,
            painted: asked.photographsInRankings.filter { photograph in
                rows.has(photograph.id) && (photograph.outline != nil || photograph.box != nil)
            }.map(\.id),
            mirrored: mirrored, device: workspace.device, precision: workspace.precision,
            output: workspace.folder.path)
        if !job.painted.isEmpty || !job.mirrored.isEmpty { _ = try await workspace.run(.background(job)) }
        let painted = try PaintedEmbeddings(in: workspace.folder)
        let found = try painted.rows(of: asked, seen: rows)
        let mirrors = try PaintedEmbeddings.rows(BackgroundJob.Files.mirrored, of: mirrored, in: workspace.folder)
        try workspace.write(found, to: BackgroundFiles.rows)
        try workspace.write(sides.rows(mirrors), to: BackgroundFiles.laterality)
        let summary = BackgroundSummary(
            outlined: painted.outlined.count, boxed: painted.ids.count - painted.outlined.count, queries: found.count,
            mirrored: mirrored.count, averagesMirror: options.mirror)
        try workspace.write(summary, to: BackgroundFiles.summary)
        try PaintedEmbeddings.remove(from: workspace.folder)
        return try JSONValue(encoding: summary)
    }
}

extension AskedCatalog {
    /// The photographs of all queries and databases, in the order of the catalogue.
    fileprivate var photographsInRankings: [Photograph] {
        let ids = Set(scenarios.flatMap { $0.queries.map(\.imageID) + $0.database })
        return catalog.photographs.filter { ids.contains($0.id) }
    }
}

/// The worker's embeddings of painted photographs.
private struct PaintedEmbeddings {
    /// The photographs, in the order of the rows.
    let ids: [String]
    /// Those with an outline.
    let outlined: Set<String>
    private let animal: EmbeddingRows?
    private let background: EmbeddingRows?

    /// Reads the files of a ``BackgroundJob``; without them there are no photographs.
    ///
    /// - Throws: ``FileError``.
    init(in folder: URL) throws {
        let regions = folder.appending(path: BackgroundJob.Files.regions)
        guard FileManager.default.fileExists(atPath: regions.path) else {
            (ids, outlined, animal, background) = ([], [], nil, nil)
            return
        }
        let table = try CSVTable.read(regions)
        let (image, region) = (try table.column("image_id"), try table.column("region"))
        ids = table.rows.map { $0[image] }
        outlined = Set(table.rows.filter { $0[region] == "outline" }.map { $0[image] })
        animal = try Self.rows(BackgroundJob.Files.animal, of: ids, in: folder)
        background = try Self.rows(BackgroundJob.Files.background, of: ids, in: folder)
    }

    /// The rows of one file; nil if there are no photographs.
    ///
    /// - Throws: ``FileError``, ``WorkflowError/rowsDiffer(embeddings:rows:data:photographs:)``.
    static func rows(_ file: String, of ids: [String], in folder: URL) throws -> EmbeddingRows? {
        guard !ids.isEmpty else { return nil }
        let matrix = EmbeddingMatrix(try NPYMatrix.read(folder.appending(path: file)))
        guard matrix.rows == ids.count else {
            throw WorkflowError.rowsDiffer(
                embeddings: file, rows: matrix.rows, data: BackgroundJob.Files.regions, photographs: ids.count)
        }
        return EmbeddingRows(LabelledEmbeddings(matrix: matrix, ids: ids), path: file)
    }

    /// Removes the files, which only the ranking needs.
    ///
    /// - Throws: ``FileError/unwritable(path:reason:)``.
    static func remove(from folder: URL) throws {
        let files = BackgroundJob.Files.self
        for name in [files.regions, files.animal, files.background, files.mirrored] {
            let file = folder.appending(path: name)
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            do {
                try FileManager.default.removeItem(at: file)
            } catch {
                throw FileError.unwritable(path: file.path, reason: FileError.reason(of: error))
            }
        }
    }

    /// The queries with a match among the painted photographs, ranked against the painted photographs of their database
    /// by each sight; `seen` has the embeddings of the photographs as they are.
    func rows(of asked: AskedCatalog, seen: EmbeddingRows) throws -> [BackgroundRow] {
        guard let animal, let background else { return [] }
        let isPainted = Set(ids)
        return try asked.scenarios.flatMap { scenario -> [BackgroundRow] in
            let database = scenario.database.filter(isPainted.contains)
            let places = Dictionary(database.enumerated().map { ($1, $0) }) { first, _ in first }
            let byWhale = Dictionary(grouping: database.indices) { asked.whales[database[$0]] }
            let queries = scenario.queries.compactMap {
                query -> (query: Scenario.Query, whale: String, right: [Int])? in
                guard isPainted.contains(query.imageID), let whale = asked.whales[query.imageID] else { return nil }
                let right = (byWhale[whale] ?? []).filter { $0 != places[query.imageID] }
                return right.isEmpty ? nil : (query, whale, right)
            }
            guard !queries.isEmpty else { return [] }
            func ranks(_ rows: EmbeddingRows) throws -> [[Int]] {
                try RetrievalSet(
                    queries: rows.matrix(of: queries.map(\.query.imageID)), database: rows.matrix(of: database),
                    ownRows: queries.map { places[$0.query.imageID] }
                ).ranks(of: queries.map(\.right))
            }
            let (everything, alone, behind) = (try ranks(seen), try ranks(animal), try ranks(background))
            return queries.enumerated().map { place, query in
                BackgroundRow(
                    scenario: scenario.id, queryID: query.query.id, imageID: query.query.imageID,
                    whaleID: query.whale,
                    candidates: database.count - (places[query.query.imageID] == nil ? 0 : 1),
                    everything: everything[place], animal: alone[place], background: behind[place])
            }
        }
    }
}

/// Photographs that did not train the model, compared with their mirror images and with the animal's other side.
private struct SideComparison {
    /// The named photographs with an embedding that did not train the model.
    private let photographs: [Photograph]
    private let whales: [String]
    private let embeddings: EmbeddingMatrix
    /// The positions of the photographs that are compared with the others.
    private let drawn: [Int]

    /// Draws at most `count` photographs at random, fixed by `seed`.
    ///
    /// - Throws: ``FileError``, ``RetrievalError``.
    init(_ asked: AskedCatalog, trained: Set<String>, rows: EmbeddingRows, count: Int, seed: Int) throws {
        let known = asked.catalog.photographs.compactMap { photograph in
            trained.contains(photograph.id) || !rows.has(photograph.id)
                ? nil : asked.whales[photograph.id].map { (photograph: photograph, whale: $0) }
        }
        photographs = known.map(\.photograph)
        whales = known.map(\.whale)
        embeddings = try rows.matrix(of: photographs.map(\.id))
        var generator = SeededGenerator(seed: UInt64(bitPattern: Int64(seed)), "sides")
        drawn = generator.shuffled(photographs.indices).prefix(count).sorted()
    }

    /// The image_ids of the drawn photographs.
    var ids: [String] { drawn.map { photographs[$0].id } }

    /// One row for each drawn photograph; `mirrors` has the embeddings of their mirror images, nil if they are unknown.
    ///
    /// - Throws: ``FileError``, ``RetrievalError``.
    /// - Complexity: O(drawn · photographs · C).
    func rows(_ mirrors: EmbeddingRows?) throws -> [LateralityRow] {
        let mirrored = try mirrors?.matrix(of: ids)
        return drawn.enumerated().map { number, place in
            let photograph = photographs[place]
            var (same, others, across, acrossOthers): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
            var shared: [Double] = []
            for other in photographs.indices where other != place {
                let isOwn = whales[other] == whales[place]
                let view = photographs[other].viewpoint
                if view == photograph.viewpoint {
                    let cosine = embeddings.similarity(place, other)
                    if isOwn { same.append(cosine) } else { others.append(cosine) }
                } else if view.isLateral, photograph.viewpoint.isLateral {
                    let cosine = embeddings.similarity(place, other)
                    if isOwn { across.append(cosine) } else { acrossOthers.append(cosine) }
                    if isOwn, let encounter = photograph.encounterID {
                        shared.append(photographs[other].encounterID == encounter ? 1 : 0)
                    }
                }
            }
            return LateralityRow(
                imageID: photograph.id, whaleID: whales[place],
                mirrored: mirrored.map { mirrored in
                    zip(embeddings[row: place], mirrored[row: number]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                }, sameAnimal: Self.mean(same), otherAnimals: Self.mean(others),
                otherSide: LateralityRow.probability(of: across, above: acrossOthers),
                sameEncounter: acrossOthers.isEmpty ? nil : Self.mean(shared))
        }
    }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
