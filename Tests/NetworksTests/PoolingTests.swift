import Basics
import Testing
import Torch

@testable import Networks

struct PoolingTests {
    /// Channels without layers.
    private struct Channels: Backbone {
        let featureCount: Int
        let earlierFeatureCount: Int

        func features(_ images: Tensor, mode: Mode) throws -> FeatureMaps {
            FeatureMaps(last: images, beforeLast: images)
        }
    }

    private let losses: Golden

    init() throws { losses = try Golden("losses") }

    @Test func `GeM follows the paper, fixed or learned`() throws {
        let reference = try #require(losses["gem"])
        let p = try #require(reference["p"]?.double)
        let input = try reference["input"].tensor()
        let fixed = try GeMPooling(fixed: p)(input, mode: .evaluation)
        try expectClose(fixed.doubles(), reference["output"].flattened, 1e-12)
        let store = ParameterStore(seed: 1)
        let learned = try GeMPooling(p: p, in: store.root)(input.cast(to: .float32), mode: .evaluation)
        // Single precision here, double in the reference.
        try expectClose(learned.doubles(), reference["output"].flattened, 1e-5)
        #expect(store.parameters.map(\.name) == ["p"])
    }

    @Test func `GeM of a map of zeros has finite gradients in half precision`() throws {
        let input = try Tensor(repeating: 0, shape: [1, 2, 3, 3], type: .float16)
        try input.setRequiresGradient(true)
        let pooled = try GeMPooling(p: 3, in: ParameterStore(seed: 1).root)(
            input, mode: .training(Noise(SeededGenerator(seed: 1))))
        #expect(pooled.type == .float16)
        try pooled.cast(to: .float32).sum().backward()
        #expect(try #require(try input.gradient()).floats().allSatisfy { $0.isFinite })
    }

    @Test func `Pooled vectors of the last two maps are concatenated, the last one normalised`() throws {
        let maps = FeatureMaps(
            last: try Tensor([1, 3, 5, 7] as [Float], shape: [1, 2, 1, 2]),
            beforeLast: try Tensor([2, 4] as [Float], shape: [1, 1, 1, 2]))
        let pooling = TwoMapPooling(
            Channels(featureCount: 2, earlierFeatureCount: 1), earlier: AveragePooling(), last: GeMPooling(fixed: 1))
        let pooled = try pooling(maps, mode: .evaluation) { try $0 * 10 }
        // Powers and roots of single precision.
        try expectClose(pooled.doubles(), [3, 20, 60], 1e-6)
        #expect(pooling.featureCount == 3)
    }

    @Test(arguments: [(DOLGPooling.Projection.paper, "paper"), (.writeUp, "writeup")])
    func `Orthogonal fusion equals the reference`(projection: DOLGPooling.Projection, name: String) throws {
        let reference = try #require(losses["dolg"])
        let (local, global) = try (reference["local"].tensor(), reference["global_"].tensor())
        let expected = try reference[name].tensor()
        let channels = local.shape[1]
        let remainder = try DOLGPooling.remainder(of: local, without: global, projection: projection)
        try expectClose(remainder.doubles(), expected.narrowed(1, to: 0..<channels).doubles(), 1e-12)
        let fused = try DOLGPooling.fused(local: local, global: global, projection: projection)
        try expectClose(fused.doubles(), expected.mean(over: [2, 3]).doubles(), 1e-12)
    }

    @Test func `The paper's remainder is orthogonal to the global vector, and a zero vector changes nothing`()
        throws
    {
        let local = try Tensor([1, 2, 3, 4, 5, 6] as [Double], shape: [1, 3, 1, 2])
        let global = try Tensor([2, -1, 0.5] as [Double], shape: [1, 3, 1, 1])
        let remainder = try DOLGPooling.remainder(of: local, without: global.reshaped([1, 3]), projection: .paper)
        for product in try (remainder * global).sum(over: [1]).doubles() { #expect(abs(product) < 1e-12) }
        let zeros = try Tensor(repeating: 0, shape: [1, 3], type: .float64)
        try zeros.setRequiresGradient(true)
        for projection in [DOLGPooling.Projection.paper, .writeUp] {
            let same = try DOLGPooling.remainder(of: local, without: zeros, projection: projection)
            #expect(try same.doubles() == local.doubles())
            try same.sum().backward()
            #expect(try #require(try zeros.gradient()).doubles().allSatisfy { $0.isFinite })
        }
    }

    @Test(arguments: 0..<3)
    func `DOLG equals its authors' module in PyTorch`(index: Int) throws {
        let golden = try Golden("dolg")
        let reference = try #require(golden["cases"]?.array?[index])
        let backbone = Channels(
            featureCount: try #require(golden["last_channels"]?.integer),
            earlierFeatureCount: try #require(golden["earlier_channels"]?.integer))
        let batch = try #require(golden["batch"]?.integer)
        let store = ParameterStore(seed: 1)
        let pooling = try DOLGPooling(
            backbone, pooling: GeMPooling(p: 3, in: store.root / "pool_g"),
            dilations: try #require(reference["dilations"]?.integers),
            projection: reference["projection"]?.string == "paper" ? .paper : .writeUp, in: store.root)
        let state = try #require(reference["state"]?.object)
        #expect(store.tensors.map(\.name).sorted() == state.keys.sorted())
        for (name, tensor) in store.tensors {
            try tensor.assign(
                Tensor(state[name]?["values"]?.numbers ?? [], shape: state[name]?["shape"]?.integers ?? []))
        }
        func map(_ name: String, channels: Int) throws -> Tensor {
            let values = try #require(reference[name]?.numbers)
            let side = Int(Double(values.count / batch / channels).squareRoot())
            let map = try Tensor(values, shape: [batch, channels, side, side]).cast(to: .float32)
            try map.setRequiresGradient(true)
            return map
        }
        let maps = FeatureMaps(
            last: try map("last", channels: backbone.featureCount),
            beforeLast: try map("earlier", channels: backbone.earlierFeatureCount))
        let isTraining = reference["training"]?.bool == true
        let mode = isTraining ? Mode.training(Noise(SeededGenerator(seed: 1))) : .evaluation
        let output = try pooling(maps, mode: mode) { $0 }
        let factors = try Tensor(#require(reference["factors"]?.numbers), shape: output.shape).cast(to: .float32)
        try (output * factors).sum().backward()

        // Single precision here, double in the reference. Gradients are compared at the scale of the largest, since
        // batch norm reduces some of them to rounding errors.
        try expectClose(output.doubles(), reference["output"].flattened, 1e-5)
        let pairs = [("grad_last", maps.last), ("grad_earlier", maps.beforeLast)]
        for (name, map) in pairs {
            try expectClose(#require(try map.gradient()).doubles(), reference[name].flattened, 1e-4)
        }
        // In evaluation parameters record no gradients.
        guard isTraining else { return }
        let gradients = try #require(reference["gradients"]?.object)
        let given = try store.parameters.flatMap { try #require(try $0.tensor.gradient()).doubles() }
        expectClose(given, store.parameters.flatMap { gradients[$0.name].flattened }, 1e-4)
    }
}
