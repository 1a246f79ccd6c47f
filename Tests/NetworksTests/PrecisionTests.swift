import Basics
import Testing
import Torch

@testable import Networks

/// Layers that compute in bfloat16 over weights of float32.
struct PrecisionTests {
    /// A convolution, its batch norm and a smooth nonlinearity, a linear layer over the channels, and a layer norm.
    private struct Layers {
        let store = ParameterStore(seed: 1)
        let convolution: Conv2d
        let norm: BatchNorm
        let linear: Linear
        let lastNorm: LayerNorm

        init(_ precision: ScalarType) throws {
            let scope = store.root.computing(in: precision)
            convolution = try Conv2d(8, 16, kernel: 3, hasBias: true, in: scope / "conv")
            norm = try BatchNorm(16, in: scope / "bn")
            linear = try Linear(16, 12, in: scope / "fc")
            lastNorm = try LayerNorm(12, in: scope / "ln")
        }

        func callAsFunction(_ images: Tensor, mode: Mode) throws -> Tensor {
            let map = try convolution(images, normalisedBy: norm, .silu, mode: mode)
            return try lastNorm(linear(map.permuted([0, 2, 3, 1]), mode: mode), mode: mode)
        }
    }

    private static func images() throws -> Tensor {
        var generator = SeededGenerator(seed: 7)
        return try Tensor((0..<(2 * 8 * 11 * 14)).map { _ in Float(generator.uniform(-2...2)) }, shape: [2, 8, 11, 14])
            .channelsLast()
    }

    /// A number of 8 bits has a relative error of at most 2⁻⁹. The errors of 4 layers, of their inputs and of their
    /// weights are independent, and count twice for gradients. Sums over places of both signs cancel more than their
    /// errors do, which doubles the bound. Sums in 8 bits would be off by ten times as much.
    private static func expectClose(_ found: [Double], _ expected: [Double], passes: Double, _ what: String) {
        let length = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let error = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        #expect(error > 0, "\(what): nothing was rounded")
        #expect(error < 2 * 0x1p-9 * (12 * passes).squareRoot() * length, "\(what): \(error / length)")
    }

    @Test func `Outputs and gradients of each layer are close to those in float32`() throws {
        let (exact, rounded) = try (Layers(.float32), Layers(.bfloat16))
        var generator = SeededGenerator(seed: 3)
        var outputs: [[Double]] = []
        for layers in [exact, rounded] {
            let mode = Mode.training(Noise(generator))
            let output = try layers(Self.images(), mode: mode)
            #expect(output.type == (layers.store === exact.store ? .float32 : .bfloat16))
            let probe = try Tensor(
                (0..<output.count).map { _ in Float(generator.uniform(-1...1)) }, shape: output.shape)
            generator = SeededGenerator(seed: 3)
            outputs.append(try output.doubles())
            try (output.widened() * probe).sum().backward()
        }
        Self.expectClose(outputs[1], outputs[0], passes: 1, "output")
        for (one, other) in zip(rounded.store.parameters, exact.store.parameters)
        // Batch norm removes whatever a bias before it adds.
        where one.name != "conv.bias" {
            let gradient = try #require(try one.tensor.gradient())
            #expect(gradient.type == .float32)
            Self.expectClose(
                try gradient.doubles(), try #require(try other.tensor.gradient()).doubles(), passes: 2, one.name)
        }
        // The statistics of rounded numbers are themselves float32.
        for (one, other) in zip(rounded.store.buffers, exact.store.buffers) {
            #expect(one.tensor.type == .float32)
            Self.expectClose(try one.tensor.doubles(), try other.tensor.doubles(), passes: 1, one.name)
        }
    }

    @Test func `A nonlinearity with kinks has the right gradient in bfloat16`() throws {
        let values = try Tensor([-1, 0, 0.5, 3, 6, 7] as [Float], shape: [6]).cast(to: .bfloat16)
        try values.setRequiresGradient(true)
        try values.relu6().sum().backward()
        let gradient = try #require(try values.gradient())
        #expect(gradient.type == .bfloat16)
        #expect(try gradient.floats() == [0, 0, 1, 1, 0, 0])
    }

    @Test func `Weights are rounded once for serving, and again by another collection`() throws {
        let layers = try Layers(.bfloat16)
        let images = try Self.images()
        let folded = FoldedWeights()
        let before = try layers(images, mode: .serving(folded)).doubles()
        Self.expectClose(
            before, try Layers(.float32)(images, mode: .evaluation).doubles(), passes: 1, "served")
        for (name, tensor) in layers.store.tensors where name == "fc.weight" {
            try tensor.assign(tensor.detached() * 2)
        }
        #expect(try layers(images, mode: .serving(folded)).doubles() == before)
        #expect(try layers(images, mode: .serving(FoldedWeights())).doubles() != before)
    }

    @Test func `A scope passes its precision to its parts and to parameters that a file fills`() throws {
        let scope = ParameterStore(seed: 1).root.computing(in: .bfloat16)
        let parameter = try (scope / "a").unfilled.parameter("weight", [2], .constant(1))
        #expect(try parameter.factor(.evaluation).type == .bfloat16)
        #expect(parameter.value(.evaluation).type == .float32)
        let plain = try ParameterStore(seed: 1).root.parameter("weight", [2], .constant(1))
        #expect(try plain.factor(.evaluation) === plain.value(.evaluation), "float32 must not copy")
    }
}
