import Networks
import Torch

/// Swin Transformer, with timm's names of parameters.
///
/// A window is never larger than its stage's map, so the image size determines the shapes of some parameters, as in
/// timm. A network accepts images of other sizes too; their maps are padded to whole windows.
///
/// Source: Liu et al., ICCV 2021.
public struct Swin: Backbone {
    /// The settings that distinguish the variants.
    public struct Configuration: Sendable, Equatable {
        /// Channels of the first stage; each later stage has twice as many as the one before.
        var width: Int
        /// Blocks of each stage.
        var depths: [Int]
        /// Heads of each stage.
        var heads: [Int]
        /// Side of a window, tokens.
        var window: Int
    }

    /// Side of a patch, pixels.
    static let patch = 4
    /// The initial values of the matrices.
    static let weights = InitialValue.normal(deviation: 0.02)

    public let featureCount: Int
    public let earlierFeatureCount: Int
    private let embedding: Conv2d
    private let embeddingNorm: LayerNorm
    private let body: SwinBody

    /// Creates the network for square images with sides of `imageSize` pixels.
    ///
    /// `stochasticDepth` is the rate at which training drops the last block, in `0..<1`. The rate rises linearly from 0
    /// at the first block.
    ///
    /// - Throws: ``PatchError/partial(owner:side:height:width:)``.
    public init(
        _ configuration: Configuration, imageSize: Int, stochasticDepth: Double = 0, in scope: ParameterScope
    ) throws {
        let grid = try Self.patches.grid(height: imageSize, width: imageSize)
        embedding = try Conv2d(
            3, configuration.width, kernel: Self.patch, stride: Self.patch, padding: .none, hasBias: true,
            weights: Self.weights, in: scope / "patch_embed" / "proj")
        embeddingNorm = try LayerNorm(configuration.width, in: scope / "patch_embed" / "norm")
        body = try SwinBody(configuration, side: grid.height, stochasticDepth: stochasticDepth, in: scope)
        featureCount = body.featureCount
        earlierFeatureCount = body.earlierFeatureCount
    }

    /// The maps of the last two stages, shapes `[N, featureCount, …]` and `[N, earlierFeatureCount, …]`.
    public func features(_ images: Tensor, mode: Mode) throws -> FeatureMaps {
        let shape = images.shape
        _ = try Self.patches.grid(height: shape[2], width: shape[3])
        let patches = try embedding(images.channelsLast(), mode: mode).permuted([0, 2, 3, 1])
        return try body(embeddingNorm(patches, mode: mode), mode: mode)
    }

    /// Cuts images into patches.
    static let patches = Patches(owner: "Swin", side: patch)
}

/// Swin after the embedding of its patches: four stages and a norm, over maps with the channels last.
struct SwinBody {
    let featureCount: Int
    let earlierFeatureCount: Int
    private let stages: [SwinStage]
    private let norm: LayerNorm

    /// Creates the stages for a square map of `side` tokens.
    init(
        _ configuration: Swin.Configuration, side: Int, stochasticDepth: Double, in scope: ParameterScope
    ) throws {
        let depths = configuration.depths
        var rates = StochasticDepth.rates(count: depths.reduce(0, +), last: stochasticDepth)[...]
        var side = side
        stages = try depths.indices.map { index in
            if index > 0 { side = (side + 1) / 2 }
            let stage = try SwinStage(
                configuration.width << index, isFirst: index == 0, heads: configuration.heads[index],
                window: configuration.window, side: side, stochasticDepth: Array(rates.prefix(depths[index])),
                in: scope / "layers" / index)
            rates = rates.dropFirst(depths[index])
            return stage
        }
        featureCount = configuration.width << (depths.count - 1)
        earlierFeatureCount = featureCount / 2
        norm = try LayerNorm(featureCount, in: scope / "norm")
    }

    /// The maps of the last two stages, `[N, C, H, W]`, from tokens `[N, H, W, width]`.
    func callAsFunction(_ tokens: Tensor, mode: Mode) throws -> FeatureMaps {
        var map = tokens
        for stage in stages.dropLast() { map = try stage(map, mode: mode) }
        let beforeLast = try map.permuted([0, 3, 1, 2])
        // The last stage continues from this view itself, so that later results have a derivative by it.
        map = try beforeLast.permuted([0, 2, 3, 1])
        if let stage = stages.last { map = try stage(map, mode: mode) }
        return FeatureMaps(last: try norm(map, mode: mode).permuted([0, 3, 1, 2]), beforeLast: beforeLast)
    }
}

/// The blocks of one resolution, after a merging of patches unless the stage is the first.
struct SwinStage: Layer {
    private let merging: PatchMerging?
    private let blocks: [SwinBlock]

