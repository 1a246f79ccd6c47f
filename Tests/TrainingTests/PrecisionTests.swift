import Basics
import Configuration
import Foundation
import Testing

@testable import Training

/// Training and embedding with a backbone in bfloat16.
struct PrecisionTests {
    @Test func `Training in bfloat16 lowers the loss, stores float32, and repeats exactly`() throws {
        let pond = try Pond(photographs: 9)
        defer { pond.remove() }
        func model(epochs: Int, into output: String) throws -> URL {
            let job = try pond.job(
                {
                    $0.members[0].imageSize = 64
                    $0.schedule.epochs = epochs
                    $0.batchSize = 16
                    $0.augment.crop = 1
                }, precision: .bfloat16, into: output)
            try job.perform { _ in }
            return pond.directory.appending(path: output)
        }
        let first = try model(epochs: 15, into: "a")
        let losses = try CSVTable.read(first.appending(path: "history.csv")).rows.compactMap { Double($0[5]) }
        #expect(losses.suffix(3).reduce(0, +) / 3 < 0.6 * losses[0], "\(losses)")
        let pair = try ["b", "c"].map {
            try Data(contentsOf: model(epochs: 2, into: $0).appending(path: "model.safetensors"))
        }
        #expect(pair[0] == pair[1])
        let stored = try MemberModel.read(first, on: .cpu)
        #expect(stored.store.tensors.allSatisfy { $0.tensor.type == .float32 })
    }

    @Test func `A scaled loss moves the weights equally, and an overflow lowers the scale and moves nothing`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let settings = try Pond.configuration().train
        func trained(_ scale: LossScale) throws -> [[Float]] {
            let model = try MemberModel(
                member: settings.members[0], settings: settings, seed: 1,
                classes: Pond.classes("w0", "w1", "w2", "w3"), on: .cpu)
            let trainer = try Trainer(
                model, photographs: pond.photographs(4), loader: model.loader(cacheLimit: 0), seed: 1, scale: scale,
                on: .cpu)
            #expect(trainer.stepsPerEpoch == 2)
            _ = try trainer.run(from: EpochProgress(epoch: 1)) { _ in }
            return try model.store.parameters.map { try $0.tensor.floats() }
        }
        let plain = try trained(LossScale(.bfloat16))
        // A power of two changes only the exponent, in either direction.
        #expect(try trained(LossScale(.float16)) == plain)

        let huge = LossScale(factor: 0x1p127, isAdapted: true)
        let unmoved = try trained(huge)
        #expect(huge.factor == 0x1p125, "two steps must both overflow float32")
        #expect(unmoved != plain)
        #expect(unmoved.allSatisfy { $0.allSatisfy(\.isFinite) })
    }

    @Test func `The scale doubles after 2000 good steps, and accepts overflows below 1`() {
        let scale = LossScale(.float16)
        #expect(scale.factor == 65536)
        for _ in 0..<1999 { #expect(scale.accepts(norm: 1)) }
        #expect(!scale.accepts(norm: .infinity))
        #expect(scale.factor == 32768)
        for _ in 0..<2000 { #expect(scale.accepts(norm: 1)) }
        #expect(scale.factor == 65536)
        for _ in 0..<16 { #expect(!scale.accepts(norm: .nan)) }
        #expect(scale.accepts(norm: .nan), "the scale does not cause the overflow")
        let fixed = LossScale(.float32)
        #expect(fixed.accepts(norm: .infinity) && fixed.factor == 1)
    }

    @Test(arguments: ["tf_efficientnet_lite0", "convnext_atto", "swin_tiny_patch4_window7_224"])
    func `Embeddings in bfloat16 are close to those in float32`(backbone: String) throws {
        let pond = try Pond(photographs: 2)
        defer { pond.remove() }
        var settings = try Pond.configuration().train
        settings.members[0].backbone = backbone
        settings.members[0].imageSize = 64
        let directory = try pond.storedModel(settings).path
        let exact = try pond.embedding(.trained(directory: directory), into: "exact.npy")
        let rounded = try pond.embedding(.trained(directory: directory), precision: .bfloat16, into: "rounded.npy")
        let again = try pond.embedding(.trained(directory: directory), precision: .bfloat16, into: "again.npy")
        #expect(rounded.values == again.values)
        #expect(rounded.values != exact.values)
        let width = exact.columns
        for row in 0..<exact.rows {
            let cosine = (0..<width).reduce(0) { sum, column in
                sum + Double(exact.values[row * width + column]) * Double(rounded.values[row * width + column])
            }
            // Independent errors of 2⁻⁹ from about 3 × 60 weights, inputs and outputs: an angle of 0.026.
            #expect(cosine > 1 - 0.026 * 0.026 / 2, "\(cosine)")
        }
    }
}
