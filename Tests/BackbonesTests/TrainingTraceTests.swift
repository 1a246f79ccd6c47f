import Basics
import Foundation
import Networks
import Testing
import Torch

@testable import Backbones

struct TrainingTraceTests {
    @Test func `Six full training steps equal PyTorch's`() throws {
        let reference = try Golden.read("trace")
        let (backbone, store) = try ReferenceTests.network(Golden.read("tiny_tf_efficientnet_b0"))
        let width = try #require(reference["embedding"]?.integer)
        let classes = try #require(reference["classes"]?.integer)
        let scope = store.root / "test"
        let neck = try Neck(
            pooling: LastMapPooling(featureCount: backbone.featureCount, by: GeMPooling(in: scope / "pool")),
            embedding: width, dropout: 0, in: scope / "neck")
        let head = try ArcFace(
            width: width, counts: Array(repeating: 1, count: classes), margin: .fixed(0.3), scale: 20,
            in: scope / "head")
        // The reference's names for the formula differ from Whalebook's.
        let streams = ["test.neck.projection": "neck.0", "test.neck.norm": "neck.1", "test.head": "head"]
        for (name, tensor) in store.tensors {
            let part = name.split(separator: ".").dropLast().joined(separator: ".")
            guard let stream = streams[part] else { continue }
            try tensor.assign(Golden.tensor("\(stream).\(name.split(separator: ".").last ?? "")", shape: tensor.shape))
        }
        let optimizer = try Optimizer(
            .adamW, groups: [.init(name: "all", parameters: store.parameters.map(\.tensor), decay: 0.05)])
        let images = try Golden.tensor("images.input", shape: [24, 3, 64, 64])
        let losses = try #require(reference["losses"]?.numbers)
        let norms = try #require(reference["gradient_norms_before_clipping"]?.numbers)
        let network = EmbeddingNetwork(backbone: backbone, neck: neck)
        for step in 0..<6 {
            let rows = (step % 3 * 8)..<(step % 3 * 8 + 8)
            let labels = rows.map { $0 * 5 % 7 }
            let mode = Mode.training(Noise(SeededGenerator(seed: 1)))
            let embeddings = try network(images.narrowed(0, to: rows), mode: mode)
            let loss = try FocalLoss(gamma: 2)(head.logits(embeddings, labels: labels, mode: mode), labels: labels)
            try loss.backward()
            let norm = try optimizer.clipGradients(to: 5)
            try optimizer.step { _ in 1e-3 }
            try optimizer.clearGradients()
            // Recommended by the reference, because rounding errors grow from step to step.
            let tolerance = step < 3 ? 1e-3 : 2e-2
            let value = try loss.item()
            #expect(abs(value - losses[step]) <= tolerance * losses[step], "loss of step \(step)")
            #expect(abs(norm - norms[step]) <= tolerance * norms[step], "gradient norm of step \(step)")
        }
    }
}
