import Torch

/// Weights of convolutions with the batch norm behind them multiplied in, and weights rounded to the precision that is
/// computed in; each is made when it is first asked for.
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

        /// The same in another kind of number.
        func cast(to type: ScalarType) throws -> Kernel {
            Kernel(weight: try weight.cast(to: type), bias: try bias.cast(to: type))
        }
    }

    /// By the weight that was folded, which is held so that no other tensor gets its identity.
    private var kernels: [ObjectIdentifier: (source: Tensor, kernel: Kernel)] = [:]
    /// By the weight that was rounded; a layer computes in one precision.
    private var rounded: [ObjectIdentifier: (source: Tensor, result: Tensor)] = [:]

    /// Creates an empty collection.
    public init() {}

    /// What was folded from a convolution's weight before, or else what `fold` gives.
    func kernel(of weight: Tensor, fold: () throws -> Kernel) rethrows -> Kernel {
        if let known = kernels[ObjectIdentifier(weight)] { return known.kernel }
        let kernel = try fold()
        kernels[ObjectIdentifier(weight)] = (weight, kernel)
        return kernel
    }

    /// A weight in another kind of number.
    func rounded(_ weight: Tensor, to type: ScalarType) throws -> Tensor {
        if let known = rounded[ObjectIdentifier(weight)] { return known.result }
        let result = try weight.cast(to: type)
        rounded[ObjectIdentifier(weight)] = (weight, result)
        return result
    }
}
