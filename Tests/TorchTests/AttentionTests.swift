import Basics
import Foundation
import Testing
import Torch

/// Compares attention with its definition, computed here in double precision.
struct AttentionTests {
    private static let (batch, tokens, heads, width) = (2, 5, 3, 4)

    /// Numbers around 0, the same each time.
    private static func numbers(_ count: Int, _ name: String) -> [Double] {
        var generator = SeededGenerator(seed: 3, name)
        return (0..<count).map { _ in generator.normal(deviation: 1) }
    }

    private static let channels = heads * width
    private static let projected = numbers(batch * tokens * 3 * channels, "projected")
    private static let angles = numbers(tokens * width / 2, "angles")

    /// softmax(q kᵀ / √d) v by its definition; `turns` turns queries and keys.
    private static func expected(turns: Bool) -> [Double] {
        func row(_ image: Int, _ token: Int, _ part: Int, _ head: Int) -> [Double] {
            let start = ((image * tokens + token) * 3 + part) * channels + head * width
            let row = Array(projected[start..<start + width])
            guard turns, part < 2 else { return row }
            // Each number of the first half is turned with its partner of the second.
            return (0..<width).map { index in
                let half = width / 2
                let angle = angles[token * half + index % half]
                let partner = index < half ? -row[index + half] : row[index - half]
                return row[index] * cos(angle) + partner * sin(angle)
            }
        }
        var result: [Double] = []
        for image in 0..<batch {
            for token in 0..<tokens {
                for head in 0..<heads {
                    let query = row(image, token, 0, head)
                    let weights = (0..<tokens).map { other in
                        exp(zip(query, row(image, other, 1, head)).map(*).reduce(0, +) / Double(width).squareRoot())
                    }
                    let total = weights.reduce(0, +)
                    result += (0..<width).map { index in
                        (0..<tokens).map { weights[$0] * row(image, $0, 2, head)[index] }.reduce(0, +) / total
                    }
                }
            }
        }
        return result
    }

    private static func positions(as type: ScalarType) throws -> (cosines: Tensor, sines: Tensor) {
        let half = width / 2
        let all = (0..<tokens).flatMap { token in (0..<width).map { angles[token * half + $0 % half] } }
        func table(_ function: (Double) -> Double) throws -> Tensor {
            try Tensor(all.map(function), shape: [tokens, width]).cast(to: type)
        }
        return (try table { cos($0) }, try table { sin($0) })
    }

    @Test(arguments: [ScalarType.float32, .float64], [false, true])
    func `Attention follows its definition, with and without recorded gradients`(type: ScalarType, turns: Bool) throws {
        let input = try Tensor(Self.projected, shape: [Self.batch, Self.tokens, 3 * Self.channels]).cast(to: type)
        let expected = Self.expected(turns: turns)
        // float32 rounds to 6e-8, float64 to 1e-16; the numbers are around 1.
        let tolerance = type == .float32 ? 2e-6 : 1e-14
        for isRecorded in [false, true] {
            try input.setRequiresGradient(isRecorded)
            let output = try input.attention(heads: Self.heads, turnedBy: turns ? Self.positions(as: type) : nil)
            #expect(output.shape == [Self.batch, Self.tokens, Self.channels])
            for (value, exact) in zip(try output.doubles(), expected) { #expect(abs(value - exact) < tolerance) }
        }
    }

    @Test(arguments: [false, true])
    func `The gradient equals the quotient of small differences`(turns: Bool) throws {
        let shape = [Self.batch, Self.tokens, 3 * Self.channels]
        let input = try Tensor(Self.projected, shape: shape)
        try input.setRequiresGradient(true)
        let positions = try turns ? Self.positions(as: .float64) : nil
        func sum(_ input: Tensor) throws -> Tensor {
            let output = try input.attention(heads: Self.heads, turnedBy: positions)
            return try (output * Tensor(Self.numbers(output.count, "probe"), shape: output.shape)).sum()
        }
        try sum(input).backward()
        let gradient = try #require(try input.gradient()).doubles()
        let direction = Self.numbers(gradient.count, "direction")
        let step = 1e-5
        func moved(_ share: Double) throws -> Double {
            try sum(Tensor(zip(Self.projected, direction).map { $0 + share * $1 }, shape: shape)).item()
        }
        let slope = try (moved(step) - moved(-step)) / (2 * step)
        let expected = zip(gradient, direction).map(*).reduce(0, +)
        // The error of a central difference falls with the square of the step.
        #expect(abs(slope - expected) < 1e-7 * max(1, abs(expected)))
    }

    @Test func `Tokens and positions that do not fit the heads are refused`() throws {
        let input = try Tensor(repeating: 0, shape: [1, 2, 12])
        let error = #expect(throws: TorchError.self) { try input.attention(heads: 3) }
        #expect(try #require(error).message.contains("cannot be cut into query, key and value of 3 heads"))
        let table = try Tensor(repeating: 0, shape: [2, 4])
        let second = #expect(throws: TorchError.self) { try input.attention(heads: 2, turnedBy: (table, table)) }
        #expect(try #require(second).message.contains("do not fit 2 tokens of 2 channels"))
    }

    @Test func `A map is resized with Keys' cubic, smoothed if it shrinks`() throws {
        // Pillow 13: Image.fromarray(float32).resize(size, BICUBIC).
        let row: [Float] = [0, 1, 4, 9, 16, 25]
        let map = try Tensor(row + row, shape: [1, 1, 2, 6])
        #expect(try map.resized(height: 2, width: 6).floats() == row + row)
        let small = try map.resized(height: 1, width: 3).floats()
        for (value, expected) in zip(small, Self.pillowShrunk) { #expect(abs(value - expected) < 1e-5) }
    }

    private static let pillowShrunk: [Float] = [0.41004184, 6.5305343, 19.970711]
}
