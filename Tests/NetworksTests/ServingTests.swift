import Basics
import Testing
import Torch

@testable import Networks

/// Batch norm folded into the convolution before it.
struct ServingTests {
    /// A convolution and its batch norm, with statistics and weights away from where training finds them.
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

    /// Maps of an odd and an even side.
    private static func images() throws -> Tensor {
        var generator = SeededGenerator(seed: 7)
        return try Tensor((0..<(2 * 8 * 11 * 14)).map { _ in Float(generator.uniform(-1...1)) }, shape: [2, 8, 11, 14])
            .channelsLast()
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
            let expected = try pair(images, activation, mode: .evaluation)
            let served = try pair(images, activation, mode: .serving(FoldedWeights()))
            try #require(served.count == expected.count)
            // At most 100 products of float32, added in another order: 100 · 2⁻²⁴ of the largest sum.
            let tolerance = 6e-6 * max(1, expected.map(abs).max() ?? 0)
            for (one, other) in zip(served, expected) { #expect(abs(one - other) <= tolerance) }
        }
    }

    @Test func `Folded weights are made once, and anew by another collection`() throws {
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

    @Test func `A collection tells two networks of equal names apart`() throws {
        let images = try Self.images()
        let folded = FoldedWeights()
        let (first, second) = try (Pair(kernel: 3, padding: .symmetric), Pair(kernel: 1, padding: .symmetric))
        _ = try first(images, nil, mode: .serving(folded))
        let expected = try second(images, nil, mode: .serving(FoldedWeights()))
        #expect(try second(images, nil, mode: .serving(folded)) == expected)
    }
}
