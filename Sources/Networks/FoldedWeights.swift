import Torch

/// Weights of convolutions with the batch norm behind them multiplied in; each is made when it is first asked for.
///
/// Whoever embeds makes one and hands it down by ``Mode/serving(_:)``. It knows the weights as they were then: after a
/// step of training, make another.
public final class FoldedWeights {
    /// A convolution that normalises by itself.
    struct Kernel {
        /// As the convolution's own.
        let weight: Tensor
        /// Shape `[out]`.
        let bias: Tensor
    }

    /// By the weight that was folded, which is held so that no other tensor gets its identity.
    private var kernels: [ObjectIdentifier: (source: Tensor, kernel: Kernel)] = [:]

    /// Creates an empty collection.
    public init() {}

    /// What was folded from a convolution's weight before, or else what `fold` gives.
    func kernel(of weight: Tensor, fold: () throws -> Kernel) rethrows -> Kernel {
        if let known = kernels[ObjectIdentifier(weight)] { return known.kernel }
        let kernel = try fold()
        kernels[ObjectIdentifier(weight)] = (weight, kernel)
        return kernel
    }
}
