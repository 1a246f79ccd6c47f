import Torch

/// Weights as they serve best: what follows a layer multiplied in, and rounded to the precision that is computed in;
/// each is made when it is first asked for.
///
/// Whoever embeds makes one and hands it down by ``Mode/serving(_:)``. It knows the weights as they were then: after a
/// step of training, make another.
public final class FoldedWeights {
    /// A convolution that normalises by itself, or a linear layer that scales its outputs.
    struct Kernel {
        /// As the layer's own; a linear layer's is packed.
        let weight: Tensor
        /// Shape `[out]`.
        let bias: Tensor?

        /// The same in another kind of number.
        func cast(to type: ScalarType) throws -> Kernel {
            Kernel(weight: try weight.cast(to: type), bias: try bias?.cast(to: type))
        }
    }

    /// Rows of zeros above a convolution's kernel, and columns left of it.
    struct Growth: Hashable {
        static let none = Growth(rows: 0, columns: 0)
        let rows: Int
        let columns: Int
    }

    private struct Key: Hashable {
        let weight: ObjectIdentifier
        let growth: Growth
    }

    /// The weight that was folded is held so that no other tensor gets its identity.
    private var kernels: [Key: (source: Tensor, kernel: Kernel)] = [:]
    /// By the weight that was rounded; a layer computes in one precision.
    private var rounded: [ObjectIdentifier: (source: Tensor, result: Tensor)] = [:]

    /// Creates an empty collection.
    public init() {}

    /// What was folded from a layer's weight before, or else what `fold` gives.
    func kernel(
        of weight: Tensor, grownBy growth: Growth = .none, fold: () throws -> Kernel
    ) rethrows -> Kernel {
        let key = Key(weight: ObjectIdentifier(weight), growth: growth)
        if let known = kernels[key] { return known.kernel }
        let kernel = try fold()
        kernels[key] = (weight, kernel)
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
