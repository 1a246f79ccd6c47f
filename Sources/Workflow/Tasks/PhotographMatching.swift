import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Jobs

/// Embeds new photographs with the models that embedded a catalogue, and matches them against it.
struct PhotographMatching {
    let catalog: Catalog
    /// The perceptual hashes of the catalogue's photographs by id, as far as they are known.
    let hashes: [String: UInt64]
    /// The patterns for names of files.
    let patterns: PatternChoice
    let question: IdentificationQuestion
    let worker: Worker
    let device: DeviceChoice
    let precision: Precision
    let mirror: Bool
    /// The catalogue's marks; nil if only networks rank.
    var marks: MarkComparison?
    let environment: [String: String]

    /// The models, with their weights in the ensemble.
    typealias Models = [(model: EmbedJob.Model, weight: Double)]

    /// The result; photographs that cannot be decoded are reported and left out.
    ///
    /// `known` has the catalogue's photographs, embedded with the same models. Without a calibration there is no
    /// probability, and `reason` says why.
    ///
    /// - Throws: `CatalogError`, `FileError`, ``StageFailure``.
    func identified(
        among known: LabelledEmbeddings, by models: Models, _ calibration: Calibration?, reason: String?,
        observer: some RunObserver
    ) async throws -> Identified {
        let broken = try NewPhotographs.broken(among: question.photographs)
        let unreadable = Set(broken.map(\.photograph.id))
        let readable = question.photographs.filter { !unreadable.contains($0.path) }
        let ranking = AnimalRanking(known, of: catalog, question)
        var photographs: [Identified.Photograph] = []
        var answers: [AnimalRanking.Answer] = []
        var matches: [Identified.Pair: [MarkMatch]] = [:]
        if !readable.isEmpty {
            let (asked, marks) = try await compared(readable, with: known.ids, by: models, observer: observer)
            let files = CataloguedFiles(catalog, hashes: hashes)
            photographs = try asked.ids.map { path in
                let same = try files.same(as: URL(filePath: path)).map(\.id)
                return Identified.Photograph(
                    path: path, viewpoint: try question.viewpoint ?? patterns.viewpoint(ofFileAt: path),
                    catalogued: same, nearlyCatalogued: same.isEmpty ? try files.near(URL(filePath: path)) : [])
            }
            answers = try ranking.answers(
                to: asked, from: photographs.map(\.viewpoint), own: ownRows(of: photographs, in: known), marks: marks)
            matches = try marks.map { try matched(answers, asked.ids, $0) } ?? [:]
        }
        return Identified(
            question: question, photographs: photographs,
            answers: answers.map { answer in
                Identified.Answer(
                    candidates: answer.candidates,
                    probabilityOfNew: answer.nearest.flatMap { calibration?.probability(ofNewAt: $0) },
                    isNew: answer.nearest.flatMap { calibration?.isNew($0) })
            },
            unreadable: broken.map { ($0.photograph.id, "\($0.error)") }, matches: matches, catalog: catalog,
            reason: reason,
            animalsWithoutView: ranking.withoutView)
    }

    /// The rows with the same file as a photograph, or as any of the photographs queried together.
    private func ownRows(of photographs: [Identified.Photograph], in known: LabelledEmbeddings) -> [Set<Int>] {
        let rows = Dictionary(known.ids.enumerated().map { ($1, $0) }) { first, _ in first }
        let own = photographs.map { Set($0.catalogued.compactMap { rows[$0] }) }
        return question.together ? own.map { _ in own.reduce([]) { $0.union($1) } } : own
    }

    /// The matched marks of each new photograph and the nearest photograph of each of its candidates.
    private func matched(
        _ answers: [AnimalRanking.Answer], _ paths: [String], _ marks: MarkComparison.Scores
    ) throws -> [Identified.Pair: [MarkMatch]] {
        var result: [Identified.Pair: [MarkMatch]] = [:]
        for (place, path) in paths.enumerated() {
            for candidate in answers[question.together ? 0 : place].candidates {
                guard let nearest = candidate.photographs.first else { continue }
                result[.init(path: path, id: nearest.id)] = try marks.matches(of: path, with: nearest.id)
            }
        }
        return result
    }

    /// The embeddings of new photographs, and their marks matched with those of the catalogue's photographs `ids`.
    private func compared(
        _ urls: [URL], with ids: [String], by models: Models, observer: some RunObserver
    ) async throws -> (LabelledEmbeddings, MarkComparison.Scores?) {
        let temporary = try TemporaryFolder("identify")
        defer { temporary.remove() }
        let place = temporary.url
        let asked = try NewPhotographs.catalog(of: urls, in: place.appending(path: "photographs"))
        let data = DataSettings(folder: asked.directory.path)
        var members: [(url: URL, weight: Double)] = []
        for (number, entry) in models.enumerated() {
            let file = place.appending(path: "\(number).npy")
            try await FolderEmbedding(
                data: data, model: entry.model, mirror: mirror, device: device,
                precision: precision, output: file, environment: environment
            ).run(worker, observer: observer)
            members.append((file, entry.weight))
        }
        let embeddings = try LabelledEmbeddings.ensemble(members)
        let scores = try await marks?.scores(
            of: data, ids: embeddings.ids, rows: ids, worker: worker, observer: observer)
        return (embeddings, scores)
    }
}
