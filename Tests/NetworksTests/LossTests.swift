import Basics
import Testing
import Torch

@testable import Networks

/// Compares heads and losses with PyTorch 2.13 in double precision.
struct LossTests {
    private let golden: Golden

    init() throws { golden = try Golden("losses") }

    /// Makes sure that all of the file's cases run.
    @Test func `The golden file has seven cases`() throws { #expect(golden["cases"]?.array?.count == 7) }

    @Test(arguments: 0..<7)
    func `Logits, loss and gradients of ArcFace equal PyTorch's`(index: Int) throws {
        let reference = try #require(golden["cases"]?.array?[index])
        let centres = reference["centres"]?.integer ?? 1
        let labels = try #require(golden["labels"]?.integers)
        let embeddings = try golden["embeddings"].tensor()
        let weight = try golden[centres > 1 ? "subcenter_weights" : "weights"].tensor()
        try embeddings.setRequiresGradient(true)
        try weight.setRequiresGradient(true)
        let classMargins = reference["margins"]?.numbers
        let sampleMargins = reference["sample_margins"]?.numbers
        let margins = sampleMargins ?? labels.map { classMargins?[$0] ?? reference["m"]?.double ?? .nan }

        let logits = try ArcFace.logits(
            embeddings, weight: weight, labels: labels, margins: margins,
            scale: try #require(reference["s"]?.double), centres: centres)
        let loss = try FocalLoss(
            gamma: try #require(reference["gamma"]?.double), smoothing: reference["smoothing"]?.double ?? 0,
            reduction: reference["reduction"]?.string == "batch" ? .batch : .sample)(logits, labels: labels)
        try loss.backward()

        // Double precision on both sides; only the order of additions differs.
        try expectClose(logits.doubles(), reference["logits"].flattened, 1e-9)
        try expectClose([loss.item()], [#require(reference["loss"]?.double)], 1e-9)
        try expectClose(
            #require(try embeddings.gradient()).doubles(), reference["grad_embeddings"].flattened, 1e-8)
        try expectClose(#require(try weight.gradient()).doubles(), reference["grad_weights"].flattened, 1e-8)
    }

    @Test(arguments: 0..<5)
    func `Class weights work as in PyTorch's cross-entropy`(index: Int) throws {
        let golden = try Golden("class_weights")
        let reference = try #require(golden["cases"]?.array?[index])
        let labels = try #require(golden["labels"]?.integers)
        let counts = try #require(golden["counts"]?.integers)
        let weights = try #require(ClassWeighting.balanced.weights(counts: counts))
        expectClose(weights, golden["weights"].flattened, 1e-15)
        let logits = try golden["logits"].tensor()
        try logits.setRequiresGradient(true)
        let loss = try FocalLoss(
            gamma: try #require(reference["gamma"]?.double), smoothing: try #require(reference["smoothing"]?.double),
            reduction: reference["reduction"]?.string == "batch" ? .batch : .sample, classWeights: weights)(
                logits, labels: labels)
        try loss.backward()
        try expectClose([loss.item()], [#require(reference["loss"]?.double)], 1e-9)
        try expectClose(#require(try logits.gradient()).doubles(), reference["gradient"].flattened, 1e-9)
    }

    @Test func `Equal weights have no effect`() throws {
        #expect(ClassWeighting.none.weights(counts: [3, 5]) == nil)
        #expect(ClassWeighting.balanced.weights(counts: [4, 4, 4]) == [1, 1, 1])
    }

    @Test func `A photograph with probability 1 gives finite gradients with γ below 1`() throws {
        let logits = try Tensor([200, 0, 0, 1] as [Float], shape: [2, 2])
        try logits.setRequiresGradient(true)
        let loss = try FocalLoss(gamma: 0.5)(logits, labels: [0, 1])
        try loss.backward()
        #expect(try loss.item().isFinite)
        #expect(try #require(try logits.gradient()).floats().allSatisfy { $0.isFinite })
    }
}
