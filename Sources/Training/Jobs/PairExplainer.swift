import Algorithms
import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Imaging
import Jobs
import Networks
import Results
import Torch

/// Finds the places that make a network consider two photographs similar.
///
/// Grad-CAM with the pair's cosine similarity instead of a class score: each channel of a feature map is weighted by
/// the similarity's derivative by it, averaged over the places, and the positive part of the sum remains. Two
/// quantities are held constant, since they do not distinguish one place from another. The first is the length of both
/// vectors: otherwise a photograph's content would count against itself, most of all where both are most similar. The
/// second is a channel's mean over the photograph, which batch norm removes from the embedding.
///
/// Sources: Selvaraju et al., ICCV 2017; for similarities, Zhu et al., arXiv 1909.12977.
struct PairExplainer {
    let network: EmbeddingNetwork
    /// Whether to average in the mirror image's embedding.
    let mirror: Bool
    let map: ExplainSettings.Map

    /// Computes the cosine of two photographs' embeddings, and a map over each, from images `[2, 3, S, S]`, normalised
    /// as the network expects.
    ///
    /// - Throws: `TorchError`.
    func explanation(of images: Tensor) throws -> (similarity: Double, maps: [HeatMap]) {
        let images = try mirror ? .concatenated([images, images.mirrored()], along: 0) : images.detached()
        try images.setRequiresGradient(true)
        let (all, last, beforeLast) = try network.embeddingsWithMaps(of: images)
        func pair(_ tensor: Tensor, _ mirrored: (Tensor) throws -> Tensor = { $0 }) throws -> Tensor {
            let plain = try tensor.narrowed(0, to: 0..<2)
            return try mirror ? plain + mirrored(tensor.narrowed(0, to: 2..<4)) : plain
        }
        let embeddings = try pair(all)
        let units = try embeddings / embeddings.detached().length
        let similarity = try (units.narrowed(0, to: 0..<1) * units.narrowed(0, to: 1..<2)).sum()
        let features = map == .last ? last : beforeLast
        let weights = try similarity.derivative(by: features).mean(over: [2, 3], keeping: true)
        let plain = try features.detached()
        let heat = try pair((weights * (plain - plain.mean(over: [2, 3], keeping: true))).sum(over: [1])) {
            try $0.mirrored()
        }
        let (height, width) = (heat.shape[1], heat.shape[2])
        let values = try heat.doubles()
        return (
            try similarity.item(),
            (0..<2).map { index in
                let own = values[index * height * width..<(index + 1) * height * width]
                return HeatMap(height: height, width: width, scaling: Array(own))
            }
        )
    }
}

extension Tensor {
    /// The lengths of the rows `[N, C]`, shape `[N, 1]`.
    fileprivate var length: Tensor {
        get throws { try (self * self).sum(over: [1], keeping: true).squareRoot() }
    }
}

extension ExplainJob {
    /// Makes two maps of each pair, one over each photograph, and writes `heat-maps.csv`.
    ///
    /// The network always computes in float32, because gradients of half precision vanish.
    ///
    /// - Throws: ``FileError``, also for a malformed outline; ``CatalogError``, ``ImagingError`` for a broken photograph,
    ///   ``TorchError``,
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
            for (place, map) in maps.enumerated() {
                let grid = try files[2 * position + place].animalGrid(model.loader.framing, size: model.loader.size)
                let animal = grid.flatMap { grid in
                    map.share(on: grid.cells, columns: grid.width).map {
                        HeatMapRow.Animal(heat: $0, area: grid.share)
                    }
                }
                rows.append(
                    HeatMapRow(
                        imageID: pair[place], partnerImageID: pair[1 - place], similarity: similarity, map: map,
                        animal: animal))
            }
            let done = position + 1
            report(
                .progress(
                    done: done, total: pairs.count, unit: "pairs", rate: Double(done) / start.elapsedSeconds, note: nil)
            )
        }
        try ExplainFiles.heatMaps.write(rows, in: URL(filePath: output).deletingLastPathComponent())
        let (map, framing) = (rows.first?.map, model.loader.framing)
        let facts = Facts(
            height: map?.height, width: map?.width, fit: framing.fit,
            cropShare: framing.share == 1 ? nil : framing.share)
        report(.finished(facts: try JSONValue(encoding: facts)))
    }

    /// The pairs of query and database photograph, each pair once.
    private func distinctPairs() throws -> [[String]] {
        try ExplainFiles.pairs.read(in: URL(filePath: pairs).deletingLastPathComponent())
            .map { [$0.queryImageID, $0.imageID] }
            .uniqued(on: Set.init)
    }
}
