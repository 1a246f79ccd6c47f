import Networks
import Torch

/// Vision transformer, with timm's names of parameters: the original form, DINOv2's with layer scale and registers, and
/// DINOv3's with rotary positions.
///
/// Its maps are the tokens of the patches, all of one size. Images of other sizes than the network's are accepted:
/// learned positions are resampled, rotary ones computed.
///
/// Sources: Dosovitskiy et al., ICLR 2021; Oquab et al., TMLR 2024 (DINOv2); Darcet et al., ICLR 2024 (registers);
/// Siméoni et al., arXiv 2508.10104 (DINOv3).
public struct VisionTransformer: Backbone {
    /// The positions of tokens.
    enum Positions: Sendable, Equatable {
        /// Added to the patches; with `ofClassToken`, also to the class token.
        case learned(ofClassToken: Bool)
        case rotary
    }

    /// The factors of each channel of a branch (layer scale: Touvron et al., ICCV 2021), by timm's names.
    enum LayerScale: Sendable, Equatable {
        case none
        /// `ls1.gamma` and `ls2.gamma`.
        case modules
        /// `gamma_1` and `gamma_2`.
        case parameters
    }

    /// The vector that the published network passes to its classifier.
    enum Pooling: Sendable, Equatable {
        case classToken
        /// The mean of the patches.
        case patches
    }

    /// The settings that distinguish the variants.
    public struct Configuration: Sendable, Equatable {
        var width: Int
        var depth: Int
        var heads: Int
        /// Side of a patch, pixels.
        var patch: Int
        /// Tokens without a place in the image, in addition to the class token.
        var registers = 0
        var positions = Positions.learned(ofClassToken: true)
        var layerScale = LayerScale.none
        var normEpsilon = 1e-6
        var pooling = Pooling.classToken
    }

    /// The initial values of matrices, positions and tokens.
    static let weights = InitialValue.normal(deviation: 0.02)

    public let featureCount: Int
    public var earlierFeatureCount: Int { featureCount }
    public var hasClassToken: Bool { true }
    private let configuration: Configuration
    private let patches: Patches
    private let prefix: [Parameter]
    private let positions: LearnedPositions?
    private let embedding: Conv2d
    private let blocks: [TransformerBlock]
    private let norm: LayerNorm

    /// Creates the network for square images with sides of `imageSize` pixels.
    ///
    /// `stochasticDepth` is the rate at which training drops the last block, in `0..<1`. The rate rises linearly from 0
    /// at the first block.
    ///
    /// - Throws: ``PatchError/partial(owner:side:height:width:)``.
    public init(
        _ configuration: Configuration, imageSize: Int, stochasticDepth: Double = 0, in scope: ParameterScope
    ) throws {
        let width = configuration.width
        self.configuration = configuration
        featureCount = width
        patches = Patches(owner: "This vision transformer", side: configuration.patch)
        let grid = try patches.grid(height: imageSize, width: imageSize)
        let classToken = try scope.parameter("cls_token", [1, 1, width], Self.weights)
        let registers =
            configuration.registers > 0
            ? try scope.parameter("reg_token", [1, configuration.registers, width], Self.weights) : nil
        prefix = [classToken] + (registers.map { [$0] } ?? [])
        positions =
            if case .learned(let ofClassToken) = configuration.positions {
                try LearnedPositions(side: grid.height, width: width, ofClassToken: ofClassToken, in: scope)
            } else { nil }
        embedding = try Conv2d(
            3, width, kernel: configuration.patch, stride: configuration.patch, padding: .none, hasBias: true,
            weights: Self.weights, in: scope / "patch_embed" / "proj")
        let rates = StochasticDepth.rates(count: configuration.depth, last: stochasticDepth)
        blocks = try rates.enumerated().map { index, rate in
            try TransformerBlock(configuration, stochasticDepth: rate, in: scope / "blocks" / index)
        }
        norm = try LayerNorm(width, epsilon: configuration.normEpsilon, in: scope / "norm")
    }

    public var pooling: any Networks.Pooling {
        get throws {
            switch configuration.pooling {
            case .classToken: try ClassTokenPooling(self)
            case .patches: LastMapPooling(featureCount: featureCount, by: AveragePooling())
            }
        }
    }

    /// The maps of the last two blocks and the class token, the last map and the token after the last norm.
    public func features(_ images: Tensor, mode: Mode) throws -> FeatureMaps {
        let encoded = try encoded(images, mode: mode)
        let token = try encoded.tokens.narrowed(1, to: 0..<1).reshaped([images.shape[0], featureCount])
        return FeatureMaps(
            last: try encoded.layout.map(of: encoded.tokens), beforeLast: encoded.beforeLast,
            classToken: .init(token: token, source: encoded.source))
    }

