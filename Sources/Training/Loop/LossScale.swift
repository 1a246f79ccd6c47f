import Configuration

/// The factor of the loss before the backward pass, so that gradients do not vanish in float16.
///
/// It halves after a step whose gradients overflow, which is skipped, and doubles after many steps without overflow.
///
/// Source: Micikevicius et al., ICLR 2018, section 3.2; the numbers are those of PyTorch's `GradScaler`.
final class LossScale {
    /// The state that changes from step to step.
    struct State: Codable, Equatable {
        /// A power of two, so that multiplying by it does not round.
        var factor: Double
        var steps = 0
    }

    var state: State
    private let isAdapted: Bool

    var factor: Double { state.factor }

    private static let patience = 2000

    /// Creates the scale for a precision: 1 if it has the range of float32.
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

    /// Updates the scale by the norm of a step's gradients.
    ///
    /// - Returns: Whether to take the step; true also for an overflow that the scale did not cause, which the caller
    ///   reports.
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
