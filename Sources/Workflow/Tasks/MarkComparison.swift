import Basics
import Configuration
import Evaluation
import Foundation
import Jobs
import Marks
import Results
import Retrieval

/// Matches the marks of new photographs with those of a catalogue, and joins them with the networks' similarity as the
/// project's search does.
struct MarkComparison {
    private let fusion: Fusion
    private let settings: MatchSettings
    private let known: MarkedPhotographs

    /// Reads the marks of a catalogue; nil if `fusion` ranks by the networks alone.
    init?(_ fusion: Fusion, _ settings: MatchSettings, marks file: URL) throws {
        guard fusion.absence == nil, fusion.parts != [.network] else { return nil }
        self.fusion = fusion
        self.settings = settings
        known = try MarkedPhotographs(file)
    }

    /// New photographs with their marks matched.
    struct Scores {
        fileprivate let comparison: MarkComparison
        fileprivate let asked: MarkedPhotographs
        fileprivate let search: LocalSearch
        /// By new photograph, then by row of the catalogue.
        fileprivate let local: [[LocalScore]]

        /// Rows of the catalogue ranked by marks and similarity together.
        func ranked(_ neighbours: [Neighbour], of query: Int) -> [Neighbour] {
            let fusion = comparison.fusion
            return neighbours.map { neighbour in
                Neighbour(
                    row: neighbour.row,
                    score: Float(
                        fusion.score(
                            fusion.parts, cosine: Double(neighbour.score), of: .plain,
                            local: local[query][neighbour.row])))
            }.sorted(by: Neighbour.isBefore)
        }

        /// The matches of a new photograph with one of the catalogue: first those that one map explains.
        func matches(of path: String, with id: String) throws -> [MarkMatch] {
            try search.matches(of: path, with: id, count: MatchedMark.limit)
        }
    }

    /// Matches the marks of a folder of new photographs with the catalogue's, whose rows have the ids `rows`.
    ///
    /// - Throws: ``StageFailure``, ``FileError``, `RetrievalError`.
    func scores(
        of asked: DataSettings, ids: [String], rows: [String], worker: Worker, observer: some RunObserver
    ) async throws -> Scores {
        let folder = URL(filePath: asked.folder)
        let file = folder.deletingLastPathComponent().appending(path: KeypointFiles.features.name)
        let job = KeypointsJob(data: asked, settings: settings, skipsBroken: false, output: file.path)
        try await worker.run(
            .keypoints(job), as: Node(.keypoints), log: file.appendingPathExtension("log"), observer: observer)
        // The file stays mapped after its folder is removed.
        let new = try MarkedPhotographs(file)
        let search = try LocalSearch(new, known, settings)
        let values = try search.scores(of: PhotographPairs(queries: ids, database: rows)) { _ in
            try Task.checkCancellation()
        }
        let width = rows.count * LocalScores.columns
        let local = ids.indices.map { query in
            stride(from: query * width, to: (query + 1) * width, by: LocalScores.columns).map {
                LocalScore(marks: values[$0], geometry: values[$0 + 1])
            }
        }
        return Scores(comparison: self, asked: new, search: search, local: local)
    }
}
