import Configuration

/// What the loss is multiplied with before its gradients are found, so that they do not vanish in float16.
///
/// Half of it after a step whose gradients overflowed, which is skipped; twice as much after many without.
///
/// Source: Micikevicius et al., ICLR 2018, section 3.2; the numbers are those of PyTorch's `GradScaler`.
final class LossScale {
    /// A power of two, by which multiplying rounds nothing.
    private(set) var factor: Double
    private let isAdapted: Bool
    private var steps = 0

    private static let patience = 2000

    /// The scale for a precision: 1 where it has the range of float32.
    convenience init(_ precision: Precision) {
        switch precision {
        case .float32, .bfloat16: self.init(factor: 1, isAdapted: false)
        case .float16: self.init(factor: 65536, isAdapted: true)
        }
    }

    init(factor: Double, isAdapted: Bool) {
        self.factor = factor
        self.isAdapted = isAdapted
    }

    /// Takes in the norm of a step's gradients.
    ///
    /// - Returns: Whether the step may be taken. An overflow that is not the scale's fault may: the loss shows it.
    func accepts(norm: Double) -> Bool {
        guard isAdapted else { return true }
        guard norm.isFinite else {
            factor /= 2
            steps = 0
            return factor < 1
        }
        steps += 1
        if steps % Self.patience == 0 { factor *= 2 }
        return true
    }
}
