import Basics
import Foundation
import Networks
import Testing
import Torch

@testable import Backbones

/// The derivative of a pair's similarity by its feature maps, from which heat maps are made.
struct DerivativeTests {
    @Test(arguments: ["tf_efficientnet_lite0", "swin_tiny_patch4_window7_224"])
    func `Grad-CAM of a pair's similarity equals PyTorch's at both maps`(name: String) throws {
        let reference = try #require(Golden.read("derivatives")[name])
        let (network, _) = try ReferenceTests.network(["name": .string(name)])
        let images = try ReferenceTests.input(reference)
        try images.setRequiresGradient(true)
        for part in ["last", "before_last"] {
            let maps = try network.features(images, mode: .evaluation)
            let pooled = try GeMPooling(fixed: 3)(maps.last, mode: .evaluation)
            let embeddings = try pooled.linear(
                weight: Golden.tensor("neck.weight", shape: [16, network.featureCount]), bias: nil)
            let units = try embeddings / (embeddings * embeddings).sum(over: [1], keeping: true).squareRoot().detached()
            let similarity = try (units.narrowed(0, to: 0..<1) * units.narrowed(0, to: 1..<2)).sum()
            #expect(try abs(similarity.item() - #require(reference["similarity"]?.double)) < 1e-5)
            let map = part == "last" ? maps.last : maps.beforeLast
            let weights = try similarity.derivative(by: map).mean(over: [2, 3], keeping: true)
            let features = try map.detached()
            let heat = try (weights * (features - features.mean(over: [2, 3], keeping: true))).sum(over: [1])
            for (tensor, expected) in [(weights, "weights"), (heat, "heat")] {
                let expected = try #require(reference[path: "\(part).\(expected)"])
                #expect(tensor.shape == expected["shape"]?.integers)
                try ReferenceTests.expect(tensor, like: expected)
            }
        }
    }
}
