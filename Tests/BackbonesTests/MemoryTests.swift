import Basics
import Foundation
import Networks
import Testing
import Torch

@testable import Backbones

/// The memory of one photograph in the largest networks of the families.
@Suite(.serialized) struct MemoryTests {
    /// If gradients were recorded, the maps of B7 at 600 pixels alone would exceed this.
    private static let limit = 3_000_000_000

    @Test(arguments: ["tf_efficientnet_b7", "convnext_large"])
    func `The largest networks embed a photograph in bounded memory`(name: String) throws {
        let variant = try BackboneCatalog.variant(name)
        // Resets the peak that Linux counts.
        try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
        let before = try Self.status("VmRSS")
        let network = try variant.network(in: ParameterStore(seed: 1).root.unfilled)
        let images = try Tensor(repeating: 0.5, shape: [1, 3, variant.imageSize, variant.imageSize]).channelsLast()
        let pooled = try network.normalised(network(images, mode: .evaluation).mean(over: [2, 3]), mode: .evaluation)
        #expect(pooled.shape == [1, network.featureCount])
        #expect(try pooled.floats().allSatisfy(\.isFinite))
        // Other tests run at the same time and count too.
        let taken = try Self.status("VmHWM") - before
        #expect(taken < Self.limit, "\(name) took \(NumberText.bytes(Double(taken)))")
    }

    /// A value of this process's status in Linux, bytes.
    private static func status(_ key: String) throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("\(key):") })
        let number = try #require(line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) })
        return number * 1024
    }
}
