import CTorch

/// Moves parameters against their gradients; parameters without a gradient do not change.
public final class Optimizer {
    /// How a step follows from the gradients.
    public enum Rule: Sendable, Equatable {
        /// Loshchilov and Hutter, ICLR 2019: decay decoupled from the gradient.
        case adamW
        /// Kingma and Ba, ICLR 2015: decay as an L2 penalty in the gradient.
        case adam
        /// Stochastic gradient descent with momentum.
        case sgd(momentum: Double)
    }

    /// Parameters that share a learning rate and a decay.
    public struct Group {
        let parameters: [Tensor]
        let decay: Double
        /// The name under which the schedule addresses the group.
        public let name: String

        /// Creates a group.
        public init(name: String, parameters: [Tensor], decay: Double) {
            self.name = name
            self.parameters = parameters
            self.decay = decay
        }
    }

    private let rule: Rule
    private let groups: [Group]
    private let first: [[Tensor]]
    private let second: [[Tensor]]
    /// The steps taken so far. To resume another optimiser, set its steps and its moments.
    public var steps = 0

    /// Creates an optimiser with fresh moments.
    public init(_ rule: Rule, groups: [Group]) throws {
        self.rule = rule
        self.groups = groups
        func zeros() throws -> [[Tensor]] { try groups.map { try $0.parameters.map { try $0.detached() * 0 } } }
        first = try zeros()
        second = if case .sgd = rule { [] } else { try zeros() }
    }

    /// The running means of the gradients, by name. A step depends on them as well as on parameters, gradients and
    /// ``steps``.
    public var moments: [(name: String, tensor: Tensor)] {
        zip(["first", "second"], [first, second]).flatMap { order, moments in
            zip(groups, moments).flatMap { group, tensors in
                tensors.enumerated().map { ("\(order).\(group.name).\($0)", $1) }
            }
        }
    }

    /// Divides all gradients by `divisor`, the factor that the loss was multiplied by, and scales them down if their
    /// joint norm then exceeds `limit`; a limit of 0 never does.
    ///
    /// - Returns: The Euclidean norm after the division and before scaling.
    @discardableResult
    public func clipGradients(to limit: Double, dividedBy divisor: Double = 1) throws -> Double {
        var norm = 0.0
        try Tensor.withHandles(groups.flatMap(\.parameters)) { handles, count in
            try checked("clip_gradients") { wb_clip_gradients(handles, count, divisor, limit, &norm, $0) }
        }
        return norm
    }

    /// Takes one step; `rate` gives the learning rate of a group by its name.
    public func step(rate: (String) -> Double) throws {
        steps += 1
        for (index, group) in groups.enumerated() {
            let rate = rate(group.name)
            try Tensor.withHandles(group.parameters) { parameters, count in
                try Tensor.withHandles(first[index]) { first, _ in
                    if case .sgd(let momentum) = rule {
                        try checked("sgd") { wb_sgd_step(parameters, first, count, rate, momentum, group.decay, $0) }
                        return
                    }
                    try Tensor.withHandles(second[index]) { second, _ in
                        try checked("adam") {
                            wb_adam_step(
                                parameters, first, second, count, Int64(steps), rate, 0.9, 0.999, 1e-8, group.decay,
                                rule == .adamW ? 1 : 0, $0)
                        }
                    }
                }
            }
        }
    }

    /// Clears the gradients of every parameter.
    public func clearGradients() throws {
        for group in groups { for parameter in group.parameters { try parameter.clearGradient() } }
    }
}
