import Basics
import Testing
import Torch

/// Compares the kernel for float32 with libtorch's operations, which float64 uses.
struct WindowAttentionTests {
    /// A map, its windows and heads.
    struct Case: Sendable {
        let map: [Int]
        let heads: Int
        let width: Int
        let window: (height: Int, width: Int)
        let shift: (down: Int, right: Int)
    }

    static let cases = [
        Case(map: [2, 8, 12], heads: 3, width: 8, window: (4, 4), shift: (0, 0)),
        // Shifted; heads narrower than the lanes of the kernel.
        Case(map: [1, 14, 7], heads: 2, width: 5, window: (7, 7), shift: (3, 0)),
        // Shifted windows over both edges.
        Case(map: [2, 9, 10], heads: 2, width: 12, window: (4, 3), shift: (2, 1)),
        // One window larger than the whole map.
        Case(map: [1, 2, 3], heads: 1, width: 16, window: (3, 3), shift: (1, 1)),
    ]

    private func results(_ example: Case, as type: ScalarType) throws -> [[Double]] {
        var generator = SeededGenerator(seed: 7)
        let channels = 3 * example.heads * example.width
        let distances = (2 * example.window.height - 1) * (2 * example.window.width - 1)
        func drawn(_ shape: [Int]) throws -> Tensor {
            let values = (0..<shape.reduce(1, *)).map { _ in Float(generator.normal(deviation: 1)) }
            let tensor = try Tensor(values, shape: shape).cast(to: type)
            try tensor.setRequiresGradient(true)
            return tensor
        }
        let inputs = try [drawn(example.map + [channels]), drawn([distances, example.heads]), drawn([channels])]
        let output = try inputs[0].windowAttention(
            table: inputs[1], outside: inputs[2], heads: example.heads, window: example.window, shift: example.shift)
        #expect(output.shape == example.map + [channels / 3])
        try (output * drawn(output.shape)).sum().backward()
        let gradients = try inputs.map { input in
            // No gradient flows to tokens outside if no window has one.
            try input.gradient() ?? input * 0
        }
        return try ([output] + gradients).map { try $0.doubles() }
    }

    @Test(arguments: cases)
    func `Values and gradients of the kernel equal those of libtorch's operations`(example: Case) throws {
        for (fast, plain) in zip(try results(example, as: .float32), try results(example, as: .float64)) {
            let scale = plain.map(abs).max() ?? 0
            // About a hundred sums of float32, each rounded to 6e-8.
            for (value, expected) in zip(fast, plain) { #expect(abs(value - expected) <= 2e-6 * scale + 1e-12) }
        }
    }

    /// Subnormal weights would be slow on some processors; values this large would reveal them.
    @Test func `Weights between regions are exactly 0, not subnormal`() throws {
        let (side, width) = (4, 8)
        func output(valueOfFirstToken value: Float) throws -> [Float] {
            var numbers = [Float](repeating: 0.5, count: side * side * 3 * width)
            for channel in 0..<width { numbers[2 * width + channel] = value }
            return try Tensor(numbers, shape: [1, side, side, 3 * width]).windowAttention(
                table: Tensor(repeating: 0, shape: [49, 1]), outside: Tensor(repeating: 0, shape: [3 * width]),
                heads: 1, window: (side, side), shift: (2, 2)
            ).floats()
        }
        let (plain, large) = (try output(valueOfFirstToken: 0.5), try output(valueOfFirstToken: 1e36))
        for token in 0..<side * side {
            let sharesRegion = token / side < 2 && token % side < 2
            let range = token * width..<(token + 1) * width
            #expect((plain[range] == large[range]) != sharesRegion, "token \(token)")
        }
    }

    @Test func `A NaN key reaches every token that attends to it`() throws {
        let (side, width) = (4, 8)
        var numbers = [Float](repeating: 0.5, count: side * side * 3 * width)
        numbers[width] = .nan
        let output = try Tensor(numbers, shape: [1, side, side, 3 * width]).windowAttention(
            table: Tensor(repeating: 0, shape: [49, 1]), outside: Tensor(repeating: 0, shape: [3 * width]), heads: 1,
            window: (side, side)
        ).floats()
        #expect(output.filter { !$0.isNaN } == [])
    }

    @Test func `A table for another window is refused with both shapes`() throws {
        let map = try Tensor(repeating: 0, shape: [1, 4, 4, 24])
        let table = try Tensor(repeating: 0, shape: [9, 2])
        let outside = try Tensor(repeating: 0, shape: [24])
        let problem = #expect(throws: TorchError.self) {
            try map.windowAttention(table: table, outside: outside, heads: 2, window: (4, 4))
        }
        #expect(problem?.message.contains("the table is [9, 2] but 2 heads and these windows need [49, 2]") == true)
    }
}
