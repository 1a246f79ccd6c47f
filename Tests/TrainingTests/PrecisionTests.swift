import Basics
import Configuration
import Foundation
import Testing

@testable import Training

/// Training and embedding with a backbone in bfloat16.
struct PrecisionTests {
    @Test func `Training in bfloat16 lowers the loss, stores float32, and is the same again`() throws {
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

    @Test(arguments: ["tf_efficientnet_lite0", "convnext_atto", "swin_tiny_patch4_window7_224"])
    func `Embeddings in bfloat16 lie close to those in float32`(backbone: String) throws {
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
            // Errors of 2⁻⁹ from some 3 × 60 weights, inputs and outputs, independent: an angle of 0.026.
            #expect(cosine > 1 - 0.026 * 0.026 / 2, "\(cosine)")
        }
    }
}
