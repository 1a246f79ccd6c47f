import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Jobs
import Networks
import Results
import Torch

extension ExplainJob {
    /// Makes two maps of each pair, one over either photograph, and writes `heat-maps.csv`.
    ///
    /// The network computes in float32 whatever it was trained in: gradients of half precision vanish.
    ///
    /// - Throws: ``FileError``, ``CatalogError``, ``ImagingError`` for a broken photograph, ``TorchError``,
    ///   ``TrainingError/unknownPhotograph(id:list:)``.
    public func perform(report: (Event) -> Void) throws {
        let device = try device.resolved()
        let catalog = try data.catalog()
        let pairs = try distinctPairs()
        let files = try pairs.flatMap { $0 }.map { id in
            guard let photograph = catalog[id] else {
                throw TrainingError.unknownPhotograph(id: id, list: self.pairs)
            }
            return catalog.file(of: photograph)
        }
        let model = try model.network(computing: .float32, on: device)
        let explainer = PairExplainer(network: model.network, mirror: mirror, map: map)
        let batches = model.loader.batches(of: files, batchSize: 2)
        let start = ContinuousClock.now
        var rows: [HeatMapRow] = []
        for (position, pair) in pairs.enumerated() {
            guard let batch = try batches.next() else { break }
            let (similarity, maps) = try explainer.explanation(of: batch.tensor(on: device))
            guard similarity.isFinite else { throw TrainingError.brokenEmbedding(id: pair[0]) }
            for (ids, map) in zip([pair, pair.reversed()], maps) {
                rows.append(
                    HeatMapRow(imageID: ids[0], partnerImageID: ids[1], similarity: similarity, map: map))
            }
            let done = position + 1
            report(
                .progress(
                    done: done, total: pairs.count, unit: "pairs", rate: Double(done) / start.elapsedSeconds, note: nil)
            )
        }
        try ExplainFiles.heatMaps.write(rows, in: URL(filePath: output).deletingLastPathComponent())
        let map = rows.first?.map
        report(
            .finished(
                facts: try JSONValue(encoding: Facts(height: map?.height, width: map?.width, fit: model.fit))))
    }

    /// Query and answer, each pair of photographs once.
    private func distinctPairs() throws -> [[String]] {
        var seen: Set<Set<String>> = []
        return try ExplainFiles.pairs.read(in: URL(filePath: pairs).deletingLastPathComponent()).map {
            [$0.queryImageID, $0.imageID]
        }
        .filter { seen.insert(Set($0)).inserted }
    }
}
