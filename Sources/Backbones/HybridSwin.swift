import Networks
import Torch

/// Swin over the early stages of an EfficientNet, which replace its patches.
///
/// The convolutions stop when the map has a quarter of the image's sides, as after Swin's patches. So Swin's stages,
/// windows and published weights fit unchanged, and convolutions do the work that needs the least context. No weights
/// of the whole are published. Those of the parts load below `cnn.` and `swin.`, each under the names of its timm file;
/// the projection between them, `projection.`, has to be trained.
///
/// Source: Henkel, arXiv 2110.03786 (Hybrid-Swin-Transformer); the projection is timm's HybridEmbed, followed by
/// the norm of Swin's patches.
public struct HybridSwin: Backbone {
    public let featureCount: Int
    public let earlierFeatureCount: Int
    private let cnn: EfficientNet
    private let projection: Linear
    private let norm: LayerNorm
    private let body: SwinBody

    /// Creates the network for square images.
    ///
    /// - Parameters:
    ///   - configuration: Swin's, whose patches the convolutions replace.
    ///   - convolutions: The network whose early stages are used.
    ///   - imageSize: Side of the images that it is built for, pixels.
    ///   - stochasticDepth: As for Swin; the convolutions are never dropped.
    ///   - scope: The network's place in the store; the parts `cnn`, `projection` and `swin` are below it.
    /// - Throws: ``PatchError/partial(owner:side:height:width:)``.
    public init(
        _ configuration: Swin.Configuration, over convolutions: EfficientNet.Configuration, imageSize: Int,
        stochasticDepth: Double = 0, in scope: ParameterScope
    ) throws {
        let grid = try Swin.patches.grid(height: imageSize, width: imageSize)
        cnn = try EfficientNet(convolutions.cut(atReduction: Swin.patch), in: scope / "cnn")
        projection = try Linear(
            cnn.featureCount, configuration.width, weights: Swin.weights, in: scope / "projection" / "proj")
        norm = try LayerNorm(configuration.width, in: scope / "projection" / "norm")
        body = try SwinBody(configuration, side: grid.height, stochasticDepth: stochasticDepth, in: scope / "swin")
        featureCount = body.featureCount
        earlierFeatureCount = body.earlierFeatureCount
    }

    /// The parts of the published files that the hybrid does not use: the later stages and the classifier of the
    /// convolutions, Swin's patches and classifier.
    public static func leftOvers(over convolutions: EfficientNet.Configuration) -> (cnn: LeftOvers, swin: LeftOvers) {
        let taken = convolutions.cut(atReduction: Swin.patch).stages.count
        let later = (taken..<convolutions.stages.count).map { "blocks.\($0)" }
        return (.parts(later + ["conv_head", "bn2", "classifier"]), .parts(["patch_embed", "head.fc"]))
    }

    /// The maps of the last two stages, shapes `[N, featureCount, …]` and `[N, earlierFeatureCount, …]`.
    public func features(_ images: Tensor, mode: Mode) throws -> FeatureMaps {
        let shape = images.shape
        _ = try Swin.patches.grid(height: shape[2], width: shape[3])
        let map = try cnn(images.channelsLast(), mode: mode).permuted([0, 2, 3, 1])
        return try body(norm(projection(map, mode: mode), mode: mode), mode: mode)
    }
}

extension HybridSwin {
    /// The hybrids, named after the pattern of timm's `vit_base_resnet50_224`: the body, the network below it, and the
    /// size.
    static let variants = [
        variant("tiny", .tiny, over: "tf_efficientnet_b0", .b(width: 1, depth: 1)),
        variant("base", .base, over: "tf_efficientnet_b5", .b(width: 1.6, depth: 2.2)),
        variant("base", .base.atHighResolution, over: "tf_efficientnet_b5", .b(width: 1.6, depth: 2.2)),
        variant("large", .large.atHighResolution, over: "tf_efficientnet_b7", .b(width: 2, depth: 3.1)),
    ]

    private static func variant(
        _ name: String, _ configuration: Swin.Configuration, over cnn: String,
        _ convolutions: EfficientNet.Configuration
    ) -> BackboneCatalog.Variant {
        .init(
            "swin_\(name)_\(cnn)_window\(configuration.window)_\(configuration.imageSize)",
            imageSize: configuration.imageSize, statistics: .imageNet, licence: .init(nil),
            classifier: "head.fc", parts: leftOvers(over: convolutions)
        ) { scope, imageSize, stochasticDepth in
            try HybridSwin(
                configuration, over: convolutions.asTensorFlow, imageSize: imageSize,
                stochasticDepth: stochasticDepth, in: scope)
        }
    }
}
