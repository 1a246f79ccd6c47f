import Basics
import Catalog
import Configuration
import Evaluation
import Foundation
import Jobs
import Networks
import Results
import Testing
import Torch

@testable import Backbones
@testable import Training

struct HeatMapTests {
    private static let width = 16

    /// Builds a small network of a family for images of ``MarkedPhotograph/side``.
    private static func network(_ family: String) throws -> (EmbeddingNetwork, ParameterStore) {
        let store = ParameterStore(seed: 1)
        let place = store.root / "backbone"
        let backbone: any Backbone =
            switch family {
            case "swin":
                try Swin(
                    .init(width: 32, depths: [1, 1, 2, 1], heads: [1, 2, 4, 8], window: 4),
                    imageSize: MarkedPhotograph.side, in: place)
            case "transformer", "class token":
                try VisionTransformer(
                    .init(width: 48, depth: 3, heads: 4, patch: 8, registers: 1, positions: .rotary),
                    imageSize: MarkedPhotograph.side, in: place)
            default: try BackboneCatalog.variant(family).network(in: place, imageSize: MarkedPhotograph.side)
            }
        let neck = store.root / "neck"
        let layer: any Layer = family == "swin" ? try GeMPooling(in: neck / "pool") : AveragePooling()
        let pooling: any Pooling =
            family == "class token"
            ? try ClassTokenPooling(backbone)
            : LastMapPooling(featureCount: backbone.featureCount, by: layer)
        return (
            EmbeddingNetwork(
                backbone: backbone, neck: try Neck(pooling: pooling, embedding: width, dropout: 0, in: neck)), store
        )
    }

    /// The least ratio of the mark's share of the heat to its share of the area: about two thirds of the measured
    /// ratios (3.8, 1.8, 7.3 and 3.9), since trainings differ a little from processor to processor. A CNN after a
    /// minute of training spreads its response over its large field of view; the last map's places are larger than the
    /// mark.
    private static let concentrations: [String: [ExplainSettings.Map: Double]] = [
        "tf_efficientnet_lite0": [.earlier: 2.5, .last: 1.3], "swin": [.earlier: 5, .last: 2.5],
        "class token": [.earlier: 3, .last: 1.7],
    ]

    @Test(
        arguments: [
            (family: "tf_efficientnet_lite0", steps: 70, rate: 2e-3), ("swin", 80, 1e-3), ("class token", 150, 2e-3),
        ])
    func `The heat of a pair with the same mark is on the mark`(family: String, steps: Int, rate: Double) throws {
        let (network, store) = try Self.network(family)
        try MarkedPhotograph.train(network, in: store, width: Self.width, steps: steps, rate: rate)
        for map in ExplainSettings.Map.allCases {
            let explainer = PairExplainer(network: network, mirror: false, map: map)
            var shares: [Double] = []
            for number in 0..<12 {
                let pair = [100_000, 200_000].map { MarkedPhotograph(animal: number % 3, number: $0 + number) }
                let explanation = try explainer.explanation(of: MarkedPhotograph.batch(pair))
                shares += zip(pair, explanation.maps).map { $0.share(of: $1) }
            }
            let concentration = shares.reduce(0, +) / Double(shares.count) / MarkedPhotograph.area
            let least = try #require(Self.concentrations[family]?[map])
            #expect(concentration > least, "\(family) \(map): \(concentration)")
        }
    }

    @Test(
        arguments: ["tf_efficientnet_lite0", "swin", "transformer", "class token"], ExplainSettings.Map.allCases)
    func `The similarity's derivative equals the quotient of small differences`(
        family: String, map: ExplainSettings.Map
    ) throws {
        let (network, _) = try Self.network(family)
        let pair = (0..<2).map { MarkedPhotograph(animal: 0, number: $0) }
        let images = try MarkedPhotograph.batch(pair)
        try images.setRequiresGradient(true)
        let (embeddings, last, beforeLast) = try network.embeddingsWithMaps(of: images)
        #expect(try embeddings.floats() == network(images.detached(), mode: .evaluation).floats())
        let features = map == .last ? last : beforeLast
        let similarity = try (embeddings.narrowed(0, to: 0..<1) * embeddings.narrowed(0, to: 1..<2)).sum()
        let derivative = try similarity.derivative(by: features)
        #expect(derivative.shape == features.shape)
        // A step along the derivative by the images changes the similarity by the square of its length.
        let (again, _, _) = try network.embeddingsWithMaps(of: images)
        let product = try (again.narrowed(0, to: 0..<1) * again.narrowed(0, to: 1..<2)).sum()
        let slope = try product.derivative(by: images)
        let squared = try (slope * slope).sum().item()
        let step = 1e-2 / squared.squareRoot()
        func moved(_ factor: Double) throws -> Double {
            let found = try network(images.detached() + slope * (factor * step), mode: .evaluation)
            return try (found.narrowed(0, to: 0..<1) * found.narrowed(0, to: 1..<2)).sum().item()
        }
        let quotient = try (moved(1) - moved(-1)) / (2 * step)
        // Single precision through dozens of layers.
        #expect(abs(quotient - squared) <= 0.05 * squared, "\(quotient) \(squared)")
    }

