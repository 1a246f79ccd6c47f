import Basics
import Testing
import Torch

@testable import Networks

/// Compares layers that include the operations after them with separate layers.
struct ServingTests {
    /// A convolution and its batch norm, with statistics and weights that differ from their initial values.
    private struct Pair {
        let store = ParameterStore(seed: 1)
        let convolution: Conv2d
        let norm: BatchNorm

        init(kernel: Int, stride: Int = 1, groups: Int = 1, padding: Padding, hasBias: Bool = false) throws {
            convolution = try Conv2d(
                8, 16, kernel: kernel, stride: stride, groups: groups, padding: padding, hasBias: hasBias,
                in: store.root / "conv")
            norm = try BatchNorm(16, epsilon: 1e-3, in: store.root / "bn")
            var generator = SeededGenerator(seed: 5)
            for (name, tensor) in store.tensors where tensor.shape == [16] {
                let range: ClosedRange<Double> = name.hasSuffix("var") ? 0.1...3 : -2...2
                try tensor.assign(
                    Tensor((0..<16).map { _ in Float(generator.uniform(range)) }, shape: [16]))
            }
        }

        func callAsFunction(_ images: Tensor, _ activation: Activation?, mode: Mode) throws -> [Double] {
            try convolution(images, normalisedBy: norm, activation, mode: mode).doubles()
        }
    }

    private static func images(_ height: Int = 11, _ width: Int = 14) throws -> Tensor {
        let shape = [2, 8, height, width]
        return try drawn(shape, seed: 7).channelsLast()
    }

    private static func drawn(_ shape: [Int], seed: UInt64) throws -> Tensor {
        var generator = SeededGenerator(seed: seed)
        return try Tensor((0..<shape.reduce(1, *)).map { _ in Float(generator.uniform(-1...1)) }, shape: shape)
    }

    /// Compares sums of at most 200 products of float32 in another order, to 200 · 2⁻²⁴ of the largest sum.
    private func expect(_ served: [Double], equal expected: [Double]) throws {
        try #require(served.count == expected.count)
        let tolerance = 1.2e-5 * max(1, expected.map(abs).max() ?? 0)
        for (one, other) in zip(served, expected) { #expect(abs(one - other) <= tolerance) }
    }

    @Test(arguments: [nil, Activation.relu6, .silu])
    func `A folded convolution equals convolution, batch norm and nonlinearity`(activation: Activation?) throws {
        let pairs = try [
            Pair(kernel: 1, padding: .symmetric), Pair(kernel: 3, padding: .symmetric, hasBias: true),
            Pair(kernel: 3, stride: 2, padding: .same), Pair(kernel: 5, stride: 2, groups: 8, padding: .same),
            Pair(kernel: 3, groups: 8, padding: .none),
        ]
        let images = try Self.images()
        for pair in pairs {
            try expect(
                pair(images, activation, mode: .serving(FoldedWeights())),
                equal: pair(images, activation, mode: .evaluation))
        }
    }

    @Test func `One collection serves images of every size, whatever their padding`() throws {
        let pairs = try [
            Pair(kernel: 3, stride: 2, padding: .same), Pair(kernel: 5, stride: 2, groups: 8, padding: .same),
            // For 9 and 11 pixels this one needs no zero and one, which equal padding of rows and columns cannot give.
            Pair(kernel: 3, stride: 3, padding: .same),
        ]
        for pair in pairs {
            let folded = FoldedWeights()
            for (height, width) in [(11, 14), (12, 14), (9, 11), (14, 11), (13, 13), (11, 14)] {
                let images = try Self.images(height, width)
                try expect(
                    pair(images, .silu, mode: .serving(folded)), equal: pair(images, .silu, mode: .evaluation))
            }
        }
    }

    @Test(arguments: [Linear.WeightForm.matrix, .convolution], [true, false])
    func `A fused linear layer equals the layer, nonlinearity, scale and sum`(
        form: Linear.WeightForm, hasBias: Bool
    ) throws {
        let store = ParameterStore(seed: 1)
        let scale = try store.root.parameter("gamma", [24], .normal(deviation: 1))
        let depth = StochasticDepth(rate: 0.5)
        let layers = try (0..<3).map {
            try Linear(32, 24, form: form, hasBias: hasBias, in: store.root / "layer" / $0)
        }
        let folded = Mode.serving(FoldedWeights())
        // The weight packed for the first shape serves the others too.
        for shape in [[2, 5, 7], [2, 3, 3], [40], []] {
            let input = try Self.drawn(shape + [32], seed: 3)
            let identity = try Self.drawn(shape + [24], seed: 4)
            let outcomes = { (mode: Mode) in
                try [
                    layers[0](input, mode: mode), layers[1](input, .gelu, mode: mode),
                    layers[2](input, addedTo: identity, through: depth, scaledBy: scale, mode: mode),
                    layers[0](input, addedTo: identity, through: depth, mode: mode),
                ]
            }
            for (served, expected) in zip(try outcomes(folded), try outcomes(.evaluation)) {
                #expect(served.shape == shape + [24])
                try expect(served.doubles(), equal: expected.doubles())
            }
            #expect(try identity.floats() == Self.drawn(shape + [24], seed: 4).floats())
        }
    }

    @Test func `Folded weights are made once, and again by another collection`() throws {
        let pair = try Pair(kernel: 3, padding: .symmetric)
        let images = try Self.images()
        let folded = FoldedWeights()
        let before = try pair(images, .silu, mode: .serving(folded))
        for (name, tensor) in pair.store.tensors where name == "bn.running_var" {
            try tensor.assign(Tensor(repeating: 9, shape: [16]))
        }
        #expect(try pair(images, .silu, mode: .serving(folded)) == before)
        #expect(try pair(images, .silu, mode: .serving(FoldedWeights())) != before)
    }

    @Test func `A collection distinguishes two networks with equal names`() throws {
        let images = try Self.images()
        let folded = FoldedWeights()
        let (first, second) = try (Pair(kernel: 3, padding: .symmetric), Pair(kernel: 1, padding: .symmetric))
        _ = try first(images, nil, mode: .serving(folded))
        let expected = try second(images, nil, mode: .serving(FoldedWeights()))
        #expect(try second(images, nil, mode: .serving(folded)) == expected)
    }
}
