import Basics
import Foundation
import Networks
import Testing
import Torch

@testable import Backbones

struct SwinTests {
    private static let small = Swin.Configuration(width: 8, depths: [1, 1, 2, 1], heads: [1, 2, 2, 4], window: 4)

    @Test func `An image that is not a multiple of patches is refused with the nearest valid size`() throws {
        let store = ParameterStore(seed: 1)
        let network = try Swin(Self.small, imageSize: 64, in: store.root)
        let images = try Tensor(repeating: 0, shape: [1, 3, 66, 64])
        let problem = #expect(throws: PatchError.partial(owner: "Swin", side: 4, height: 66, width: 64)) {
            try network(images, mode: .evaluation)
        }
        #expect(problem?.description.contains("66 high and 64 wide. Make it 68 by 64.") == true)
        #expect(throws: PatchError.self) { try Swin(Self.small, imageSize: 2, in: store.root / "other") }
    }

    @Test(arguments: [0, 1, 2])
    func `Published weights are converted to another image size as in timm`(index: Int) throws {
        let document = try Golden.read("resized_swin")
        let reference = try #require(document["cases"]?.array?[index])
        func integers(_ name: String) throws -> [Int] { try #require(document[name]?.integers) }
        let configuration = Swin.Configuration(
            width: try #require(document["embed_dim"]?.integer), depths: try integers("depths"),
            heads: try integers("num_heads"), window: try #require(document["window_size"]?.integer))
        let published = ParameterStore(seed: 1)
        _ = try Swin(configuration, imageSize: #require(reference["from"]?.integer), in: published.root)
        for (name, tensor) in published.tensors { try tensor.assign(Golden.tensor(name, shape: tensor.shape)) }
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
        try published.save(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let weights = try Safetensors.read(file)

        let size = try #require(reference["to"]?.integer)
        let store = ParameterStore(seed: 1)
        let network = try Swin(configuration, imageSize: size, in: store.root)
        #expect(throws: ParameterError.self) { try store.load(weights) }
        try store.load(weights, fitting: true)
        let tables = try #require(reference["tables"]?.object)
        #expect(!tables.isEmpty)
        for (name, tensor) in store.tensors {
            let found = try tensor.doubles()
            let expected = tables[name]?.numbers ?? Golden.values(name, shape: tensor.shape).map(Double.init)
            try #require(found.count == expected.count, "\(name)")
            // timm stores the distances in single precision, which shifts a position of up to 7 by 5e-7.
            for (one, other) in zip(found, expected) { #expect(abs(one - other) < 2e-6, "\(name)") }
        }
        let features = try network(Golden.tensor("input", shape: [1, 3, size, size]), mode: .evaluation)
        try ReferenceTests.expect(features.permuted([0, 2, 3, 1]), like: #require(reference["features"]))
    }

    @Test func `A table with other heads or without a square window is refused`() throws {
        func table(_ shape: [Int]) throws -> Tensor { try Tensor(repeating: 1, shape: shape) }
        let store = ParameterStore(seed: 1)
        _ = try Swin(Self.small, imageSize: 64, in: store.root)
        let name = "layers.0.blocks.0.attn.relative_position_bias_table"
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: file) }
        for shape in [[49, 2], [50, 1], [64, 1], [49]] {
            try Safetensors.write(
                store.tensors.map { ($0.name, $0.name == name ? try table(shape) : $0.tensor) }, to: file)
            let error = #expect(throws: ParameterError.self) { try store.load(Safetensors.read(file), fitting: true) }
            #expect("\(try #require(error))".contains("\(name) is \(shape), not [49, 1]"))
        }
    }

    @Test func `A hybrid loads the weights of its parts from their own files`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hybrid-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let convolutions = EfficientNet.Configuration.b(width: 0.25, depth: 1)
        let (cnnStore, swinStore) = (ParameterStore(seed: 2), ParameterStore(seed: 3))
        _ = try EfficientNet(convolutions, in: cnnStore.root)
        _ = try Swin(Self.small, imageSize: 64, in: swinStore.root)
        let (cnnFile, swinFile) = (folder.appending(path: "cnn"), folder.appending(path: "swin"))
        try cnnStore.save(to: cnnFile)
        try swinStore.save(to: swinFile)

        let store = ParameterStore(seed: 1)
        let network = try HybridSwin(Self.small, over: convolutions, imageSize: 64, in: store.root)
        let leftOvers = HybridSwin.leftOvers(over: convolutions)
        try store.load(Safetensors.read(cnnFile), under: "cnn.", leaving: leftOvers.cnn)
        try store.load(Safetensors.read(swinFile), under: "swin.", leaving: leftOvers.swin)
        let sources = Dictionary(
            uniqueKeysWithValues: cnnStore.tensors.map { ("cnn.\($0.name)", $0.tensor) }
                + swinStore.tensors.map { ("swin.\($0.name)", $0.tensor) })
        for (name, tensor) in store.tensors where !name.hasPrefix("projection.") {
            #expect(try tensor.floats() == #require(sources[name]).floats(), "\(name)")
        }
        let maps = try network.features(Tensor(repeating: 1, shape: [2, 3, 64, 96]), mode: .evaluation)
        #expect(maps.last.shape == [2, 64, 2, 3])
        #expect(maps.beforeLast.shape == [2, 32, 4, 6])
    }

    @Test func `A hybrid of the catalogue starts from two files, and the error for one file says so`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hybrid-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        /// A published network whose numbers are all 1.
        func published(_ name: String, of value: Double) throws -> Safetensors {
            let store = ParameterStore(seed: 1)
            let variant = try BackboneCatalog.variant(name)
            _ = try variant.network(in: store.root.unfilled)
            for (_, tensor) in store.tensors { try tensor.assign(Tensor(repeating: value, shape: tensor.shape)) }
            try store.save(to: folder.appending(path: name))
            return try Safetensors.read(folder.appending(path: name))
        }
        let cnn = try published("tf_efficientnet_b0", of: 2)
        let swin = try published("swin_tiny_patch4_window7_224", of: 3)
        let hybrid = try BackboneCatalog.variant("swin_tiny_tf_efficientnet_b0_window7_224")
        let store = ParameterStore(seed: 1)
        // At 128 pixels the last window is smaller than the weights'.
        _ = try hybrid.network(in: (store.root / "backbone").unfilled, imageSize: 128)
        try hybrid.load(cnn: cnn, transformer: swin, into: store, under: "backbone.")
        for (name, tensor) in store.tensors where !name.contains(".projection.") {
            let value: Float = name.hasPrefix("backbone.cnn.") ? 2 : 3
            #expect(try tensor.floats().allSatisfy { $0 == value }, "\(name)")
        }
        for file in [cnn, swin] {
            let error = #expect(throws: BackboneError.self) {
                try hybrid.load(file, into: store, under: "backbone.")
            }
            #expect("\(try #require(error))".contains("weights: {cnn: ..., transformer: ...}"))
        }
        let plain = try BackboneCatalog.variant("tf_efficientnet_b0")
        let error = #expect(throws: BackboneError.noParts(name: "tf_efficientnet_b0")) {
            try plain.load(cnn: cnn, transformer: swin, into: store)
        }
        #expect("\(try #require(error))".contains("'tf_efficientnet_b0' is not a hybrid"))
    }
}