    /// Creates a stage with one block for each rate of stochastic depth; every other block shifts its windows by half,
    /// unless one window covers the map.
    init(
        _ channels: Int, isFirst: Bool, heads: Int, window: Int, side: Int, stochasticDepth rates: [Double],
        in scope: ParameterScope
    ) throws {
        merging = isFirst ? nil : try PatchMerging(channels / 2, in: scope / "downsample")
        let shift = side <= window ? 0 : window / 2
        blocks = try rates.enumerated().map { index, rate in
            try SwinBlock(
                channels, heads: heads, window: min(window, side), shift: index % 2 == 0 ? 0 : shift,
                stochasticDepth: rate, in: scope / "blocks" / index)
        }
    }

    func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        var map = try merging?(input, mode: mode) ?? input
        for block in blocks { map = try block(map, mode: mode) }
        return map
    }
}

/// Attention within windows, then two layers for each token; each part follows a norm and is added to its input.
struct SwinBlock: Layer {
    private let attentionNorm: LayerNorm
    private let attention: WindowAttention
    private let mixingNorm: LayerNorm
    private let expand: Linear
    private let contract: Linear
    private let stochasticDepth: StochasticDepth

    init(
        _ channels: Int, heads: Int, window: Int, shift: Int, stochasticDepth rate: Double, in scope: ParameterScope
    ) throws {
        attentionNorm = try LayerNorm(channels, in: scope / "norm1")
        attention = try WindowAttention(
            channels, heads: heads, window: window, shift: shift, weights: Swin.weights, in: scope / "attn")
        mixingNorm = try LayerNorm(channels, in: scope / "norm2")
        expand = try Linear(channels, 4 * channels, weights: Swin.weights, in: scope / "mlp" / "fc1")
        contract = try Linear(4 * channels, channels, weights: Swin.weights, in: scope / "mlp" / "fc2")
        stochasticDepth = StochasticDepth(rate: rate)
    }

    func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        let map = try attention(
            attentionNorm(input, mode: mode), addedTo: input, through: stochasticDepth, mode: mode)
        let hidden = try expand(mixingNorm(map, mode: mode), .gelu, mode: mode)
        return try contract(hidden, addedTo: map, through: stochasticDepth, mode: mode)
    }
}

/// Joins the channels of each two by two tokens and halves their number; zeros pad a map with odd sides.
struct PatchMerging: Layer {
    private let norm: LayerNorm
    private let reduction: Linear

    /// Creates the layer from `[N, H, W, channels]` to `[N, ⌈H/2⌉, ⌈W/2⌉, 2 channels]`.
    init(_ channels: Int, in scope: ParameterScope) throws {
        norm = try LayerNorm(4 * channels, in: scope / "norm")
        reduction = try Linear(
            4 * channels, 2 * channels, hasBias: false, weights: Swin.weights, in: scope / "reduction")
    }

    func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor {
        var map = input
        let (odd, shape) = (input.shape[1...2].map { $0 % 2 }, input.shape)
        if odd != [0, 0] {
            map = try map.permuted([0, 3, 1, 2]).padded(left: 0, right: odd[1], top: 0, bottom: odd[0])
                .permuted([0, 2, 3, 1])
        }
        let (height, width) = ((shape[1] + 1) / 2, (shape[2] + 1) / 2)
        // timm's order: the four tokens column by column.
        let joined = try map.reshaped([shape[0], height, 2, width, 2, shape[3]]).permuted([0, 1, 3, 4, 2, 5])
            .reshaped([shape[0], height, width, 4 * shape[3]])
        return try reduction(norm(joined, mode: mode), mode: mode)
    }
}

extension Swin.Configuration {
    static let tiny = Self(width: 96, depths: [2, 2, 6, 2], heads: [3, 6, 12, 24], window: 7)
    static let small = Self(width: 96, depths: [2, 2, 18, 2], heads: [3, 6, 12, 24], window: 7)
    static let base = Self(width: 128, depths: [2, 2, 18, 2], heads: [4, 8, 16, 32], window: 7)
    static let large = Self(width: 192, depths: [2, 2, 18, 2], heads: [6, 12, 24, 48], window: 7)

    /// The same for larger images, with windows that cover the same share of them.
    var atHighResolution: Self {
        var copy = self
        copy.window = 12
        return copy
    }

    /// Side of the images that it was published for, pixels: the last stage's map is one window, and each of its tokens
    /// covers 32 pixels.
    var imageSize: Int { 32 * window }
}

extension Swin {
    /// The variants, smallest first.
    static let variants = [
        variant("tiny", .tiny), variant("small", .small), variant("base", .base),
        variant("base", .base.atHighResolution), variant("large", .large), variant("large", .large.atHighResolution),
    ]

    private static func variant(_ name: String, _ configuration: Configuration) -> BackboneCatalog.Variant {
        .init(
            "swin_\(name)_patch\(patch)_window\(configuration.window)_\(configuration.imageSize)",
            imageSize: configuration.imageSize, statistics: .imageNet, licence: .init("mit"), classifier: "head.fc"
        ) { scope, imageSize, stochasticDepth in
            try Swin(configuration, imageSize: imageSize, stochasticDepth: stochasticDepth, in: scope)
        }
    }
}