    /// The tokens after the last norm `[N, T, C]`, class token and registers first; the maps that the last block and its
    /// attention read.
    func encoded(
        _ images: Tensor, mode: Mode
    ) throws -> (tokens: Tensor, layout: TokenLayout, beforeLast: Tensor, source: Tensor) {
        let shape = images.shape
        let grid = try patches.grid(height: shape[2], width: shape[3])
        let layout = TokenLayout(prefix: configuration.registers + 1, height: grid.height, width: grid.width)
        var tokens = try placed(embedding(images.channelsLast(), mode: mode), layout, mode: mode)
        let rotary =
            configuration.positions == .rotary
            ? try RotaryPositions(
                height: grid.height, width: grid.width, after: layout.prefix,
                channels: featureCount / configuration.heads, on: images.device) : nil
        for block in blocks.dropLast() { tokens = try block(tokens, at: rotary, mode: mode) }
        // Both maps are views from which the rest is computed, so that later results have a derivative by them.
        let beforeLast = try layout.map(of: tokens)
        var source = beforeLast
        if let block = blocks.last {
            tokens = try block(layout.tokens(tokens, replacingMapBy: beforeLast), at: rotary, mode: mode) { normed in
                source = try layout.map(of: normed)
                return try layout.tokens(normed, replacingMapBy: source)
            }
        }
        return (try norm(tokens, mode: mode), layout, beforeLast, source)
    }

    /// The tokens `[N, T, C]` of patches `[N, C, H, W]`: class token and registers first, learned positions added.
    private func placed(_ map: Tensor, _ layout: TokenLayout, mode: Mode) throws -> Tensor {
        let shape = map.shape
        var parts = try prefix.map { try $0.value(mode).cast(to: map.type) }
        var tokens = try map.permuted([0, 2, 3, 1]).reshaped([shape[0], layout.places, featureCount])
        if let positions {
            let places = try positions.values(height: layout.height, width: layout.width, mode: mode)
            tokens = try tokens + places.ofPatches.cast(to: map.type)
            if let ofClassToken = places.ofClassToken { parts[0] = try parts[0] + ofClassToken.cast(to: map.type) }
        }
        parts = try parts.map { try $0.expanded(to: [shape[0], $0.shape[1], featureCount]) }
        return try .concatenated(parts + [tokens], along: 1)
    }
}

/// The order of tokens: some without a place, then those of a map, row by row.
struct TokenLayout {
    /// The number of tokens without a place.
    let prefix: Int
    let height: Int
    let width: Int

    /// The number of tokens of the map.
    var places: Int { height * width }

    /// The map `[N, C, H, W]` of tokens `[N, T, C]`.
    func map(of tokens: Tensor) throws -> Tensor {
        let shape = tokens.shape
        return try tokens.narrowed(1, to: prefix..<prefix + places).reshaped([shape[0], height, width, shape[2]])
            .permuted([0, 3, 1, 2])
    }

    /// The tokens with those of another map.
    func tokens(_ tokens: Tensor, replacingMapBy map: Tensor) throws -> Tensor {
        let shape = tokens.shape
        let ofMap = try map.permuted([0, 2, 3, 1]).reshaped([shape[0], places, shape[2]])
        return try .concatenated([tokens.narrowed(1, to: 0..<prefix), ofMap], along: 1)
    }
}

/// Learned positions of a square map of patches, and of the class token if it has one.
struct LearnedPositions {
    private let parameter: Parameter
    private let side: Int
    private let width: Int
    private let ofClassToken: Bool

    /// Creates positions for `side` by `side` patches; those of another map are resampled when they are loaded.
    init(side: Int, width: Int, ofClassToken: Bool, in scope: ParameterScope) throws {
        self.side = side
        self.width = width
        self.ofClassToken = ofClassToken
        let prefix = ofClassToken ? 1 : 0
        parameter = try scope.parameter(
            "pos_embed", [1, side * side + prefix, width], VisionTransformer.weights
        ) { published in
            let shape = published.shape
            guard shape.count == 3, shape[0] == 1, shape[2] == width, shape[1] > prefix else { return nil }
            let places = shape[1] - prefix
            let own = Int(Double(places).squareRoot().rounded())
            guard own * own == places else { return nil }
            let values = try published.widened()
            let map = try Self.resampled(values.narrowed(1, to: prefix..<shape[1]), from: own, to: (side, side))
            return prefix == 0 ? map : try .concatenated([values.narrowed(1, to: 0..<1), map], along: 1)
        }
    }

    /// The positions for a map: `[1, height · width, C]`, and that of the class token, `[1, 1, C]`.
    func values(
        height: Int, width: Int, mode: Mode
    ) throws -> (ofClassToken: Tensor?, ofPatches: Tensor) {
        let all = parameter.value(mode)
        let prefix = ofClassToken ? 1 : 0
        let own = try all.narrowed(1, to: prefix..<prefix + side * side)
        return (
            ofClassToken ? try all.narrowed(1, to: 0..<1) : nil,
            (height, width) == (side, side) ? own : try Self.resampled(own, from: side, to: (height, width))
        )
    }

    /// Positions `[1, side², C]` resized as a map, as timm's `resample_abs_pos_embed` does.
    private static func resampled(
        _ positions: Tensor, from side: Int, to grid: (height: Int, width: Int)
    ) throws -> Tensor {
        let width = positions.shape[2]
        return try positions.reshaped([1, side, side, width]).permuted([0, 3, 1, 2])
            .resized(height: grid.height, width: grid.width)
            .permuted([0, 2, 3, 1]).reshaped([1, grid.height * grid.width, width])
    }
}

