import Basics
import Foundation
import Networks
import Testing
import Torch

@testable import Backbones

/// Compares features and gradients of networks whose parameters follow a formula with PyTorch and timm.
struct ReferenceTests {
    static let names = [
        "tf_efficientnet_lite0", "tf_efficientnet_b0", "tiny_efficientnet_b0", "tiny_tf_efficientnet_b0",
        "tf_efficientnetv2_s", "tiny_convnext", "convnext_tiny", "tiny_swin", "tiny_swin_odd",
        "swin_tiny_patch4_window7_224", "tiny_vit_dinov2", "tiny_vit_dinov3", "vit_small_patch14_dinov2",
        "vit_small_patch14_reg4_dinov2", "vit_small_patch16_dinov3",
    ]

    /// Builds a network of the reference's shape, with every tensor filled by the formula.
    static func network(
        _ reference: JSONValue, computing precision: ScalarType = .float32
    ) throws -> (network: any Backbone, store: ParameterStore) {
        let store = ParameterStore(seed: 1)
        let scope = store.root.unfilled.computing(in: precision)
        let name = try #require(reference["name"]?.string)
        let network: any Backbone
        if reference["family"]?.string == "vit" {
            let shape = try #require(reference["input_shape"]?.integers)
            var configuration = VisionTransformer.Configuration.small
            configuration = name.hasSuffix("dinov3") ? configuration.dinov3 : configuration.dinov2()
            if name.contains("reg4") { configuration = configuration.dinov2(registers: 4) }
            if let width = reference["embed_dim"]?.integer {
                configuration.width = width
                configuration.depth = try #require(reference["depth"]?.integer)
                configuration.heads = try #require(reference["num_heads"]?.integer)
                if let registers = reference["reg_tokens"]?.integer, configuration.positions != .rotary {
                    configuration = configuration.dinov2(registers: registers)
                }
            }
            network = try VisionTransformer(configuration, imageSize: shape[3], in: scope)
        } else if !name.hasPrefix("tiny") {
            network = try BackboneCatalog.variant(name).network(in: scope)
        } else if let window = reference["window_size"]?.integer {
            network = try Swin(
                .init(
                    width: try #require(reference["embed_dim"]?.integer),
                    depths: try #require(reference["depths"]?.integers),
                    heads: try #require(reference["num_heads"]?.integers), window: window),
                imageSize: try #require(reference["img_size"]?.integer), in: scope)
        } else if let depths = reference["depths"]?.integers {
            let widths = try #require(reference["dims"]?.integers)
            network = try ConvNeXt(.init(depths: depths, widths: widths), in: scope)
        } else {
            var configuration = EfficientNet.Configuration.b(
                width: try #require(reference["channel_multiplier"]?.double),
                depth: try #require(reference["depth_multiplier"]?.double))
            configuration.padding = reference["padding"]?.string == "same" ? .same : .symmetric
            configuration.normEpsilon = try #require(reference["bn_eps"]?.double)
            network = try EfficientNet(configuration, in: scope)
        }
        for (name, tensor) in store.tensors { try tensor.assign(Golden.tensor(name, shape: tensor.shape)) }
        return (network, store)
    }

    @Test(arguments: names)
    func `Features and gradients equal timm's`(name: String) throws {
        let reference = try Golden.read(name)
        let (network, store) = try Self.network(reference)
        let expected = try #require(reference["parameters"]?.object)
            .mapValues { $0.integers ?? [] }.filter { !$0.key.hasSuffix("num_batches_tracked") }
        #expect(Dictionary(uniqueKeysWithValues: store.tensors.map { ($0.name, $0.tensor.shape) }) == expected)
        try expectFeatures(of: network, like: reference)
        try expectGradients(of: network, store, like: #require(reference["train"]), images: Self.input(reference))
    }

    @Test(arguments: ["tf_efficientnet_lite0", "efficientnet_b0", "efficientnetv2_rw_m", "convnext_atto"])
    func `Both maps of an image with odd sides equal timm's`(name: String) throws {
        let document = try Golden.read("maps")
        let reference = try #require(document[path: "networks.\(name)"])
        let (network, _) = try Self.network(["name": .string(name)])
        let maps = try network.features(Self.input(document), mode: .evaluation)
        for (tensor, part) in [
            (maps.last, "last"), (maps.beforeLast, "before_last"),
            (try pooled(maps, network, mode: .evaluation), "pooled"),
        ] {
            let expected = try #require(reference[part])
            #expect(tensor.shape == expected["shape"]?.integers, "\(part)")
            try Self.expect(tensor, like: expected)
        }
    }

    private func expectFeatures(of network: any Backbone, like reference: JSONValue) throws {
        for mode in [Mode.evaluation, .serving(FoldedWeights())] {
            let input = try Self.input(reference)
            let maps = try network.features(input, mode: mode)
            let features = try Self.timmFeatures(of: maps, network, input, mode: mode)
            #expect(features.shape == reference["feature_shape"]?.integers)
            try Self.expect(features, like: try #require(reference["features"]))
            try Self.expect(pooled(maps, network, mode: mode), like: try #require(reference["pooled"]))
        }
    }

    /// The last map in timm's form: Swin's has the channels last, and a transformer's is all tokens.
    private static func timmFeatures(
        of maps: FeatureMaps, _ network: any Backbone, _ input: Tensor, mode: Mode
    ) throws -> Tensor {
        switch network {
        case is Swin: try maps.last.permuted([0, 2, 3, 1])
        case let network as VisionTransformer: try network.encoded(input, mode: mode).tokens
        default: maps.last
        }
    }

    private func expectGradients(
        of network: any Backbone, _ store: ParameterStore, like reference: JSONValue, images: Tensor
    ) throws {
        try images.setRequiresGradient(true)
        let mode = Mode.training(Noise(SeededGenerator(seed: 1)))
        let pooled = try pooled(network.features(images, mode: mode), network, mode: mode)
        try (pooled * Golden.tensor("probe", shape: pooled.shape)).sum().backward()
        try Self.expect(pooled, like: try #require(reference["pooled"]))
        try Self.expect(#require(try images.gradient()), like: #require(reference["grad_input"]))
        let norms = try #require(reference["grad_norms"]?.object)
        #expect(norms.count == store.parameters.count)
        let largest = norms.values.compactMap(\.double).max() ?? 0
        for parameter in store.parameters {
            let gradient = try #require(try parameter.tensor.gradient(), "\(parameter.name) has no gradient")
            let norm = try (gradient * gradient).sum().squareRoot().item()
            let expected = try #require(norms[parameter.name]?.double)
            // The references recommend 1e-3 for norms; gradients that cancel to near 0 are compared at the scale of the
            // largest.
            #expect(abs(norm - expected) <= 1e-3 * expected + 1e-6 * largest, "\(parameter.name)")
        }
    }

    /// The input of the published network's classifier, shape `[N, C]`.
    private func pooled(_ maps: FeatureMaps, _ network: any Backbone, mode: Mode) throws -> Tensor {
        try network.pooling(maps, mode: mode) { try network.normalised($0, mode: mode) }
    }

    static func input(_ reference: JSONValue) throws -> Tensor {
        let shape = try #require(reference["input_shape"]?.integers)
        return try Golden.tensor("input", shape: shape)
    }

    /// Compares norm and first numbers at the tolerance that the references recommend.
    static func expect(_ tensor: Tensor, like reference: JSONValue) throws {
        let values = try tensor.doubles()
        let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let expectedNorm = try #require(reference["norm"]?.double)
        #expect(abs(norm - expectedNorm) <= 1e-3 * expectedNorm)
        let head = try #require(reference["head"]?.numbers)
        let scale = max(head.map(abs).max() ?? 0, expectedNorm / Double(values.count).squareRoot())
        for (value, expected) in zip(values, head) { #expect(abs(value - expected) <= 1e-3 * scale) }
    }
}
