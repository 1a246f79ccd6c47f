import Torch

/// From feature maps to the vector that photographs are compared by.
public struct Neck: Layer {
    private let pooling: any Layer
    private let dropout: Dropout
    private let projection: Linear
    private let normalisation: BatchNorm

    /// Creates pooling → dropout → linear → batch norm.
    public init(
        features: Int, embedding: Int, pooling: any Layer, dropout: Double, in scope: ParameterScope
    ) throws {
        self.pooling = pooling
        self.dropout = Dropout(rate: dropout)
        projection = try Linear(features, embedding, in: scope / "projection")
        normalisation = try BatchNorm(embedding, in: scope / "norm")
    }

    public func callAsFunction(_ features: Tensor, mode: Mode) throws -> Tensor {
        let pooled = try dropout(pooling(features, mode: mode), mode: mode)
        return try normalisation(projection(pooled, mode: mode), mode: mode)
    }
}

/// A backbone and a neck: `[N, 3, S, S]` becomes `[N, embedding]`.
public struct EmbeddingNetwork: Layer {
    private let backbone: any Backbone
    private let neck: Neck

    /// Joins the parts.
    public init(backbone: any Backbone, neck: Neck) {
        self.backbone = backbone
        self.neck = neck
    }

    public func callAsFunction(_ images: Tensor, mode: Mode) throws -> Tensor {
        try neck(backbone(images, mode: mode), mode: mode)
    }

    /// The embeddings of a batch while the backbone rests: only the neck learns.
    public func withBackboneAtRest(_ images: Tensor, mode: Mode) throws -> Tensor {
        try neck(backbone(images, mode: .evaluation), mode: mode)
    }

    /// Embeddings of unit length, shape `[N, embedding]`.
    ///
    /// - Parameter mirror: Whether the mirror image's embedding is averaged in, before both get unit length.
    public func embed(_ images: Tensor, mirror: Bool) throws -> Tensor {
        let plain = try self(images, mode: .evaluation)
        return try (mirror ? plain + self(images.mirrored(), mode: .evaluation) : plain).unitLength()
    }
}
