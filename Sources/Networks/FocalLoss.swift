import Torch

/// Cross-entropy that counts hard photographs more: the mean of (1 - p)^γ (-log p).
///
/// p is the probability of the right class, or exp(-cross-entropy) with label smoothing; γ = 0 is cross-entropy.
///
/// Source: Lin et al., ICCV 2017; label smoothing: Szegedy et al., CVPR 2016.
public struct FocalLoss {
    /// What the weight (1 - p)^γ is applied to.
    public enum Reduction: Sendable {
        /// Each photograph, as in the paper.
        case sample
        /// The batch's mean, as the 3rd-place code had it: it only rescales whole batches.
        case batch
    }

    private let gamma: Double
    private let smoothing: Double
    private let reduction: Reduction

    /// Creates the loss; `smoothing` is the share of probability spread over all classes.
    public init(gamma: Double, smoothing: Double = 0, reduction: Reduction = .sample) {
        self.gamma = gamma
        self.smoothing = smoothing
        self.reduction = reduction
    }

    /// The loss of a batch, one number.
    ///
    /// - Parameters:
    ///   - logits: Shape `[N, classes]`.
    ///   - labels: N classes.
    public func callAsFunction(_ logits: Tensor, labels: [Int]) throws -> Tensor {
        let logProbabilities = try logits.logSoftmax()
        let index = try Tensor(labels, shape: [labels.count, 1], on: logits.device)
        var entropy = try -logProbabilities.gather(index, along: 1).reshaped([labels.count])
        if smoothing > 0 {
            entropy = try entropy * (1 - smoothing) - logProbabilities.mean(over: [1]) * smoothing
        }
        if reduction == .batch { entropy = try entropy.mean() }
        if gamma == 0 { return try entropy.mean() }
        return try ((1 - (-entropy).exponential()).power(gamma) * entropy).mean()
    }
}
