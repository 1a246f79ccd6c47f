import Basics
import Foundation
import Networks
import Testing
import Torch

@testable import Backbones

struct SwinTests {
    private static let small = Swin.Configuration(width: 8, depths: [1, 1, 2, 1], heads: [1, 2, 2, 4], window: 4)

    @Test func `An image that patches do not fill is refused with the nearest size that they do`() throws {
        let store = ParameterStore(seed: 1)
        let network = try Swin(Self.small, imageSize: 64, in: store.root)
        let images = try Tensor(repeating: 0, shape: [1, 3, 66, 64])
        let problem = #expect(throws: SwinError.partialPatches(height: 66, width: 64)) {
            try network(images, mode: .evaluation)
        }
        #expect(problem?.description.contains("66 high and 64 wide. Make it 68 by 64.") == true)
        #expect(throws: SwinError.self) { try Swin(Self.small, imageSize: 2, in: store.root / "other") }
    }

    @Test func `A hybrid takes the weights of its parts from their own files`() throws {
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
}
