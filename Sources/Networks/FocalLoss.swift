import Torch

/// Cross-entropy with more weight on hard photographs: the mean of (1 - p)^γ (-log p).
///
/// p is the probability of the right class, or exp(-cross-entropy) with label smoothing; γ = 0 is cross-entropy.
/// With class weights the mean is weighted, Σ w l / Σ w by each photograph's class, as PyTorch's cross-entropy does; a
/// photograph's p does not depend on them.
///
/// Source: Lin et al., ICCV 2017; label smoothing: Szegedy et al., CVPR 2016.
public struct FocalLoss {
    /// The loss that the weight (1 - p)^γ multiplies.
    public enum Reduction: Sendable {
        /// Each photograph's, as in the paper.
        case sample
        /// The batch's mean, as in the 3rd-place code: this only rescales whole batches.
        case batch
    }

    private let gamma: Double
    private let smoothing: Double
    private let reduction: Reduction
    private let classWeights: [Double]?

    /// Creates the loss.
    ///
    /// `smoothing` is the share of probability spread over all classes. Without `classWeights`, one for each class, all
    /// count equally.
    public init(
        gamma: Double, smoothing: Double = 0, reduction: Reduction = .sample, classWeights: [Double]? = nil
    ) {
        self.gamma = gamma
        self.smoothing = smoothing
        self.reduction = reduction
        self.classWeights = classWeights
    }

    // snippet.begin focal-loss
    /// The weight (1 - p)^γ by the cross-entropy -log p; the clamp keeps its gradient finite at p = 1 if γ < 1.
    private func focus(_ entropy: Tensor) throws -> Tensor {
        try (1 - (-entropy).exponential()).clamped(from: 1e-12).power(gamma)
    }
    // snippet.end

    /// The loss of a batch, one number, from logits `[N, classes]` and the classes of N photographs.
    public func callAsFunction(_ logits: Tensor, labels: [Int]) throws -> Tensor {
        let logProbabilities = try logits.widened().logSoftmax()
        let plain = try entropy(logProbabilities, labels, weights: nil)
        let entropy = classWeights == nil ? plain : try entropy(logProbabilities, labels, weights: classWeights)
        guard gamma > 0 else { return try mean(entropy, labels) }
        switch reduction {
        case .sample: return try mean(focus(plain) * entropy, labels)
        case .batch:
            let mean = try mean(entropy, labels)
            return try focus(mean) * mean
        }
    }

    /// This process's part of the loss of a batch that the processes of a group share: the parts, and their gradients,
    /// add up to those of the whole batch. `all` has the classes of its photographs.
    public func part(_ logits: Tensor, labels: [Int], of all: [Int], over group: ProcessGroup) throws -> Tensor {
        let share = weight(of: labels) / weight(of: all)
        guard gamma > 0, reduction == .batch else { return try self(logits, labels: labels) * share }
        let logProbabilities = try logits.widened().logSoftmax()
        let own = try mean(entropy(logProbabilities, labels, weights: classWeights), labels) * share
        // The other processes' parts of the mean are numbers here, so each gradient has its own process's part.
        let number = try own.item()
        let mean = try own + (group.sum(number) - number)
        let loss = try focus(mean) * mean
        return try loss + loss.item() * (share - 1)
    }

    /// The cross-entropy of each photograph; each class's part is multiplied by its weight.
    private func entropy(_ logProbabilities: Tensor, _ labels: [Int], weights: [Double]?) throws -> Tensor {
        var parts = logProbabilities
        if let weights {
            parts =
                try parts
                * Tensor(weights, shape: [1, weights.count], on: parts.device).cast(to: parts.type)
        }
        let index = try Tensor(labels, shape: [labels.count, 1], on: parts.device)
        let target = try -parts.gather(index, along: 1).reshaped([labels.count])
        return smoothing > 0 ? try target * (1 - smoothing) - parts.mean(over: [1]) * smoothing : target
    }

    /// The mean over photographs, weighted by their classes.
    private func mean(_ values: Tensor, _ labels: [Int]) throws -> Tensor {
        guard classWeights != nil else { return try values.mean() }
        return try values.sum() / weight(of: labels)
    }

    /// The weight of photographs of some classes in a mean over more.
    public func weight(of labels: [Int]) -> Double {
        guard let classWeights else { return Double(labels.count) }
        return labels.reduce(0) { $0 + classWeights[$1] }
    }
}
