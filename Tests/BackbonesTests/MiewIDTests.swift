import Basics
import Foundation
import Networks
import Testing
import Torch

@testable import Backbones

struct MiewIDTests {
    @Test func `A published file gives the reference's embedding, without its class matrix`() throws {
        let reference = try Golden.read("miewid")
        let shapes = try #require(reference["parameters"]?.object).mapValues { $0.integers ?? [] }
        let published = try shapes.filter { !$0.key.hasSuffix("num_batches_tracked") }.map { name, shape in
            (name, try name == "pooling.p" ? Tensor(repeating: 3, shape: shape) : Golden.tensor(name, shape: shape))
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: file) }
        try Safetensors.write(published, to: file)

        let variant = try BackboneCatalog.variant("miewid_efficientnetv2_rw_m")
        let store = ParameterStore(seed: 1)
        let network = try variant.network(in: store.root.unfilled)
        try variant.load(Safetensors.read(file), into: store)
        #expect(Set(store.tensors.map(\.name)) == Set(published.map(\.0)).subtracting(["final.weight"]))
        // The reference's images have 96 pixels, although the published input has 440.
        let images = try Golden.tensor("input", shape: [2, 3, 96, 96])
        for mode in [Mode.evaluation, .serving(FoldedWeights())] {
            let embedding = try EmbeddingNetwork(backbone: network)(images, mode: mode)
            let expected = try #require(reference["embedding"])
            #expect(embedding.shape == expected["shape"]?.integers)
            try ReferenceTests.expect(embedding, like: expected)
        }
    }

    @Test func `The stored exponent is used`() throws {
        let store = ParameterStore(seed: 1)
        let network = try BackboneCatalog.variant("miewid_efficientnetv2_rw_m").network(in: store.root.unfilled)
        let exponent = try #require(store.tensors.first { $0.name == "pooling.p" }).tensor
        let maps = FeatureMaps(
            last: try Tensor([1, 3] as [Float], shape: [1, 1, 1, 2]),
            beforeLast: try Tensor(repeating: 0, shape: [1, 1, 1, 1]))
        for (p, expected) in [(1.0, 2.0), (3, 2.4101)] {
            try exponent.assign(Tensor(repeating: p, shape: [1]))
            let pooled = try network.pooling(maps, mode: .evaluation) { $0 }
            // (1 + 27) / 2 = 14, whose cube root is 2.4101.
            #expect(try abs(pooled.item() - expected) < 1e-4)
        }
    }

    @Test func `A file of another form is refused by its names`() throws {
        let variant = try BackboneCatalog.variant("miewid_efficientnetv2_rw_m")
        let store = ParameterStore(seed: 1)
        _ = try variant.network(in: store.root.unfilled)
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: file) }
        let others = store.tensors.filter { !$0.name.hasPrefix("bn.") }
        try Safetensors.write(others + [("fc.weight", Tensor(repeating: 0, shape: [1]))], to: file)
        let error = #expect(throws: ParameterError.self) { try variant.load(Safetensors.read(file), into: store) }
        let words = try #require(error).description
        #expect(words.contains("4 missing: 'bn.bias'") && words.contains("1 unexpected: 'fc.weight'"))
    }
}
