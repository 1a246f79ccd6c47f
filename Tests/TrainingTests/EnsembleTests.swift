import Basics
import Configuration
import Foundation
import Jobs
import Testing

@testable import Training

/// An ensemble of networks other than CNNs, in the worker, with everything that the write-ups add.
struct EnsembleTests {
    private static let options = """
          members:
            - {name: convnext, backbone: convnext_atto, image-size: 64, weight: 1, stochastic-depth: 0.1}
            - {name: swin, backbone: swin_tiny_patch4_window7_224, image-size: 32, weight: 0.5}
          pooling: {kind: dolg, dilations: [1, 2]}
          head: {kind: sub-centre, centres: 2, margin-rule: range}
          neck: {embedding: 16, dropout: 0}
          schedule: {epochs: 2, warmup-epochs: 0}
          batch-size: 8
        """

    @Test func `A ConvNeXt and a Swin train, embed and find animals together`() throws {
        let pond = try Pond()
        defer { pond.remove() }
        let configuration = try Configuration(
            parsing: "train:\n" + Self.options, path: "test.yaml", root: pond.directory)
        var matrices: [(weight: Double, rows: NPYMatrix)] = []
        for member in configuration.train.members {
            let folder = pond.directory.appending(path: member.name)
            let train = Job.train(
                TrainJob(
                    data: DataSettings(folder: pond.directory.path),
                    split: pond.directory.appending(path: "split.csv").path, member: member,
                    train: configuration.train, seed: 1, fold: 0, device: .cpu, precision: .float32,
                    output: folder.path))
            let (trained, events) = try WorkerTests.worker("run", input: JSONValue(encoding: train).canonicalText)
            try #require(trained == 0, "\(events.last ?? .null)")
            let losses = try CSVTable.read(folder.appending(path: "history.csv")).rows.compactMap { Double($0[5]) }
            #expect(losses.count == 2 && losses.allSatisfy(\.isFinite))
            let output = folder.appending(path: "embeddings.npy")
            let embed = Job.embed(
                EmbedJob(
                    data: DataSettings(folder: pond.directory.path), model: .trained(directory: folder.path),
                    mirror: true, device: .cpu,
                    precision: .float32, output: output.path))
            let (embedded, _) = try WorkerTests.worker("run", input: JSONValue(encoding: embed).canonicalText)
            try #require(embedded == 0)
            matrices.append((member.weight, try NPYMatrix.read(output)))
        }
        func similarity(_ one: Int, _ other: Int) -> Double {
            matrices.reduce(0) { sum, member in
                let width = member.rows.columns
                let product = (0..<width).reduce(0) { product, column in
                    product + Double(member.rows.values[one * width + column])
                        * Double(member.rows.values[other * width + column])
                }
                return sum + member.weight * product
            }
        }
        let count = matrices[0].rows.rows
        #expect(matrices.allSatisfy { $0.rows.rows == 20 && $0.rows.columns == 16 })
        let found = (0..<count).count { query in
            let best = (0..<count).filter { $0 != query }.max { similarity(query, $0) < similarity(query, $1) }
            return best.map { $0 / 5 == query / 5 } ?? false
        }
        // By chance 4 of the 19 others show the same animal.
        #expect(Double(found) > 0.5 * Double(count), "\(found) of \(count)")
    }
}
