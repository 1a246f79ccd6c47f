import Basics
import Torch

/// Whether a network trains or serves; passed to every layer, never stored.
public enum Mode {
    /// Running statistics, no dropout, no gradients recorded.
    case evaluation
    /// The batch's statistics, dropout drawn from the noise, gradients recorded.
    case training(Noise)
    /// As evaluation, but faster over many batches: layers include the operations that follow them.
    case serving(FoldedWeights)
    /// As evaluation, but each layer adds its multiply-adds to the tally.
    case counting(Tally)

    /// Whether this is training.
    public var isTraining: Bool { if case .training = self { true } else { false } }

    /// Adds multiply-adds to the tally if they are counted.
    public func tally(_ multiplyAdds: @autoclosure () -> Int) {
        if case .counting(let tally) = self { tally.multiplyAdds += multiplyAdds() }
    }
}

/// The work of a network for one input.
public final class Tally {
    /// The multiply-adds of convolutions, linear layers and attention.
    public fileprivate(set) var multiplyAdds = 0

    /// Creates an empty tally.
    public init() {}
}

/// The source of a training step's random numbers, the same for the same seed on every device.
public final class Noise {
    private var generator: SeededGenerator

    /// Creates a source.
    public init(_ generator: SeededGenerator) { self.generator = generator }

    /// Numbers that are 0 with probability `rate` and 1 / (1 - rate) otherwise.
    func mask(count: Int, rate: Double) -> [Float] {
        let kept = Float(1 / (1 - rate))
        return (0..<count).map { _ in generator.chance(rate) ? 0 : kept }
    }

    /// Normal numbers around 0.
    func normals(count: Int, deviation: Double) -> [Double] {
        (0..<count).map { _ in generator.normal(deviation: deviation) }
    }
}

/// A part of a network: a fixed structure over parameters that change.
public protocol Layer {
    /// The layer's output for an input.
    func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor
}
