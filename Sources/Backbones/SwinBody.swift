import Networks
import Torch

/// Swin behind the embedding of its patches: four stages and a norm, over maps with the channels last.
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
        // The last stage goes on from this very view, so that what follows can be derived by it.
        map = try beforeLast.permuted([0, 2, 3, 1])
        if let stage = stages.last { map = try stage(map, mode: mode) }
        return FeatureMaps(last: try norm(map, mode: mode).permuted([0, 3, 1, 2]), beforeLast: beforeLast)
    }
}

/// The blocks of one resolution, behind a merging of patches unless the stage is the first.
struct SwinStage: Layer {
    private let merging: PatchMerging?
    private let blocks: [SwinBlock]

    /// Creates a stage of as many blocks as there are rates of stochastic depth; every other one has its windows moved
    /// by half, unless one window covers the map.
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

/// Attention within windows, then two layers for each token, each behind a norm and beside the identity.
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

/// Joins the channels of each two by two tokens and halves their number; zeros complete a map of odd sides.
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
