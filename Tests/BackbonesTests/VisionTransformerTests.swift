import Basics
import Foundation
import Networks
import Testing
import Torch

@testable import Backbones

struct VisionTransformerTests {
    private static let tiny = VisionTransformer.Configuration(width: 16, depth: 2, heads: 2, patch: 4)

    private static let names = [
        "vit_base_patch16_224", "vit_small_patch14_dinov2", "vit_small_patch14_reg4_dinov2", "vit_small_patch16_dinov3",
    ]

    @Test(arguments: names)
    func `Maps and class token of an image that is not square equal timm's`(name: String) throws {
        let reference = try #require(Golden.read("vit_maps")[name])
        let (network, _) = try ReferenceTests.network(["name": .string(name)])
        let images = try ReferenceTests.input(reference)
        for mode in [Mode.evaluation, .serving(FoldedWeights())] {
            let maps = try network.features(images, mode: mode)
            let pooled = try network.pooling(maps, mode: mode) { $0 }
            for (tensor, part) in [
                (maps.last, "last"), (maps.beforeLast, "before_last"),
                (try #require(maps.classToken).source, "source"), (pooled, "pooled"),
            ] {
                let expected = try #require(reference[part])
                #expect(tensor.shape == expected["shape"]?.integers, "\(part)")
                try ReferenceTests.expect(tensor, like: expected)
            }
        }
    }

    @Test func `Published positions are resampled to another image size as in timm`() throws {
        let reference = try Golden.read("vit_resampled_positions")
        let variant = try BackboneCatalog.variant("vit_small_patch14_dinov2")
        let published = ParameterStore(seed: 1)
        let large = try variant.network(in: published.root.unfilled)
        for (name, tensor) in published.tensors { try tensor.assign(Golden.tensor(name, shape: tensor.shape)) }
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
        try published.save(to: file)
        defer { try? FileManager.default.removeItem(at: file) }

        let store = ParameterStore(seed: 1)
        let network = try variant.network(in: store.root.unfilled, imageSize: 98)
        try variant.load(Safetensors.read(file), into: store)
        let positions = try #require(store.tensors.first { $0.name == "pos_embed" }).tensor
        #expect(positions.shape == [1, 50, 384])
        try ReferenceTests.expect(positions, like: #require(reference["pos_embed"]))
        let images = try Golden.tensor("input", shape: [2, 3, 98, 98])
        for network in [network, large] {
            // The large network resamples its positions for this image.
            let token = try #require(try network.features(images, mode: .evaluation).classToken).token
            try ReferenceTests.expect(token, like: #require(reference["pooled"]))
        }
    }

    @Test func `Positions of another width or of no square map are refused`() throws {
        let store = ParameterStore(seed: 1)
        _ = try VisionTransformer(Self.tiny, imageSize: 12, in: store.root)
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: file) }
        for shape in [[1, 17, 8], [1, 16, 16], [1, 1, 16], [2, 17, 16], [17, 16]] {
            let positions = try Tensor(repeating: 1, shape: shape)
            try Safetensors.write(
                store.tensors.map { ($0.name, $0.name == "pos_embed" ? positions : $0.tensor) }, to: file)
            let error = #expect(throws: ParameterError.self) { try store.load(Safetensors.read(file), fitting: true) }
            #expect("\(try #require(error))".contains("pos_embed is \(shape), not [1, 10, 16]"))
        }
    }

    @Test func `An image that is not a multiple of patches is refused with the nearest valid size`() throws {
        let variant = try BackboneCatalog.variant("vit_small_patch14_dinov2")
        let problem = #expect(throws: PatchError.self) {
            try variant.network(in: ParameterStore(seed: 1, on: .shapesOnly).root, imageSize: 128)
        }
        #expect(
            try #require(problem).description == "This vision transformer cuts images into patches of 14 pixels, but "
                + "this one is 128 high and 128 wide. Make it 126 by 126.")
        let network = try VisionTransformer(Self.tiny, imageSize: 12, in: ParameterStore(seed: 1).root)
        #expect(throws: PatchError.partial(owner: "This vision transformer", side: 4, height: 12, width: 14)) {
            try network(Tensor(repeating: 0, shape: [1, 3, 12, 14]), mode: .evaluation)
        }
    }

    @Test(arguments: [VisionTransformer.Configuration.small.dinov3, tiny])
    func `The class token depends on the map that it reads, and not on the last map`(
        configuration: VisionTransformer.Configuration
    ) throws {
        var configuration = configuration
        (configuration.width, configuration.depth, configuration.heads, configuration.patch) = (16, 2, 2, 4)
        let network = try VisionTransformer(configuration, imageSize: 16, in: ParameterStore(seed: 1).root)
        let images = try Golden.tensor("input", shape: [1, 3, 16, 16])
        try images.setRequiresGradient(true)
        func length(of derivative: Tensor) throws -> Double { try (derivative * derivative).sum().item() }
        func token() throws -> (FeatureMaps, Tensor) {
            let maps = try network.features(images, mode: .evaluation)
            return (maps, try #require(maps.classToken).token.narrowed(1, to: 0..<1).sum())
        }
        var (maps, sum) = try token()
        #expect(try length(of: sum.derivative(by: #require(maps.classToken).source)) > 0)
        (maps, sum) = try token()
        #expect(try length(of: sum.derivative(by: maps.beforeLast)) > 0)
        (maps, sum) = try token()
        #expect(throws: TorchError.self) { try sum.derivative(by: maps.last) }
    }

    @Test func `A backbone without a class token cannot pool one`() throws {
        let network = try BackboneCatalog.variant("convnext_atto").network(
            in: ParameterStore(seed: 1, on: .shapesOnly).root)
        let error = #expect(throws: PoolingError.noClassToken) { try ClassTokenPooling(network) }
        #expect(try #require(error).description.contains("Choose gem or average"))
    }
}
