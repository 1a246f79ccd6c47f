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
        let pooled = try dropout(pooling(maps, mode: mode, normalised: normalised), mode: mode)
        return try normalisation(projection(pooled, mode: mode), mode: mode)
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
