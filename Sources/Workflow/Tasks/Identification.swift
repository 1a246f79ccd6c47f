import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Imaging
import Reports
import Retrieval

/// Matches new photographs against a project's catalogue: which animals they may show, and whether it is a new one.
///
/// The models of the first search embed them, of the first seed and fold unless folds are joined, since the probability of
/// a new animal was fitted on those; every photograph of the catalogue whose animal has a name is an answer.
public struct Identification: Sendable {
    private let project: Project
    private let photographs: [URL]
    private let count: Int

    /// Photographs told of an animal.
    private static let examples = 3

    /// Settles what is asked.
    ///
    /// - Parameters:
    ///   - photographs: Files, and folders of them.
    ///   - count: Animals told of each, at least 1.
    /// - Throws: ``FileError`` for what is not there.
    public init(_ project: Project, photographs: [URL], count: Int) throws {
        self.project = project
        self.photographs = try NewPhotographs(photographs).urls
        self.count = count
    }

    /// Embeds the photographs and ranks the animals for each; those that cannot be decoded are told and left out.
    ///
    /// - Throws: ``WorkflowError/notRun(node:reason:)`` for results that are not there or not current, `CatalogError`,
    ///   `FileError`, ``StageFailure``.
    public func run(observer: some RunObserver) async throws -> Identified {
        let configuration = project.configuration
        let inspector = try await project.inspector(of: [.evaluate])
        let catalogue = try configuration.resolvedData.catalog()
        // What the evaluation tells query by query, and so the probability, is of the first search.
        let search = inspector.graph.nodes.first { $0.stage == .search }
        let members = search.map(inspector.graph.upstream)?.filter { $0.stage == .embed } ?? []
        func weight(_ node: Node) -> Double {
            configuration.train.members.first { $0.name == node.member }?.weight ?? 1
        }
        let known = try LabelledEmbeddings.ensemble(
            members.map { node in
                let folder = try project.results(of: node, inspector)
                return (url: folder.appending(path: EmbedStage.embeddings), weight: weight(node))
            })
        let novelty = try JSONValue.read(
            project.results(of: Node(.evaluate), inspector).appending(path: EvaluateStage.calibration))
        let broken = NewPhotographs.broken(among: photographs)
        let unreadable = Set(broken.map(\.photograph.id))
        let readable = photographs.filter { !unreadable.contains($0.path) }
        var answers: [Identified.Photograph] = []
        if !readable.isEmpty {
            let place = FileManager.default.temporaryDirectory.appending(path: "identify-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: place) }
            let asked = try NewPhotographs.catalog(of: readable, in: place.appending(path: "photographs"))
            var models: [(url: URL, weight: Double)] = []
            for (number, node) in members.enumerated() {
                let file = place.appending(path: "\(number).npy")
                let model = try project.results(
                    of: Node(.train, member: node.member, seed: node.seed, fold: node.fold), inspector)
                try await FolderEmbedding(
                    data: DataSettings(folder: asked.directory.path), model: .trained(directory: model.path),
                    mirror: configuration.embed.mirror, device: configuration.device,
                    precision: configuration.precision, output: file
                ).run(project.worker, observer: observer)
                models.append((file, weight(node)))
            }
            answers = try self.answers(
                .ensemble(models), among: known, of: catalogue, Calibration(novelty["calibration"] ?? .null))
        }
        return Identified(
            photographs: answers, unreadable: broken.map { ($0.photograph.id, "\($0.error)") }, catalog: catalogue,
            reason: novelty["reason"]?.string)
    }

    private func answers(
        _ asked: LabelledEmbeddings, among known: LabelledEmbeddings, of catalog: Catalog, _ calibration: Calibration?
    ) throws -> [Identified.Photograph] {
        Kernels.adapt()
        let whales = known.ids.map { catalog[$0]?.whaleID }
        let animals = Set(whales.compactMap(\.self)).sorted()
        let number = Dictionary(uniqueKeysWithValues: animals.enumerated().map { ($1, $0) })
        let groups = whales.map { $0.flatMap { number[$0] } }
        let rows = Dictionary(grouping: groups.indices) { groups[$0] }
        let nearest = try RetrievalSet(queries: asked.matrix, database: known.matrix)
            .nearest(inGroups: groups, count: animals.count)
        return try nearest.enumerated().map { row, found in
            let ranked = found.enumerated().compactMap { animal, near in near.map { (animal: animal, score: $0.score) }
            }
            .sorted { ($1.score, $0.animal) < ($0.score, $1.animal) }.prefix(count)
            let candidates = try ranked.map { entry in
                let own = rows[entry.animal] ?? []
                let part = try RetrievalSet(
                    queries: asked.matrix.selecting(rows: [row]), database: known.matrix.selecting(rows: own))
                let best = try part.neighbours(count: Self.examples)[0]
                return Identified.Candidate(
                    whaleID: animals[entry.animal], score: Double(entry.score),
                    photographs: best.map { .init(id: known.ids[own[$0.row]], score: Double($0.score)) })
            }
            return Identified.Photograph(
                path: asked.ids[row], candidates: candidates,
                probabilityOfNew: candidates.first.flatMap { best in
                    calibration?.probability(ofNewAt: best.score)
                },
                isNew: candidates.first.flatMap { best in calibration?.isNew(best.score) })
        }
    }
}
