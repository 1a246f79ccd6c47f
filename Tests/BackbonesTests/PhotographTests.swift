import Basics
import Foundation
import Imaging
import Networks
import Testing
import Torch

@testable import Backbones

/// Real weights on real photographs; neither can be committed.
@Suite(
    .enabled(
        if: Golden.exists("weights/tf_efficientnet_lite0.safetensors") && Golden.exists("photos/nyala/images"),
        "needs the published weights and the photographs next to the checkout"))
struct PhotographTests {
    private static let weights = Golden.shared.appending(path: "weights/tf_efficientnet_lite0.safetensors")
    private static let golden = Golden.shared.appending(path: "golden/backbones")

    private func features(_ images: Tensor) throws -> (pooled: Tensor, classes: [Int]) {
        let store = ParameterStore(seed: 1)
        let variant = try BackboneCatalog.variant("tf_efficientnet_lite0")
        let network = try variant.network(in: store.root)
        let file = try Safetensors.read(Self.weights)
        try store.load(file, leaving: .classifier(variant.classifier))
        let pooled = try network(images, mode: .evaluation).mean(over: [2, 3])
        let classifier = try ["weight", "bias"].map { try file.tensor("classifier.\($0)").cast(to: .float32) }
        let logits = try pooled.linear(weight: classifier[0], bias: classifier[1]).floats()
        let classes = (0..<4).map { row in
            (0..<1000).max { logits[row * 1000 + $0] < logits[row * 1000 + $1] } ?? -1
        }
        return (pooled, classes)
    }

    /// |a - b| / |b| over all features.
    private func difference(_ values: Tensor, _ reference: Tensor) throws -> Double {
        let distance = try (values - reference).power(2).sum().item()
        return try (distance / reference.power(2).sum().item()).squareRoot()
    }

    @Test func `The reference's input gives its features and classes`() throws {
        let io = try Safetensors.read(Self.golden.appending(path: "tf_efficientnet_lite0.photos.io.safetensors"))
        let (pooled, classes) = try features(io.tensor("input"))
        let off = try difference(pooled, io.tensor("pooled"))
        #expect(off < 1e-3)
        let facts = try JSONValue.read(Self.golden.appending(path: "tf_efficientnet_lite0.photos.json"))
        #expect(classes == facts["top1"]?.integers)
    }

    @Test func `The JPEG files give the reference's features and classes`() throws {
        let facts = try JSONValue.read(Self.golden.appending(path: "tf_efficientnet_lite0.photos.json"))
        let names = try #require(facts["images"]?.array).compactMap(\.string)
        let photographs = names.map {
            PhotographFile(id: $0, url: Golden.shared.appending(path: "photos/nyala/images/\($0)"))
        }
        let loader = PhotographLoader(size: 224, normalisation: .symmetric, threads: 1)
        let batches = loader.batches(of: photographs, batchSize: 4, preparation: .plain(mirrored: false))
        let batch = try #require(try batches.next())
        let (pooled, classes) = try features(Tensor(batch.values, shape: [4, 3, 224, 224]))
        let io = try Safetensors.read(Self.golden.appending(path: "tf_efficientnet_lite0.photos.io.safetensors"))
        let off = try difference(pooled, io.tensor("pooled"))
        #expect(off < 2e-2)
        #expect(classes == facts["top1"]?.integers)
    }
}
