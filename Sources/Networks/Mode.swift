import Basics
import Torch

/// Whether a network trains or serves; passed to every layer, never stored.
public enum Mode {
    /// Running statistics, no dropout, no gradients recorded.
    case evaluation
    /// The batch's statistics, dropout drawn from the noise, gradients recorded. With a group the statistics are those
    /// of its processes' batches together.
    case training(Noise, statistics: ProcessGroup? = nil)
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

/// The photographs of a batch that one of several processes has.
public struct BatchPart: Sendable, Equatable {
    /// Their places in the batch.
    public let rows: Range<Int>
    /// The number of photographs of the whole batch.
    public let whole: Int

    /// Divides a batch as evenly as possible: the first processes have one photograph more.
    public init(of whole: Int, rank: Int, processes: Int) {
        self.whole = whole
        let (least, rest) = whole.quotientAndRemainder(dividingBy: processes)
        let start = rank * least + min(rank, rest)
        rows = start..<start + least + (rank < rest ? 1 : 0)
    }

    /// The part of all `count` numbers drawn for the batch that belongs to its rows; each has equally many.
    fileprivate func own<Number>(of numbers: [Number]) -> [Number] {
        let width = numbers.count / whole
        return Array(numbers[rows.lowerBound * width..<rows.upperBound * width])
    }
}

/// The source of a training step's random numbers, the same for the same seed on every device.
///
/// With a part of a batch, it draws for the whole batch and keeps the part's numbers, so that a photograph has the same
/// numbers however many processes share the batch.
public final class Noise {
    private var generator: SeededGenerator
    private let part: BatchPart?

    /// Creates a source.
    public init(_ generator: SeededGenerator, of part: BatchPart? = nil) {
        self.generator = generator
        self.part = part
    }

    /// Numbers that are 0 with probability `rate` and 1 / (1 - rate) otherwise, photograph after photograph.
    func mask(count: Int, rate: Double) -> [Float] {
        let kept = Float(1 / (1 - rate))
        return draw(count) { generator.chance(rate) ? 0 : kept }
    }

    /// Normal numbers around 0, photograph after photograph.
    func normals(count: Int, deviation: Double) -> [Double] {
        draw(count) { generator.normal(deviation: deviation) }
    }

    private func draw<Number>(_ count: Int, _ number: () -> Number) -> [Number] {
        guard let part, !part.rows.isEmpty else { return (0..<count).map { _ in number() } }
        return part.own(of: (0..<count / part.rows.count * part.whole).map { _ in number() })
    }
}

/// A part of a network: a fixed structure over parameters that change.
public protocol Layer {
    /// The layer's output for an input.
    func callAsFunction(_ input: Tensor, mode: Mode) throws -> Tensor
}