/// Attention, then two layers for each token; each part follows a norm and is added to its input.
struct TransformerBlock {
    private let attentionNorm: LayerNorm
    private let attention: SelfAttention
    private let attentionScale: Parameter?
    private let mixingNorm: LayerNorm
    private let expand: Linear
    private let contract: Linear
    private let mixingScale: Parameter?
    private let stochasticDepth: StochasticDepth

    init(
        _ configuration: VisionTransformer.Configuration, stochasticDepth rate: Double, in scope: ParameterScope
    ) throws {
        let (width, weights) = (configuration.width, VisionTransformer.weights)
        let epsilon = configuration.normEpsilon
        func scale(_ number: Int) throws -> Parameter? {
            let initial = InitialValue.constant(1e-5)
            return switch configuration.layerScale {
            case .none: nil
            case .modules: try (scope / "ls\(number)").parameter("gamma", [width], initial)
            case .parameters: try scope.parameter("gamma_\(number)", [width], initial)
            }
        }
        attentionNorm = try LayerNorm(width, epsilon: epsilon, in: scope / "norm1")
        attention = try SelfAttention(
            width, heads: configuration.heads, hasBias: configuration.positions != .rotary, weights: weights,
            in: scope / "attn")
        attentionScale = try scale(1)
        mixingNorm = try LayerNorm(width, epsilon: epsilon, in: scope / "norm2")
        expand = try Linear(width, 4 * width, weights: weights, in: scope / "mlp" / "fc1")
        contract = try Linear(4 * width, width, weights: weights, in: scope / "mlp" / "fc2")
        mixingScale = try scale(2)
        stochasticDepth = StochasticDepth(rate: rate)
    }

    /// The output for tokens `[N, T, C]`; the attention reads `change` of the normalised tokens.
    func callAsFunction(
        _ input: Tensor, at positions: RotaryPositions?, mode: Mode,
        readThrough change: (Tensor) throws -> Tensor = { $0 }
    ) throws -> Tensor {
        let tokens = try attention(
            change(attentionNorm(input, mode: mode)), at: positions, addedTo: input, through: stochasticDepth,
            scaledBy: attentionScale, mode: mode)
        let hidden = try expand(mixingNorm(tokens, mode: mode), .gelu, mode: mode)
        return try contract(hidden, addedTo: tokens, through: stochasticDepth, scaledBy: mixingScale, mode: mode)
    }
}

extension VisionTransformer.Configuration {
    static let small = Self(width: 384, depth: 12, heads: 6, patch: 16)
    static let base = Self(width: 768, depth: 12, heads: 12, patch: 16)
    static let large = Self(width: 1024, depth: 24, heads: 16, patch: 16)

    /// The same in DINOv2's form; with registers, the class token has no position.
    func dinov2(registers: Int = 0) -> Self {
        var copy = self
        copy.patch = 14
        copy.registers = registers
        copy.positions = .learned(ofClassToken: registers == 0)
        copy.layerScale = .modules
        return copy
    }

    /// The same in DINOv3's form.
    var dinov3: Self {
        var copy = self
        copy.registers = 4
        copy.positions = .rotary
        copy.layerScale = .parameters
        copy.normEpsilon = 1e-5
        copy.pooling = .patches
        return copy
    }
}

extension VisionTransformer {
    private static let sizes = [("small", Configuration.small), ("base", .base), ("large", .large)]

    /// The variants, smallest first within each form.
    static let variants =
        [
            variant(
                "vit_base_patch16_224", 224, .base, statistics: .half,
                exceptions: ["bamboo": .clip, "dino": .imageNet, "mae": .imageNet],
                licence: .init("apache-2.0", exceptions: ["bamboo": nil, "mae": "cc-by-nc-4.0"]))
        ] + sizes.map { variant("vit_\($0)_patch14_dinov2", 518, $1.dinov2(), licence: .init("apache-2.0")) }
        + sizes.map {
            variant("vit_\($0)_patch14_reg4_dinov2", 518, $1.dinov2(registers: 4), licence: .init("apache-2.0"))
        }
        + sizes.map {
            variant(
                "vit_\($0)_patch16_dinov3", 256, $1.dinov3, exceptions: ["sat493m": .satellite],
                licence: .init("dinov3-license"))
        }

    private static func variant(
        _ name: String, _ imageSize: Int, _ configuration: Configuration, statistics: ChannelStatistics = .imageNet,
        exceptions: [String: ChannelStatistics] = [:], licence: WeightsLicence
    ) -> BackboneCatalog.Variant {
        .init(
            name, imageSize: imageSize, statistics: statistics, exceptions: exceptions, licence: licence,
            classifier: "head"
        ) { scope, imageSize, stochasticDepth in
            try VisionTransformer(configuration, imageSize: imageSize, stochasticDepth: stochasticDepth, in: scope)
        }
    }
}
