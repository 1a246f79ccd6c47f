import Basics
import Foundation
import Testing
import Torch

@testable import Networks

/// Weights load completely or not at all.
final class LoadingTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "loading-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func store() throws -> ParameterStore {
        let store = ParameterStore(seed: 1)
        let stem = store.root / "backbone" / "conv_stem"
        _ = try stem.parameter("weight", [2, 3], .constant(0))
        _ = try (store.root / "backbone" / "bn1").buffer("running_mean", [2], 0)
        return store
    }

    private func file(_ shapes: [String: [Int]]) throws -> Safetensors {
        let url = folder.appending(path: "\(UUID().uuidString).safetensors")
        try Safetensors.write(
            shapes.sorted { $0.key < $1.key }.map { ($0.key, try Tensor(repeating: 4, shape: $0.value)) }, to: url)
        return try Safetensors.read(url)
    }

    private func mismatch(_ file: Safetensors, leaving leftOvers: LeftOvers = .buffers) throws -> ParameterMismatch? {
        let store = try store()
        let error = #expect(throws: ParameterError.self) {
            try store.load(file, under: "backbone.", leaving: leftOvers)
        }
        #expect(try store.tensors.allSatisfy { try $0.tensor.floats().allSatisfy { $0 == 0 } }, "no tensor must change")
        guard case .mismatch(let mismatch) = error else { return nil }
        return mismatch
    }

    private let whole = ["conv_stem.weight": [2, 3], "bn1.running_mean": [2]]

    @Test func `Names are matched below the prefix, and every tensor is filled`() throws {
        let store = try store()
        try store.load(file(whole), under: "backbone.")
        #expect(try store.tensors.allSatisfy { try $0.tensor.floats().allSatisfy { $0 == 4 } })
    }

    @Test func `A classifier and computed buffers are left over by their names`() throws {
        var shapes = whole
        shapes["head.fc.weight"] = [5, 2]
        shapes["bn1.num_batches_tracked"] = []
        shapes["layers.0.blocks.1.attn_mask"] = [4]
        shapes["layers.0.blocks.1.attn.relative_position_index"] = [4]
        let file = try file(shapes)
        try store().load(file, under: "backbone.", leaving: .classifier("head.fc"))
        #expect(try mismatch(file, leaving: .classifier("head.f"))?.unexpected == ["head.fc.weight"])
        #expect(try mismatch(file)?.unexpected == ["head.fc.weight"])
    }

    @Test func `A wrong name is reported from both sides, each with the nearest`() throws {
        let file = try file(["conv_stem.weigth": [2, 3], "bn1.running_mean": [2]])
        let found = try mismatch(file)
        #expect(
            found
                == ParameterMismatch(
                    path: file.path, missing: ["conv_stem.weight"], unexpected: ["conv_stem.weigth"], misshapen: []))
        #expect(
            found?.description == """
                \(file.path): these weights are from another network (1 missing: 'conv_stem.weight' (nearest: \
                'conv_stem.weigth'); 1 unexpected: 'conv_stem.weigth' (nearest: 'conv_stem.weight')). Choose the \
                backbone they were made for.
                """)
    }

    @Test func `A wrong shape is reported with the right one`() throws {
        let found = try mismatch(file(["conv_stem.weight": [3, 2], "bn1.running_mean": [2]]))
        #expect(found?.misshapen == [.init(name: "conv_stem.weight", found: [3, 2], expected: [2, 3])])
        #expect(found?.description.contains("1 of another shape: conv_stem.weight is [3, 2], not [2, 3]") == true)
    }

    @Test func `The first few of many wrong names are listed and the others counted`() throws {
        var shapes = whole
        for index in 0..<9 { shapes["blocks.\(index).quite.another.one"] = [1] }
        let text = try #require(try mismatch(file(shapes))).description
        #expect(text.contains("9 unexpected: 'blocks.0.quite.another.one'"))
        #expect(text.contains("'blocks.2.quite.another.one' and 6 more"))
    }

    @Test(arguments: ["model.", "backbone.", "module.encoder."])
    func `Right weights under another prefix are recognised`(prefix: String) throws {
        var shapes: [String: [Int]] = ["neck.weight": [7]]
        for (name, shape) in whole { shapes[prefix + name] = shape }
        let file = try file(shapes)
        #expect(throws: ParameterError.otherPrefix(path: file.path, found: prefix, expected: "")) {
            try store().load(file, under: "backbone.")
        }
    }

    @Test func `Right weights that lack a prefix are recognised`() throws {
        let file = try file(whole)
        #expect(throws: ParameterError.otherPrefix(path: file.path, found: "", expected: "backbone.")) {
            try store().load(file)
        }
    }
}
