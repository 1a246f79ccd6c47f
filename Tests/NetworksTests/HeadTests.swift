import Basics
import Testing
import Torch

@testable import Networks

struct HeadTests {
    @Test func `Power margins follow the number of photographs`() throws {
        let golden = try Golden("losses")
        let counts = try #require(golden["counts"]?.integers)
        let expected = try #require(golden["cases"]?.array?[4]["margins"]?.numbers)
        let rule = MarginRule.power(factor: 0.45, exponent: 0.25, offset: 0.05)
        expectClose(rule.margins(counts: counts), expected, 1e-12)
    }

    @Test func `Range margins give the rarest animal the highest and the most frequent the lowest`() {
        let rule = MarginRule.range(low: 0.05, high: 0.35, exponent: 0.25)
        // 16^-1/4 = 1/2 and 256^-1/4 = 1/4: a third of the way from 1/4 to 1.
        expectClose(rule.margins(counts: [256, 1, 16]), [0.05, 0.35, 0.15], 1e-12)
        #expect(rule.margins(counts: [7, 7]) == [0.05, 0.05])
        #expect(rule.margins(counts: []) == [])
    }

    @Test func `Elastic margins are drawn from the noise only in training`() throws {
        let count = 4000
        let rule = MarginRule.elastic(mean: 0.5, deviation: 0.0125)
        let head = try ArcFace(width: 2, counts: [1, 1], margin: rule, scale: 30, in: ParameterStore(seed: 1).root)
        let labels = (0..<count).map { $0 % 2 }
        func drawn(seed: UInt64) -> [Double] {
            head.margins(of: labels, mode: .training(Noise(SeededGenerator(seed: seed))))
        }
        let margins = drawn(seed: 1)
        #expect(margins == drawn(seed: 1))
        #expect(margins != drawn(seed: 2))
        #expect(head.margins(of: [0, 1], mode: .evaluation) == [0.5, 0.5])
        let mean = margins.reduce(0, +) / Double(count)
        let variance = margins.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
        // Five standard errors: σ/√n of the mean, σ/√(2n) of the deviation.
        #expect(abs(mean - 0.5) < 5 * 0.0125 / Double(count).squareRoot())
        #expect(abs(variance.squareRoot() - 0.0125) < 5 * 0.0125 / Double(2 * count).squareRoot())
    }

    @Test func `Fixed margins draw nothing from the noise`() throws {
        let head = try ArcFace(
            width: 2, counts: [1, 1], margin: .fixed(0.3), scale: 20, in: ParameterStore(seed: 1).root)
        let noise = Noise(SeededGenerator(seed: 1))
        #expect(head.margins(of: [0, 1], mode: .training(noise)) == [0.3, 0.3])
        #expect(
            noise.normals(count: 3, deviation: 1) == Noise(SeededGenerator(seed: 1)).normals(count: 3, deviation: 1))
    }

    @Test(arguments: [ScalarType.float16, .bfloat16], [1, 2])
    func `Cosines of exactly 1 and -1 in half precision give no NaN`(type: ScalarType, centres: Int) throws {
        // At the centre, opposite to it, and so long that the square overflows float16.
        let embeddings = try Tensor([1, 0, -1, 0, 4096, 0] as [Float], shape: [3, 2]).cast(to: type)
        let rows = [[1, 0], [0, 1]].flatMap { row in (0..<centres).flatMap { _ in row.map(Float.init) } }
        let weight = try Tensor(rows, shape: [2 * centres, 2]).cast(to: type)
        try embeddings.setRequiresGradient(true)
        try weight.setRequiresGradient(true)
        let labels = [0, 0, 0]
        let logits = try ArcFace.logits(
            embeddings, weight: weight, labels: labels, margins: [0.3, 0.3, 0.3], scale: 20, centres: centres)
        let plain = try ArcFace.logits(
            embeddings, weight: weight, labels: [1, 1, 1], margins: [0, 0, 0], scale: 1, centres: centres)
        try FocalLoss(gamma: 2)(logits, labels: labels).backward()

        #expect(logits.type == .float32)
        let cosines = try plain.floats()
        #expect([cosines[0], cosines[2], cosines[4]] == [1, -1, 1])
        #expect(try logits.floats().allSatisfy { $0.isFinite })
        for tensor in [embeddings, weight] {
            let gradient = try #require(try tensor.gradient())
            #expect(gradient.type == type)
            #expect(try gradient.floats().allSatisfy { $0.isFinite })
        }
    }

    @Test func `A linear classifier gives plain logits`() throws {
        let store = ParameterStore(seed: 1)
        let head = try LinearClassifier(width: 2, classes: 3, in: store.root)
        try store.parameters[0].tensor.assign(Tensor([1, 0, 0, 1, 1, 1] as [Float], shape: [3, 2]))
        try store.parameters[1].tensor.assign(Tensor([0, 0.5, -1] as [Float], shape: [3]))
        let embeddings = try Tensor([2, 3] as [Float], shape: [1, 2]).cast(to: .bfloat16)
        let logits = try head.logits(embeddings, labels: [0], mode: .evaluation)
        #expect(try logits.floats() == [2, 3.5, 4])
        #expect(logits.type == .float32)
    }
}
