import Basics
import Networks
import Testing
import Torch

@testable import Backbones

/// Backbones that compute in bfloat16 over weights of float32.
struct PrecisionTests {
    static let names = [
        "tiny_efficientnet_b0", "tiny_tf_efficientnet_b0", "tiny_convnext", "tiny_swin", "tiny_swin_odd",
        "tiny_vit_dinov2", "tiny_vit_dinov3",
    ]

    @Test(arguments: names)
    func `Features in bfloat16 are close to those in float32`(name: String) throws {
        let reference = try Golden.read(name)
        let (exact, store) = try ReferenceTests.network(reference)
        let (rounded, _) = try ReferenceTests.network(reference, computing: .bfloat16)
        let images = try ReferenceTests.input(reference)
        let expected = try exact(images, mode: .evaluation)
        for mode in [Mode.evaluation, .serving(FoldedWeights())] {
            let found = try rounded(images, mode: mode)
            #expect(found.shape == expected.shape)
            let angle = try Self.angle(found.doubles(), expected.doubles())
            #expect(angle > 0, "nothing was rounded")
            #expect(angle < Self.tolerance(store))
        }
    }

    // Statistics of a batch of a few small maps amplify rounding, in timm under autocast as here. So NetworksTests
    // compares batch norm with float32 layer by layer.
    @Test(arguments: names.filter { !$0.contains("efficientnet") })
    func `Gradients in bfloat16 arrive as float32 and close to those in float32`(name: String) throws {
        let reference = try Golden.read(name)
        var gradients: [[Double]] = []
        var tolerance = 0.0
        for precision in [ScalarType.float32, .bfloat16] {
            let (network, store) = try ReferenceTests.network(reference, computing: precision)
            let mode = Mode.training(Noise(SeededGenerator(seed: 1)))
            let map = try network(ReferenceTests.input(reference), mode: mode).widened()
            let pooled = try network.normalised(map.mean(over: [2, 3]), mode: mode)
            try (pooled * Golden.tensor("probe", shape: pooled.shape)).sum().backward()
            gradients.append(
                try store.parameters.flatMap { parameter in
                    let gradient = try #require(try parameter.tensor.gradient())
                    #expect(gradient.type == .float32, "\(parameter.name)")
                    return try gradient.doubles()
                })
            tolerance = Self.tolerance(store)
        }
        let angle = Self.angle(gradients[0], gradients[1])
        #expect(angle > 0 && angle < 2 * tolerance)
    }

    /// A number of 8 bits has a relative error of at most 2⁻⁹. Each matrix, each of its inputs and each of its outputs
    /// adds such an error, independent of the others.
    private static func tolerance(_ store: ParameterStore) -> Double {
        let matrices = store.parameters.count { $0.tensor.shape.count > 1 }
        return 0x1p-9 * Double(3 * matrices).squareRoot()
    }

    /// The angle between two vectors, radians.
    private static func angle(_ first: [Double], _ second: [Double]) -> Double {
        func product(_ one: [Double], _ other: [Double]) -> Double { zip(one, other).reduce(0) { $0 + $1.0 * $1.1 } }
        let cosine = product(first, second) / (product(first, first) * product(second, second)).squareRoot()
        return (2 * max(0, 1 - cosine)).squareRoot()
    }
}
