import Torch

/// The classifier that a network trains with, and that is left behind when it serves.
public protocol Head {
    /// The logits of a batch.
    ///
    /// They are float32 also where the embeddings are half precision.
    ///
    /// - Parameters:
    ///   - embeddings: Shape `[N, width]`, of any length.
    ///   - labels: N classes.
    /// - Returns: Shape `[N, classes]`.
    func logits(_ embeddings: Tensor, labels: [Int], mode: Mode) throws -> Tensor
}

/// Plain logits, x Wᵀ + b: a classifier without margins.
public struct LinearClassifier: Head {
    private let linear: Linear

    /// Creates the head for embeddings `[N, width]`.
    public init(width: Int, classes: Int, in scope: ParameterScope) throws {
        linear = try Linear(width, classes, in: scope)
    }

    public func logits(_ embeddings: Tensor, labels: [Int], mode: Mode) throws -> Tensor {
        try linear(embeddings.widened(), mode: mode)
    }
}