    @Test func `A photograph paired with itself has heat, and a mirrored model's map mirrors with the image`() throws {
        let (network, _) = try Self.network("tf_efficientnet_lite0")
        let photograph = MarkedPhotograph(animal: 0, number: 1)
        let images = try MarkedPhotograph.batch([photograph, photograph])
        let found = try PairExplainer(network: network, mirror: false, map: .earlier).explanation(of: images)
        #expect(abs(found.similarity - 1) < 1e-5)
        #expect(found.maps[0] == found.maps[1] && found.maps[0].values.max() == 1)
        let mirrored = PairExplainer(network: network, mirror: true, map: .earlier)
        let (plain, turned) = try (
            mirrored.explanation(of: images), mirrored.explanation(of: images.mirrored())
        )
        let map = plain.maps[0]
        for (index, value) in map.values.enumerated() {
            let other = index / map.width * map.width + map.width - 1 - index % map.width
            // The two sums differ in their order.
            #expect(abs(value - turned.maps[0].values[other]) < 1e-3)
        }
    }

    @Test func `A job writes two maps for each pair, each pair once, and the same bytes each time`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let model = try pond.storedModel(Pond.configuration().train)
        let pairs = ExplainFiles.pairs.url(in: pond.directory)
        func pair(_ query: String, _ answer: String, _ kind: ExplainedPair.Kind) -> ExplainedPair {
            ExplainedPair(
                scenario: "all", queryID: "q-\(query)", queryImageID: query, kind: kind, rank: 1, imageID: answer)
        }
        func perform(_ name: String) throws -> (URL, [Event]) {
            let output = ExplainFiles.heatMaps.url(in: pond.directory.appending(path: name))
            var events: [Event] = []
            try ExplainJob(
                data: DataSettings(folder: pond.directory.path), model: .trained(directory: model.path),
                pairs: pairs.path, map: .earlier,
                mirror: false, device: .cpu, output: output.path
            ).perform { events.append($0) }
            return (output, events)
        }
        try ExplainFiles.pairs.write(
            [pair("w0n0", "w1n0", .wrong), pair("w0n0", "w0n1", .right), pair("w1n0", "w0n0", .wrong)],
            in: pond.directory)
        let (first, events) = try perform("first")
        #expect(try Data(contentsOf: first) == Data(contentsOf: perform("second").0))
        let rows = try ExplainFiles.heatMaps.read(in: first.deletingLastPathComponent())
        #expect(rows.map(\.imageID) == ["w0n0", "w1n0", "w0n0", "w0n1"])
        #expect(rows.map(\.partnerImageID) == ["w1n0", "w0n0", "w0n1", "w0n0"])
        #expect(rows[0].similarity == rows[1].similarity)
        #expect(rows.allSatisfy { $0.map.height == 2 && $0.map.width == 2 })
        #expect(events.last == .finished(facts: ["height": 2, "width": 2, "fit": "stretch"]))

        // An outline of the left half of one photograph.
        let metadata = pond.directory.appending(path: "metadata.csv")
        let outlined = try String(contentsOf: metadata, encoding: .utf8).split(separator: "\n").map { line in
            line.hasPrefix("image_id")
                ? line + ",segmentation"
                : line + (line.hasPrefix("w0n0,") ? #","{""size"": [40, 48], ""counts"": [0, 960, 960]}""# : ",")
        }
        try AtomicFile.write(outlined.joined(separator: "\n") + "\n", to: metadata)
        let shares = try ExplainFiles.heatMaps.read(in: perform("outlined").0.deletingLastPathComponent())
        #expect(shares.map(\.map) == rows.map(\.map))
        #expect(shares.map { $0.animal?.area } == [0.5, nil, 0.5, nil] && rows.allSatisfy { $0.animal == nil })
        // Without outlines the file has no columns for them.
        #expect(try CSVTable.read(first).header.count == 6)
        let half = try #require(rows[0].map.share(on: (0..<64).map { $0 % 8 < 4 }, columns: 8))
        // The file has four digits of both.
        #expect(try abs(#require(shares[0].animal).heat - half) < 2e-3)

        try ExplainFiles.pairs.write([], in: pond.directory)
        #expect(try ExplainFiles.heatMaps.read(in: perform("none").0.deletingLastPathComponent()).isEmpty)
        try ExplainFiles.pairs.write([pair("w0n0", "stranger", .wrong)], in: pond.directory)
        #expect(throws: TrainingError.unknownPhotograph(id: "stranger", list: pairs.path)) { try perform("x") }
    }
}
