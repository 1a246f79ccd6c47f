import Torch

/// A running mean of a network's tensors over the steps, which is validated and stored in their place.
///
/// After step t, average ← d · average + (1 - d) · tensor with d = min(decay, (1 + t) / (10 + t)), so that the
/// initial numbers soon lose their influence.
///
/// Source: Polyak and Juditsky, SIAM J. Control Optim. 1992; the form of the decay: TensorFlow's
/// `ExponentialMovingAverage` with `num_updates`.
final class WeightAverage {
    private let tensors: [(name: String, tensor: Tensor)]
    private let averages: [Tensor]
    private let decay: Double

    /// Starts from the tensors' numbers.
    init(of tensors: [(name: String, tensor: Tensor)], decay: Double) throws {
        self.tensors = tensors
        self.decay = decay
        averages = try tensors.map { try Self.copy($0.tensor) }
    }

    /// The averages under the tensors' names.
    var state: [(name: String, tensor: Tensor)] { zip(tensors, averages).map { ($0.name, $1) } }

    /// Adds the tensors after a step, counted from 1.
    func update(step: Int) throws {
        let decay = min(decay, Double(1 + step) / Double(10 + step))
        try Tensor.approach(averages, to: tensors.map(\.tensor), by: 1 - decay)
    }

    /// Runs `body` with the averages in the tensors' place.
    func inPlace<Result>(_ body: () throws -> Result) throws -> Result {
        let own = try tensors.map { try Self.copy($0.tensor) }
        for (tensor, average) in zip(tensors, averages) { try tensor.tensor.assign(average) }
        let result = Swift.Result(catching: body)
        for (tensor, number) in zip(tensors, own) { try tensor.tensor.assign(number) }
        return try result.get()
    }

    private static func copy(_ tensor: Tensor) throws -> Tensor { try tensor.detached() * 1 }
}
