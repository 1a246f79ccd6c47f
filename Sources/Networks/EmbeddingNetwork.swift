import Torch

/// Turns feature maps into the vector that photographs are compared by.
public struct Neck {
    fileprivate let pooling: any Pooling
    private let dropout: Dropout
    private let projection: Linear
    private let normalisation: BatchNorm

    /// Creates pooling → dropout → linear → batch norm.
    public init(
        pooling: any Pooling, embedding: Int, dropout: Double, in scope: ParameterScope
    ) throws {
        self.pooling = pooling
        self.dropout = Dropout(rate: dropout)
        projection = try Linear(pooling.featureCount, embedding, in: scope / "projection")
        normalisation = try BatchNorm(embedding, in: scope / "norm")
    }

    /// The embeddings of a batch, shape `[N, embedding]`; `normalised` is the backbone's normalisation of its pooled
    /// last map.
    func callAsFunction(
        _ maps: FeatureMaps, mode: Mode, normalised: (Tensor) throws -> Tensor
    ) throws -> Tensor {
        try embeddings(of: pooling(maps, mode: mode, normalised: normalised), mode: mode)
    }

    /// The embeddings of pooled features `[N, featureCount]`.
    fileprivate func embeddings(of pooled: Tensor, mode: Mode) throws -> Tensor {
        try normalisation(projection(dropout(pooled, mode: mode), mode: mode), mode: mode)
    }
}

/// A backbone and a neck, `[N, 3, S, S]` to `[N, embedding]`; or a backbone alone, whose embedding is what it gives its
/// classifier, `[N, featureCount]`: usually the mean of the last map.
public struct EmbeddingNetwork: Layer {
    private let backbone: any Backbone
    private let neck: Neck?
    /// How the maps become one vector.
    private let pooling: any Pooling

    /// Joins a backbone and a neck.
    public init(backbone: any Backbone, neck: Neck) {
        self.backbone = backbone
        self.neck = neck
        pooling = neck.pooling
    }

    /// A backbone alone; `pooling` replaces what the published network does.
    ///
    /// - Throws: ``PoolingError``.
    public init(backbone: any Backbone, pooling: (any Pooling)? = nil) throws {
        self.backbone = backbone
        neck = nil
        self.pooling = try pooling ?? backbone.pooling
    }

    /// The embeddings `[N, embedding]` of normalised images `[N, 3, H, W]`, not yet of unit length.
    public func callAsFunction(_ images: Tensor, mode: Mode) throws -> Tensor {
        try embeddings(of: images, backboneMode: mode, mode: mode)
    }

    /// The embeddings of a batch with the backbone frozen: only the neck trains.
    public func withBackboneAtRest(_ images: Tensor, mode: Mode) throws -> Tensor {
        try embeddings(of: images, backboneMode: .evaluation, mode: mode)
    }

    private func embeddings(of images: Tensor, backboneMode: Mode, mode: Mode) throws -> Tensor {
        // Pooling, the neck and everything after it are float32 in every precision of the backbone.
        try vectors(of: backbone.features(images, mode: backboneMode).widened(), backboneMode: backboneMode, mode: mode)
    }

    private func vectors(of maps: FeatureMaps, backboneMode: Mode, mode: Mode) throws -> Tensor {
        func normalised(_ pooled: Tensor) throws -> Tensor { try backbone.normalised(pooled, mode: backboneMode) }
        guard let neck else { return try pooling(maps, mode: mode, normalised: normalised) }
        return try neck(maps, mode: mode, normalised: normalised)
    }

    /// Embeddings of unit length, shape `[N, embedding]`, in any mode but training.
    ///
    /// `mirror` averages in the mirror image's embedding, before scaling to unit length.
    public func embed(_ images: Tensor, mirror: Bool, mode: Mode = .evaluation) throws -> Tensor {
        let plain = try self(images, mode: mode)
        return try (mirror ? plain + self(images.mirrored(), mode: mode) : plain).unitLength()
    }
}

extension EmbeddingNetwork {
    /// What comes before the first layer that trains, if the backbone is frozen.
    public enum FrozenPart: Sendable {
        /// Everything up to the pooled features, if the pooling has nothing to train.
        case pooled
        /// Everything up to the map that the pooling reads.
        case lastMap
        /// Everything up to the two maps that the pooling reads.
        case twoMaps
    }

    /// The frozen part's features of normalised images `[N, 3, H, W]`: one or two tensors `[N, ...]`. In any mode but
    /// training.
    public func features(of images: Tensor, _ part: FrozenPart, mode: Mode = .evaluation) throws -> [Tensor] {
        let maps = try backbone.features(images, mode: mode).widened()
        switch part {
        case .pooled: return [try pooling(maps, mode: mode) { try backbone.normalised($0, mode: mode) }]
        case .lastMap: return [maps.last]
        case .twoMaps: return [maps.last, maps.beforeLast]
        }
    }

    /// The embeddings of ``features(of:_:mode:)``, as ``withBackboneAtRest(_:mode:)`` makes them of the images.
    public func embeddings(of features: [Tensor], _ part: FrozenPart, mode: Mode) throws -> Tensor {
        guard part != .pooled else { return try neck?.embeddings(of: features[0], mode: mode) ?? features[0] }
        // A pooling that reads one map ignores the other.
        let maps = FeatureMaps(last: features[0], beforeLast: features[features.count - 1])
        return try vectors(of: maps, backboneMode: mode.isTraining ? .evaluation : mode, mode: mode)
    }

    /// The embeddings `[N, embedding]` of normalised images in evaluation, not yet of unit length, with the maps that
    /// they were computed from: the last one is the map that is pooled, or that the pooled class token reads. All record
    /// gradients if the images do.
    public func embeddingsWithMaps(
        of images: Tensor
    ) throws -> (embeddings: Tensor, last: Tensor, beforeLast: Tensor) {
        let maps = try backbone.features(images, mode: .evaluation).widened()
        let last = pooling.usesClassToken ? maps.classToken?.source : nil
        return (
            try vectors(of: maps, backboneMode: .evaluation, mode: .evaluation), last ?? maps.last, maps.beforeLast
        )
    }
}
