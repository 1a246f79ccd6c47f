import Configuration

/// What the loss is multiplied with before its gradients are found, so that they do not vanish in float16.
///
/// Half of it after a step whose gradients overflowed, which is skipped; twice as much after many without.
///
/// Source: Micikevicius et al., ICLR 2018, section 3.2; the numbers are those of PyTorch's `GradScaler`.
final class LossScale {
    /// What changes from step to step.
    struct State: Codable, Equatable {
        /// A power of two, by which multiplying rounds nothing.
        var factor: Double
        var steps = 0
    }

    var state: State
    private let isAdapted: Bool

    var factor: Double { state.factor }

    private static let patience = 2000

    /// The scale for a precision: 1 where it has the range of float32.
    convenience init(_ precision: Precision) {
        switch precision {
        case .float32, .bfloat16: self.init(factor: 1, isAdapted: false)
        case .float16: self.init(factor: 65536, isAdapted: true)
        }
    }

    init(factor: Double, isAdapted: Bool) {
        state = State(factor: factor)
        self.isAdapted = isAdapted
    }

    /// Takes in the norm of a step's gradients.
    ///
    /// - Returns: Whether the step may be taken. An overflow that is not the scale's fault may: the loss shows it.
    func accepts(norm: Double) -> Bool {
        guard isAdapted else { return true }
        guard norm.isFinite else {
            state.factor /= 2
            state.steps = 0
            return factor < 1
        }
        state.steps += 1
        if state.steps % Self.patience == 0 { state.factor *= 2 }
        return true
    }
}
